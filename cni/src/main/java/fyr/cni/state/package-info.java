/**
 * Attachments on disk, one file each, written before the kernel is touched and removed after: whatever kills the process, every
 * address in use is named by a file.
 */
@NullMarked
package fyr.cni.state;

import org.jspecify.annotations.NullMarked;
