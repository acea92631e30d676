package fyr.kernel.linux.libc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** open, read, write, mount, umount2, eventfd. */
public final class Files {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_CLOEXEC = 0x80000;
    public static final int MS_BIND = 0x1000;
    public static final int MNT_DETACH = 2;

    private static final int AT_FDCWD = -100;
    private static final int EFD_CLOEXEC = O_CLOEXEC;

    private Files() {}

    /** Opens an existing file; O_CLOEXEC is always added. */
    public static Descriptor open(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString(), UTF_8);
            long result = Syscall.call(SystemCall.OPENAT, AT_FDCWD, name.address(), flags | O_CLOEXEC, 0, 0, 0);
            return new Descriptor(Syscall.checked(result, "open " + path), path.toString());
        }
    }

    /** Reads at most {@code length} bytes from where the descriptor stands; none at the end of the file. */
    public static byte[] read(Descriptor descriptor, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(length);
            long count = Syscall.call(SystemCall.READ, descriptor.number(), buffer.address(), length, 0, 0, 0);
            return buffer.asSlice(0, Syscall.checked(count, "read " + descriptor))
                    .toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Writes all bytes with one call, as files under /proc demand. */
    public static void write(Descriptor descriptor, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long count = Syscall.call(SystemCall.WRITE, descriptor.number(), buffer.address(), bytes.length, 0, 0, 0);
            Syscall.checked(count, "write " + descriptor);
        }
    }

    /** Mounts; {@code type} may be empty for bind mounts. */
    public static void mount(Path source, Path target, String type, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(source.toString(), UTF_8);
            MemorySegment to = arena.allocateFrom(target.toString(), UTF_8);
            long kind = type.isEmpty() ? 0 : arena.allocateFrom(type, UTF_8).address();
            long result = Syscall.call(SystemCall.MOUNT, from.address(), to.address(), kind, flags, 0, 0);
            Syscall.checked(result, "mount " + source + " on " + target);
        }
    }

    /** Unmounts; with {@link #MNT_DETACH} even while somebody uses it. */
    public static void unmount(Path target, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(target.toString(), UTF_8);
            long result = Syscall.call(SystemCall.UMOUNT2, name.address(), flags, 0, 0, 0, 0);
            Syscall.checked(result, "umount2 " + target);
        }
    }

    /** A counter to wake a thread that waits in {@link Sockets#awaitReadable}. */
    public static Descriptor eventfd() {
        long result = Syscall.call(SystemCall.EVENTFD2, 0, EFD_CLOEXEC, 0, 0, 0, 0);
        return new Descriptor(Syscall.checked(result, "eventfd2"), "eventfd");
    }

    /** Makes an eventfd readable. */
    public static void signal(Descriptor eventfd) {
        write(
                eventfd,
                ByteBuffer.allocate(Long.BYTES)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .putLong(1)
                        .array());
    }
}
