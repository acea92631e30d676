package fyr.bgp.bfd;

import fyr.bgp.path.Links;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.path.SocketAddresses;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The socket that packets of one session are sent from. It is opened when it is needed, because the address or the link may come later. It is not
 * connected: then the kernel chooses the source address for each packet, and no ICMP error is reported for a later one.
 */
final class SourceSocket implements AutoCloseable {

    /** RFC 5881 section 4. */
    private static final int LOWEST_PORT = 49152;

    private static final int HIGHEST_PORT = 65535;
    private static final int DSCP_CS6 = 0xc0; // internetwork control, RFC 4594 section 3.1
    private static final int ATTEMPTS = 8;

    private final PeerAddress peer;
    private final Optional<PeerAddress> local;
    private final BfdOptions options;
    private final Links links;
    private final RandomGenerator random;
    private @Nullable DatagramChannel channel;
    private @Nullable InetSocketAddress target;

    SourceSocket(
            PeerAddress peer, Optional<PeerAddress> local, BfdOptions options, Links links, RandomGenerator random) {
        this.peer = peer;
        this.local = local;
        this.options = options;
        this.links = links;
        this.random = random;
    }

    Optional<PeerAddress> local() {
        return local;
    }

    /**
     * Sends a datagram.
     *
     * @return whether the kernel took it; if not, its buffers are full
     * @throws IOException if it cannot be sent now
     */
    boolean send(ByteBuffer datagram) throws IOException {
        DatagramChannel from = channel == null ? open() : channel;
        channel = from;
        InetSocketAddress to = target == null ? SocketAddresses.of(peer, BfdSpeaker.PORT, links) : target;
        target = to;
        try {
            return from.send(datagram, to) > 0;
        } catch (IOException refused) {
            target = null; // the link may be another one of the same name
            throw refused;
        }
    }

    private DatagramChannel open() throws IOException {
        ProtocolFamily family =
                peer.address().family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        DatagramChannel opened = DatagramChannel.open(family);
        try {
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.SO_RCVBUF, 0); // nothing is received: the kernel takes its minimum
            opened.setOption(StandardSocketOptions.IP_TOS, DSCP_CS6);
            bind(opened);
            options.sendWithHops(opened, BfdSpeaker.HOPS);
            return opened;
        } catch (IOException | RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    /** RFC 5881 section 4: a port of its own for each session, which the kernel grants by refusing those that are taken. */
    private void bind(DatagramChannel opened) throws IOException {
        PeerAddress from = local.orElse(
                PeerAddress.of(IpAddress.of(new byte[peer.address().family().bytes()])));
        for (int attempt = 1; opened.getLocalAddress() == null; attempt++) {
            try {
                int port = random.nextInt(LOWEST_PORT, HIGHEST_PORT + 1);
                opened.bind(SocketAddresses.of(from, port, links));
            } catch (BindException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
