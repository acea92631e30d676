package fyr.kernel.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** An AF_NETLINK socket as datagrams: opened, bound, with large buffers, and deaf to anybody but the kernel. One thread at a time receives. */
final class Transport implements AutoCloseable {

    private static final int SOCKADDR_NL = 12;

    private final Descriptor socket;

    /** Where datagrams are received, one after another: made once, since making it is clearing it. */
    private final MemorySegment buffer;

    private final MemorySegment sender = Arena.ofAuto().allocate(SOCKADDR_NL, 4);

    private Transport(Descriptor socket, int datagram) {
        this.socket = socket;
        this.buffer = Arena.ofAuto().allocate(datagram, 8);
    }

    /**
     * How much a socket holds.
     *
     * @param buffers in bytes, for what waits to be received and for what is sent at once
     * @param datagram the largest one that can be received, in bytes
     */
    record Room(int buffers, int datagram) {

        /** The kernel never fills more than 32 KiB of a dump into a datagram (netlink_recvmsg), and no attribute exceeds 64 KiB. */
        static Room of(int buffers) {
            return new Room(buffers, 128 * 1024);
        }
    }

    static Transport open(int protocol, Room room, int... groups) {
        Descriptor socket = Sockets.socket(Sockets.AF_NETLINK, Sockets.SOCK_RAW, protocol);
        try {
            size(socket, room.buffers());
            for (int option :
                    List.of(Netlink.NETLINK_CAP_ACK, Netlink.NETLINK_EXT_ACK, Netlink.NETLINK_GET_STRICT_CHK)) {
                Sockets.trySetsockopt(socket, Netlink.SOL_NETLINK, option, 1);
            }
            bind(socket);
            for (int group : groups) {
                Sockets.setsockopt(socket, Netlink.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP, group);
            }
            return new Transport(socket, room.datagram());
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The FORCE options need CAP_NET_ADMIN in the first user namespace; the others are bounded by net.core.rmem_max and wmem_max. */
    private static void size(Descriptor socket, int bytes) {
        if (!Sockets.trySetsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUFFORCE, bytes)) {
            Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, bytes);
        }
        if (!Sockets.trySetsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUFFORCE, bytes)) {
            Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, bytes);
        }
    }

    private static void bind(Descriptor socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_NL, 4);
            address.set(JAVA_SHORT, 0, (short) Sockets.AF_NETLINK);
            Sockets.bind(socket, address);
        }
    }

    Descriptor descriptor() {
        return socket;
    }

    /** The port that the kernel gave this socket: what it writes as nlmsg_pid into notifications of changes made through it. */
    int port() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_NL, 4);
            Sockets.getsockname(socket, address);
            return address.get(JAVA_INT, 4);
        }
    }

    /** Has the kernel throw away all datagrams that are caused by changes through that port, before they take room in this socket. */
    void ignore(int port) {
        try (Arena arena = Arena.ofConfined()) {
            Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, PortFilter.without(arena, port));
        }
    }

    void receiveTimeout(long seconds) {
        Sockets.receiveTimeout(socket, seconds);
    }

    void send(String operation, byte[] data) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Sockets.send(socket, arena.allocateFrom(JAVA_BYTE, data));
            if (result < 0) {
                throw new KernelException(operation + ", sending " + data.length + " bytes", new Errno(-result), "");
            }
        }
    }

    /** A datagram of the kernel; empty if there is none (yet, or within the time limit). */
    Optional<byte[]> receive(String operation, boolean wait) {
        while (true) {
            int length = Sockets.receive(socket, buffer, Sockets.MSG_TRUNC | (wait ? 0 : Sockets.MSG_DONTWAIT), sender);
            if (Sockets.nothingYet(length)) {
                return Optional.empty();
            }
            if (length < 0) {
                throw new KernelException(operation, new Errno(-length), "");
            }
            if (length > buffer.byteSize()) {
                throw KernelException.unasked(operation, Errno.EMSGSIZE, "a datagram of " + length + " bytes");
            }
            if (sender.get(JAVA_INT, 4) == 0) {
                return Optional.of(buffer.asSlice(0, length).toArray(JAVA_BYTE));
            }
            // Another process may send to our port; only port 0 is the kernel.
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
