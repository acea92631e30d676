/**
 * The door to the kernel: one native function, {@code syscall(2)}, and a typed static method for each system call that is used. Nothing
 * here knows what the bytes mean. Failures are {@link fyr.kernel.KernelException}s.
 */
@NullMarked
package fyr.kernel.linux.libc;

import org.jspecify.annotations.NullMarked;
