/**
 * What the tables of every kernel do. Each contract runs twice: against the fake kernel (here) and against the real one (module
 * kernel-linux), so the fake claims nothing that the kernel does not do.
 */
@NullMarked
package fyr.testkit.contract;

import org.jspecify.annotations.NullMarked;
