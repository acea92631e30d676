package fyr.kernel.linux.datagram;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * The memory of one datagram: {@code struct msghdr} with a {@code sockaddr_in6}, one {@code iovec}, and room for one control message. IPv4
 * peers are IPv4-mapped addresses, in the control message too (ip6_datagram_recv_common_ctl in net/ipv6/datagram.c, ip_cmsg_send in
 * net/ipv4/ip_sockglue.c). Used by one thread.
 */
final class DatagramMessage {

    /** The length of a {@code sockaddr_in6}. */
    static final int SOCKADDR = 28;

    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LARGEST = 64 << 10;
    private static final int HEADER = 56;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL_ADDRESS = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int ADDRESS = 8; // in a sockaddr_in6
    private static final int CONTROL_DATA = 16; // after a cmsghdr
    private static final int INTERFACE = CONTROL_DATA + 16; // ipi6_ifindex, after ipi6_addr
    private static final int CONTROL = 40; // CMSG_SPACE(sizeof(struct in6_pktinfo))

    private final MemorySegment header;
    private final MemorySegment peer;
    private final MemorySegment vector;
    private final MemorySegment control;
    private final MemorySegment data;
    private int length;

    DatagramMessage(Arena arena) {
        header = arena.allocate(HEADER, 8);
        peer = arena.allocate(SOCKADDR, 8);
        vector = arena.allocate(16, 8);
        control = arena.allocate(CONTROL, 8);
        data = arena.allocate(LARGEST, 8);
        header.set(JAVA_LONG, 0, peer.address());
        header.set(JAVA_LONG, VECTOR, vector.address());
        header.set(JAVA_LONG, VECTOR_COUNT, 1);
        vector.set(JAVA_LONG, 0, data.address());
    }

    /** Takes the next datagram, if one is there. */
    boolean receive(Descriptor socket) {
        header.set(JAVA_INT, NAME_LENGTH, SOCKADDR);
        header.set(JAVA_LONG, CONTROL_ADDRESS, control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL);
        vector.set(JAVA_LONG, 8, LARGEST);
        length = Sockets.receiveMessage(socket, header, Sockets.MSG_DONTWAIT);
        return length >= 0;
    }

    byte[] bytes() {
        return data.asSlice(0, length).toArray(JAVA_BYTE);
    }

    InetSocketAddress sender() {
        try {
            // Of an IPv4-mapped address this makes an IPv4 one.
            InetAddress address =
                    InetAddress.getByAddress(peer.asSlice(ADDRESS, 16).toArray(JAVA_BYTE));
            return new InetSocketAddress(address, peer.get(PORT, 2) & 0xffff);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 16 bytes", e);
        }
    }

    /**
     * Answers the sender of the current datagram from the address it was sent to. If the kernel refuses, the answer is lost, as datagrams
     * may be.
     */
    void answer(Descriptor socket, byte[] answer) {
        MemorySegment.copy(answer, 0, data, JAVA_BYTE, 0, answer.length);
        vector.set(JAVA_LONG, 8, answer.length);
        if (!isLinkLocal()) {
            control.set(
                    JAVA_INT, INTERFACE,
                    0); // the routing table chooses the way back; a link-local address means nothing without its link
        }
        int _ = Sockets.sendMessage(socket, header);
    }

    private boolean isLinkLocal() {
        return (control.get(JAVA_BYTE, CONTROL_DATA) & 0xff) == 0xfe
                && (control.get(JAVA_BYTE, CONTROL_DATA + 1) & 0xc0) == 0x80;
    }
}
