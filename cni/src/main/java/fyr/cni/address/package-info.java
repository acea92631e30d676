/** Which addresses of the node's blocks are in use. Kept only in memory: it is rebuilt from the files on disk. */
@NullMarked
package fyr.cni.address;

import org.jspecify.annotations.NullMarked;
