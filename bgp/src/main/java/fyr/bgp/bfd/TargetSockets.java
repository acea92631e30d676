package fyr.bgp.bfd;

import fyr.bgp.path.SocketAddresses;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/** The sockets that packets arrive at. */
final class TargetSockets {

    private TargetSockets() {}

    /**
     * Opens sockets and registers them. They get only packets that come from neighbours.
     *
     * @param addresses where to receive; everywhere, in both families, if there is none
     * @throws IOException if the port is taken or the kernel lacks something; then nothing is left open but the selector
     */
    static void open(List<IpAddress> addresses, BfdOptions options, Selector selector) throws IOException {
        try {
            if (addresses.isEmpty()) {
                register(everywhere(), options, selector);
            }
            for (IpAddress address : addresses) {
                register(bound(family(address), address), options, selector);
            }
        } catch (IOException | RuntimeException refused) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            throw refused;
        }
    }

    private static ProtocolFamily family(IpAddress address) {
        return address.family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** The JDK's sockets of IPv6 receive IPv4 as well, so a second one for IPv4 cannot be bound beside it. */
    private static DatagramChannel everywhere() throws IOException {
        try {
            return bound(StandardProtocolFamily.INET6, IpAddress.parse("::"));
        } catch (UnsupportedOperationException withoutIpv6) {
            return bound(StandardProtocolFamily.INET, IpAddress.parse("0.0.0.0"));
        }
    }

    private static DatagramChannel bound(ProtocolFamily family, IpAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            return channel.bind(new InetSocketAddress(SocketAddresses.host(address), BfdSpeaker.PORT));
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static void register(DatagramChannel channel, BfdOptions options, Selector selector) throws IOException {
        try {
            channel.configureBlocking(false);
            options.dropOtherHops(channel, BfdSpeaker.HOPS);
            dropAll(channel);
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    /** What came before the option was set may have come from anywhere. */
    private static void dropAll(DatagramChannel channel) throws IOException {
        ByteBuffer nowhere = ByteBuffer.allocate(1);
        while (channel.receive(nowhere.clear()) != null) {
            // It is dropped.
        }
    }
}
