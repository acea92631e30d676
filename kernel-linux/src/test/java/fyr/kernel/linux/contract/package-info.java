/** The contracts of all kernels' tables (module testkit), against the real kernel. */
@NullMarked
package fyr.kernel.linux.contract;

import org.jspecify.annotations.NullMarked;
