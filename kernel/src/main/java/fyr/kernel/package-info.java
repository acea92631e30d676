/** How the kernel is asked: {@link fyr.kernel.Kernel} and its {@link fyr.kernel.KernelTable}s, changed by {@link fyr.kernel.Delta}s. No native call, no thread. */
@NullMarked
package fyr.kernel;

import org.jspecify.annotations.NullMarked;
