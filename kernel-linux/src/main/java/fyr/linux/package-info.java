/** {@link fyr.linux.LinuxKernel}: the real kernel, put together from its parts. */
@NullMarked
package fyr.linux;

import org.jspecify.annotations.NullMarked;
