package fyr.kernel.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * A descriptor of this process that somebody else opened and will close, so it is not counted among the {@link Descriptor descriptors}. The
 * number may be that of another file as soon as its owner closes it.
 */
public record BorrowedSocket(int number) {

    private static final int SOCKADDR_STORAGE = 128;

    /** The value of an option, as many bytes as the kernel gives; empty if this is no socket, or has no such option. */
    public Optional<byte[]> option(int level, int option, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(length, 8);
            MemorySegment size = arena.allocateFrom(JAVA_INT, length);
            long result =
                    Syscall.call(SystemCall.GETSOCKOPT, number, level, option, value.address(), size.address(), 0);
            return result < 0 ? Optional.empty() : Optional.of(value.toArray(JAVA_BYTE));
        }
    }

    /** Whether an option has this value. */
    public boolean is(int level, int option, int wanted) {
        return option(level, option, Integer.BYTES)
                .map(value -> MemorySegment.ofArray(value).get(JAVA_INT_UNALIGNED, 0))
                .filter(value -> value == wanted)
                .isPresent();
    }

    /** The socket's own address, laid out as its family's sockaddr; empty if this is no socket. */
    public Optional<byte[]> name() {
        return address(SystemCall.GETSOCKNAME);
    }

    /** The address that it is connected to; empty if it is not. */
    public Optional<byte[]> peer() {
        return address(SystemCall.GETPEERNAME);
    }

    private Optional<byte[]> address(SystemCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_STORAGE, 8);
            MemorySegment size = arena.allocateFrom(JAVA_INT, SOCKADDR_STORAGE);
            long result = Syscall.call(call, number, address.address(), size.address(), 0, 0, 0);
            return result < 0
                    ? Optional.empty()
                    : Optional.of(Arrays.copyOf(address.toArray(JAVA_BYTE), size.get(JAVA_INT, 0)));
        }
    }

    /**
     * Sets an option.
     *
     * @throws fyr.kernel.KernelException if the kernel refuses
     */
    public void set(int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            set(level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** Sets an option whose value is a structure, like {@link #set(int, int, int)}. */
    public void set(int level, int option, MemorySegment value) {
        long result = Syscall.call(SystemCall.SETSOCKOPT, number, level, option, value.address(), value.byteSize(), 0);
        Syscall.checked(result, "setsockopt " + level + "," + option + " of descriptor " + number);
    }
}
