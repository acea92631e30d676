package fyr.bgp.speaker;

import fyr.bgp.path.PeerAddress;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.TreeMap;

/** Opens sockets and gives them the options that the settings of peers ask for. */
final class Listeners {

    private static final int DSCP_CS6 = 0xc0; // internetwork control, RFC 4594 section 3.1

    private Listeners() {}

    /**
     * Listens at the port. One socket takes connections of both families, which is what the JDK makes; a machine without IPv6 has one for IPv4.
     */
    static ServerSocketChannel open(SpeakerSettings settings, TcpOptions options, Selector selector)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(settings.port().orElseThrow()));
            listener.configureBlocking(false);
            sign(listener, settings, options);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            return listener;
        } catch (IOException refused) {
            listener.close();
            throw refused;
        }
    }

    private static InetAddress any(Family family) throws IOException {
        return InetAddress.getByAddress(new byte[family.bits() / Byte.SIZE]);
    }

    /** Sets the passwords of all peers that may connect. */
    static void sign(ServerSocketChannel listener, SpeakerSettings settings, TcpOptions options) throws IOException {
        Map<Prefix, PeerSettings> all = new TreeMap<>(settings.ranges());
        settings.peers().forEach((address, peer) -> all.put(Prefix.single(address.address()), peer));
        for (Map.Entry<Prefix, PeerSettings> peer : all.entrySet()) {
            if (peer.getValue().password().isPresent()) {
                options.sign(listener, peer.getKey(), peer.getValue().password().get());
            }
        }
    }

    /** Prepares a connection that is to be made. */
    static void prepare(SocketChannel channel, PeerAddress to, PeerSettings settings, TcpOptions options)
            throws IOException {
        if (settings.localAddress().isPresent()) {
            channel.bind(new InetSocketAddress(
                    InetAddress.getByAddress(settings.localAddress().get().toBytes()), 0));
        }
        boolean special = settings.password().isPresent() || !settings.hops().equals(new PeerSettings.Hops.Usual());
        if (special && channel.getLocalAddress() == null) {
            // A socket without an address cannot be told from others.
            channel.bind(new InetSocketAddress(any(to.address().family()), 0));
        }
        if (settings.password().isPresent()) {
            options.sign(
                    channel, Prefix.single(to.address()), settings.password().get());
        }
        prepare(channel, settings, options);
    }

    /** Prepares any connection. */
    static void prepare(SocketChannel channel, PeerSettings settings, TcpOptions options) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.IP_TOS, DSCP_CS6);
        limit(channel, settings, options);
    }

    private static void limit(NetworkChannel channel, PeerSettings settings, TcpOptions options) throws IOException {
        switch (settings.hops()) {
            case PeerSettings.Hops.Usual() -> {}
            case PeerSettings.Hops.Protected() -> options.hops(channel, 255, 255);
            case PeerSettings.Hops.Many(int most) -> options.hops(channel, most, 1);
        }
    }
}
