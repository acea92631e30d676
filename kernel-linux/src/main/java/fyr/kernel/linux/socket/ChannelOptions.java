package fyr.kernel.linux.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.BorrowedSocket;
import fyr.kernel.linux.libc.FilterProgram;
import fyr.kernel.linux.libc.Sockets;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;

/**
 * Options of sockets that {@code java.nio} does not have. A channel must be bound, because that is how its socket is found, and a connection must
 * either not have been begun or be established. A process that has sockets in several network namespaces calls on a thread in the channel's. Otherwise
 * safe on any thread.
 *
 * <p>All methods throw {@link KernelException} if the kernel refuses, with ENOENT if the connection is gone, and IllegalArgumentException if the
 * channel is not bound. Connections that are accepted have the options of the listener (inet_csk_clone_lock in net/ipv4/inet_connection_sock.c).
 */
public final class ChannelOptions {

    private static final int SOL_IP = 0;
    private static final int SOL_TCP = 6;
    private static final int SO_DOMAIN = 39;
    /** Of include/uapi/linux/in.h and in6.h. */
    private static final int IP_TTL = 2;

    private static final int IP_MINTTL = 21;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_MINHOPCOUNT = 73;

    /** Of include/uapi/linux/tcp.h. */
    private static final int TCP_MD5SIG = 14;

    private static final int TCP_MD5SIG_EXT = 32;
    private static final int TCP_MD5SIG_MAXKEYLEN = 80;
    private static final byte TCP_MD5SIG_FLAG_PREFIX = 1;
    /** Of struct tcp_md5sig, which begins with a struct sockaddr_storage. */
    private static final int FLAGS = 128;

    private static final int PREFIX_LENGTH = 129;
    private static final int KEY_LENGTH = 130;
    private static final int KEY = 136;
    private static final int TCP_MD5SIG_LENGTH = KEY + TCP_MD5SIG_MAXKEYLEN;

    /** Offsets from here are from the begin of the network header (include/uapi/linux/filter.h, SKF_NET_OFF). */
    private static final int NETWORK_HEADER = -0x100000;

    private static final int TTL = 8; // in an IPv4 header
    private static final int HOP_LIMIT = 7; // in an IPv6 header

    private ChannelOptions() {}

    /**
     * Signs all segments to and from peers, and drops those that are not signed (RFC 2385).
     *
     * @param channel a listener, or a connection before it is made
     * @param peer an address, or a range of them (Linux 4.13); of IPv4 also if the socket is one of IPv6
     * @param password 1 to 80 bytes
     */
    public static void sign(NetworkChannel channel, Prefix peer, byte[] password) {
        if (password.length == 0 || password.length > TCP_MD5SIG_MAXKEYLEN) {
            throw new IllegalArgumentException("a password of " + password.length + " bytes, not 1 to 80");
        }
        setKey(channel, peer, password);
    }

    /** Takes the signature from a channel again; connections that a listener has accepted keep theirs. */
    public static void unsign(NetworkChannel channel, Prefix peer) {
        try {
            setKey(channel, peer, new byte[0]);
        } catch (KernelException refused) {
            if (!refused.errno().equals(Errno.ENOENT)) {
                throw refused;
            }
        }
    }

    private static void setKey(NetworkChannel channel, Prefix peer, byte[] password) {
        BorrowedSocket socket = ChannelSocket.of(channel);
        boolean single = peer.length() == peer.address().family().bits();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signature = arena.allocate(TCP_MD5SIG_LENGTH, 8);
            writeAddress(signature, peer, isIpv6(socket));
            signature.set(JAVA_BYTE, FLAGS, single ? 0 : TCP_MD5SIG_FLAG_PREFIX);
            signature.set(JAVA_BYTE, PREFIX_LENGTH, (byte) (single ? 0 : peer.length()));
            signature.set(JAVA_SHORT, KEY_LENGTH, (short) password.length);
            MemorySegment.copy(password, 0, signature, JAVA_BYTE, KEY, password.length);
            socket.set(SOL_TCP, single ? TCP_MD5SIG : TCP_MD5SIG_EXT, signature);
        }
    }

    /** An IPv6 socket wants an IPv4 address as an IPv4-mapped one, with the length that it has as IPv4 (tcp_v6_parse_md5_keys in net/ipv6/tcp_ipv6.c). */
    private static void writeAddress(MemorySegment to, Prefix peer, boolean ipv6) {
        byte[] address = peer.address().toBytes();
        to.set(JAVA_SHORT, 0, (short) (ipv6 ? Sockets.AF_INET6 : Sockets.AF_INET));
        switch (peer.address()) {
            case Ipv4Address _
            when ipv6 -> {
                to.set(JAVA_SHORT, 18, (short) -1);
                MemorySegment.copy(address, 0, to, JAVA_BYTE, 20, address.length);
            }
            case Ipv4Address _ -> MemorySegment.copy(address, 0, to, JAVA_BYTE, 4, address.length);
            case Ipv6Address _ when ipv6 -> MemorySegment.copy(address, 0, to, JAVA_BYTE, 8, address.length);
            case Ipv6Address _ ->
                throw KernelException.unasked("TCP_MD5SIG " + peer, Errno.EAFNOSUPPORT, "the socket is one of IPv4");
        }
    }

    private static boolean isIpv6(BorrowedSocket socket) {
        return socket.is(Sockets.SOL_SOCKET, SO_DOMAIN, Sockets.AF_INET6);
    }

    /**
     * Sends packets with this hop limit (TTL of IPv4).
     *
     * @param channel of TCP or UDP
     * @param hops 1 to 255
     */
    public static void sendWithHops(NetworkChannel channel, int hops) {
        setHops(ChannelSocket.of(channel), IP_TTL, IPV6_UNICAST_HOPS, hops);
    }

    /**
     * Drops packets that arrive with a smaller hop limit (RFC 5082).
     *
     * @param channel of TCP: the kernel does not look at this for UDP
     * @param least 0 to 255
     */
    public static void dropBelowHops(NetworkChannel channel, int least) {
        if (channel instanceof DatagramChannel) {
            throw new IllegalArgumentException("one of UDP: " + channel);
        }
        setHops(ChannelSocket.of(channel), IP_MINTTL, IPV6_MINHOPCOUNT, least);
    }

    /** An IPv6 socket may talk to IPv4 peers, for which the option of IPv4 counts (ipv6_setsockopt in net/ipv6/ipv6_sockglue.c passes it on). */
    private static void setHops(BorrowedSocket socket, int ofIpv4, int ofIpv6, int hops) {
        if (isIpv6(socket)) {
            socket.set(Sockets.SOL_IPV6, ofIpv6, hops);
        }
        socket.set(SOL_IP, ofIpv4, hops);
    }

    /**
     * Drops packets that arrive with another hop limit. What arrived before this call is still to be received.
     *
     * @param hops 0 to 255
     */
    public static void dropOtherHops(DatagramChannel channel, int hops) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = new FilterProgram()
                    .add(FilterProgram.LOAD_BYTE, NETWORK_HEADER)
                    .add(FilterProgram.AND, 0xf0) // the version
                    .add(FilterProgram.IF_EQUAL, 0, 2, 0x40)
                    .add(FilterProgram.LOAD_BYTE, NETWORK_HEADER + TTL)
                    .add(FilterProgram.JUMP, 1)
                    .add(FilterProgram.LOAD_BYTE, NETWORK_HEADER + HOP_LIMIT)
                    .add(FilterProgram.IF_EQUAL, 0, 1, hops)
                    .add(FilterProgram.RETURN, FilterProgram.PASS)
                    .add(FilterProgram.RETURN, FilterProgram.DROP)
                    .write(arena);
            ChannelSocket.of(channel).set(Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, filter);
        }
    }
}
