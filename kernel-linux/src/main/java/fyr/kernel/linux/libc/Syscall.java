package fyr.kernel.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * {@code long syscall(long number, ...)}: the only native function that Fyr calls, so the linker is asked for one shape of call only
 * (every other shape costs some milliseconds at start). The handle is made when this class is first used.
 *
 * <p>errno is captured by the call itself into memory of that very call: read by a second call, or into memory that threads share, it
 * is sometimes another call's.
 */
final class Syscall {

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final String ARCHITECTURE = System.getProperty("os.arch", "");

    // Variadic from the second argument: x86-64 forgives saying otherwise, arm64 does not.
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));

    private Syscall() {}

    /** Makes the call and gives its result, or the negative error number. Repeats a call that a signal interrupted. */
    static long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            result = once(call, a, b, c, d, e, f);
        } while (result == -Errno.EINTR.number());
        return result;
    }

    /** As above, but never repeats: of a call that has done its work when it is interrupted. */
    static long once(SystemCall call, long a, long b, long c, long d, long e, long f) {
        int number = call.number(ARCHITECTURE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURE);
            long result = (long) SYSCALL.invokeExact(state, (long) number, a, b, c, d, e, f);
            return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("a native call threw", impossible);
        }
    }

    /** The result of a call that must succeed. {@code operation} is for the message. */
    static long checked(long result, String operation) {
        if (result < 0) {
            throw new KernelException(operation, new Errno((int) -result), "");
        }
        return result;
    }
}
