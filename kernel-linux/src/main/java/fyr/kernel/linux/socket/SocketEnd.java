package fyr.kernel.linux.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * One end of a socket in a form in which the kernel's view and that of the JDK are equal: the JDK shows the IPv4-mapped addresses of an IPv6
 * socket as IPv4, and the wildcard address of either family for the same socket.
 *
 * @param high the first half of the address, IPv4 as IPv4-mapped (RFC 4291 section 2.5.5.2), all wildcard addresses as {@code ::}
 * @param scope the number of the link of a link-local address, otherwise 0
 */
record SocketEnd(long high, long low, int port, int scope) {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final long MAPPED = 0xffff_0000_0000L;

    /** Reads a sockaddr_in or sockaddr_in6; empty if it is of another family. */
    static Optional<SocketEnd> read(byte[] sockaddr) {
        ByteBuffer in = ByteBuffer.wrap(sockaddr);
        int family = sockaddr.length < 8 ? 0 : in.order(ByteOrder.nativeOrder()).getShort(0);
        in.order(ByteOrder.BIG_ENDIAN);
        int port = family == 0 ? 0 : in.getShort(2) & 0xffff;
        return switch (family) {
            case AF_INET -> Optional.of(of(0, MAPPED | in.getInt(4) & 0xffff_ffffL, port, 0));
            case AF_INET6 ->
                Optional.of(of(
                        in.getLong(8),
                        in.getLong(16),
                        port,
                        in.order(ByteOrder.nativeOrder()).getInt(24)));
            default -> Optional.empty();
        };
    }

    /** What the JDK says of a socket. */
    static SocketEnd of(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        ByteBuffer in = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address six
                ? of(in.getLong(0), in.getLong(8), socket.getPort(), six.getScopeId())
                : of(0, MAPPED | in.getInt(0) & 0xffff_ffffL, socket.getPort(), 0);
    }

    private static SocketEnd of(long high, long low, int port, int scope) {
        boolean linkLocal = high >>> 54 == 0xfe80 >>> 6;
        return new SocketEnd(high, high == 0 && low == MAPPED ? 0 : low, port, linkLocal ? scope : 0);
    }
}
