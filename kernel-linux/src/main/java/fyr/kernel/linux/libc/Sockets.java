package fyr.kernel.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/** socket, ioctl, bind, getsockname, setsockopt, sendto, recvfrom, sendmsg, recvmsg, ppoll. */
public final class Sockets {

    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOL_IPV6 = 41;
    public static final int IPV6_JOIN_GROUP = 20;
    public static final int IPV6_LEAVE_GROUP = 21;
    public static final int IPV6_V6ONLY = 26;
    public static final int IPV6_RECVPKTINFO = 49;
    public static final int IPV6_PKTINFO = 50;
    public static final int SOL_SOCKET = 1;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_ATTACH_FILTER = 26;
    public static final int SO_SNDBUFFORCE = 32;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;

    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int IFNAMSIZ = 16;
    private static final int IFREQ = 40;
    private static final short POLLIN = 1;
    private static final int POLLFD = 8;

    private Sockets() {}

    /** A socket in the network namespace of the calling thread, in which it stays for ever; SOCK_CLOEXEC is always added. */
    public static Descriptor socket(int domain, int type, int protocol) {
        long result = Syscall.call(SystemCall.SOCKET, domain, type | SOCK_CLOEXEC, protocol, 0, 0, 0);
        String what = "socket " + domain + "," + type + "," + protocol;
        return new Descriptor(Syscall.checked(result, what), what);
    }

    /** Binds to an address laid out as its family's sockaddr. */
    public static void bind(Descriptor socket, MemorySegment address) {
        long result = Syscall.call(SystemCall.BIND, socket.number(), address.address(), address.byteSize(), 0, 0, 0);
        Syscall.checked(result, "bind " + socket);
    }

    /** Writes the socket's own address into the segment. */
    public static void getsockname(Descriptor socket, MemorySegment address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            long result =
                    Syscall.call(SystemCall.GETSOCKNAME, socket.number(), address.address(), length.address(), 0, 0, 0);
            Syscall.checked(result, "getsockname " + socket);
        }
    }

    /** The number of a link in the socket's namespace. */
    public static int interfaceIndex(Descriptor socket, String link) {
        byte[] name = link.getBytes(StandardCharsets.UTF_8);
        if (name.length >= IFNAMSIZ) {
            throw KernelException.unasked("SIOCGIFINDEX", Errno.ENODEV, "no link has a name as long as " + link);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ, 8);
            MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, 0, name.length);
            long result = Syscall.call(SystemCall.IOCTL, socket.number(), SIOCGIFINDEX, request.address(), 0, 0, 0);
            Syscall.checked(result, "SIOCGIFINDEX " + link);
            return request.get(JAVA_INT, IFNAMSIZ);
        }
    }

    /** Sets an option and throws if the kernel refuses. */
    public static void setsockopt(Descriptor socket, int level, int option, int value) {
        Syscall.checked(set(socket, level, option, value), "setsockopt " + level + "," + option + " " + socket);
    }

    /** Sets an option that is not essential and that a kernel or a user may lack; returns whether it was set. */
    public static boolean trySetsockopt(Descriptor socket, int level, int option, int value) {
        return set(socket, level, option, value) >= 0;
    }

    private static long set(Descriptor socket, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocateFrom(JAVA_INT, value);
            return Syscall.call(SystemCall.SETSOCKOPT, socket.number(), level, option, word.address(), 4, 0);
        }
    }

    /** Sets an option whose value is a structure. */
    public static void setsockopt(Descriptor socket, int level, int option, MemorySegment value) {
        long result = Syscall.call(
                SystemCall.SETSOCKOPT, socket.number(), level, option, value.address(), value.byteSize(), 0);
        Syscall.checked(result, "setsockopt " + level + "," + option + " " + socket);
    }

    /** How long receiving blocks at most, in seconds. */
    public static void receiveTimeout(Descriptor socket, long seconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_LONG, seconds, 0);
            long result = Syscall.call(
                    SystemCall.SETSOCKOPT, socket.number(), SOL_SOCKET, SO_RCVTIMEO, timeval.address(), 16, 0);
            Syscall.checked(result, "setsockopt SO_RCVTIMEO " + socket);
        }
    }

    /** Sends the whole segment as one datagram; gives 0 or the negative error number. */
    public static int send(Descriptor socket, MemorySegment data) {
        long result = Syscall.call(SystemCall.SENDTO, socket.number(), data.address(), data.byteSize(), 0, 0, 0);
        return (int) Math.min(result, 0);
    }

    /**
     * Receives a datagram.
     *
     * @param sender receives the sender's address
     * @return the datagram's length, which with MSG_TRUNC may exceed the buffer's; or the negative error number
     */
    public static int receive(Descriptor socket, MemorySegment buffer, int flags, MemorySegment sender) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) sender.byteSize());
            return (int) Syscall.call(
                    SystemCall.RECVFROM,
                    socket.number(),
                    buffer.address(),
                    buffer.byteSize(),
                    flags,
                    sender.address(),
                    length.address());
        }
    }

    /**
     * Receives a datagram as a {@code struct msghdr} says.
     *
     * @return the length, or the negative error number
     */
    public static int receiveMessage(Descriptor socket, MemorySegment header, int flags) {
        return (int) Syscall.call(SystemCall.RECVMSG, socket.number(), header.address(), flags, 0, 0, 0);
    }

    /** Sends a datagram as a {@code struct msghdr} says; gives 0 or the negative error number. */
    public static int sendMessage(Descriptor socket, MemorySegment header) {
        long result = Syscall.call(SystemCall.SENDMSG, socket.number(), header.address(), 0, 0, 0, 0);
        return (int) Math.min(result, 0);
    }

    /** Waits until one of the descriptors is readable (or broken), and gives its place in the list. */
    public static int awaitReadable(List<Descriptor> descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate((long) POLLFD * descriptors.size(), 4);
            for (int i = 0; i < descriptors.size(); i++) {
                polled.set(JAVA_INT, (long) POLLFD * i, descriptors.get(i).number());
                polled.set(JAVA_SHORT, (long) POLLFD * i + 4, POLLIN);
            }
            while (true) {
                // ppoll without timeout and signal mask: poll(2) does not exist on arm64.
                Syscall.checked(
                        Syscall.call(SystemCall.PPOLL, polled.address(), descriptors.size(), 0, 0, 0, 0), "ppoll");
                OptionalInt ready = firstReady(polled, descriptors.size());
                if (ready.isPresent()) {
                    return ready.getAsInt();
                }
            }
        }
    }

    private static OptionalInt firstReady(MemorySegment polled, int count) {
        for (int i = 0; i < count; i++) {
            if (polled.get(JAVA_SHORT, (long) POLLFD * i + 6) != 0) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether a negative result means that nothing is there to be received. */
    public static boolean nothingYet(int result) {
        return result == -Errno.EAGAIN.number();
    }
}
