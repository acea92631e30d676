/** A pod's link: what attaching a pod means to the kernel, in one record. */
@NullMarked
package fyr.kernel.pod;

import org.jspecify.annotations.NullMarked;
