/** Which addresses of the node's blocks are in use. In memory only: it is rebuilt from what is on disk. */
@NullMarked
package fyr.cni.address;

import org.jspecify.annotations.NullMarked;
