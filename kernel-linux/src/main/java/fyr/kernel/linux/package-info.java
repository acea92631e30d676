/** {@link fyr.kernel.linux.LinuxKernel}: the real kernel, put together from its parts. */
@NullMarked
package fyr.kernel.linux;

import org.jspecify.annotations.NullMarked;
