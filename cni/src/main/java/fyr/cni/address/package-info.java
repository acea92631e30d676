/** Which addresses of the node's blocks are in use. In memory only: it is rebuilt from the attachments on disk. */
@NullMarked
package fyr.cni.address;

import org.jspecify.annotations.NullMarked;
