package fyr.bgp.speaker;

import fyr.bgp.path.Links;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.path.SocketAddresses;
import fyr.bgp.session.Line;
import fyr.bgp.session.SessionEvent;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** All sockets of a speaker: tells peers what happens to their connections. For one thread, except {@link #wakeup}. */
final class Sockets implements AutoCloseable {

    /** What is read of one connection before others have their turn. */
    private static final int BUFFER = 256 * 1024;

    /** How long a peer may take to read the last message, in milliseconds. */
    private static final long FAREWELL = 1000;

    private final TcpOptions options;
    private final Links links;
    private final Timers timers;
    private final LongSupplier clock;
    private final Function<PeerAddress, Optional<Peer>> expected;
    private final Consumer<String> log;
    private final Selector selector;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(BUFFER);
    private Optional<ServerSocketChannel> listening = Optional.empty();
    private long accepted;

    /** What belongs to a key. */
    private record Place(Peer peer, Connection connection) {}

    /** With a function that gives the peer that may connect from an address. */
    Sockets(
            TcpOptions options,
            Links links,
            Timers timers,
            LongSupplier clock,
            Function<PeerAddress, Optional<Peer>> expected,
            Consumer<String> log)
            throws IOException {
        this.options = options;
        this.links = links;
        this.timers = timers;
        this.clock = clock;
        this.expected = expected;
        this.log = log;
        this.selector = Selector.open();
    }

    /** Listens as the settings say; if that fails, everything is closed. */
    void listen(SpeakerSettings settings) throws IOException {
        try {
            listening = Optional.of(Listeners.open(settings, options, selector));
        } catch (IOException refused) {
            selector.close();
            throw refused;
        }
    }

    /** Follows other passwords. */
    void follow(SpeakerSettings settings) {
        try {
            if (listening.isPresent()) {
                Listeners.sign(listening.get(), settings, options);
            }
        } catch (IOException refused) {
            log.accept("connections of peers with a password are not accepted: " + refused.getMessage());
        }
    }

    /** Handles what is ready. */
    void look() throws IOException {
        selector.selectNow(this::ready);
    }

    /** Waits until something is ready, for so many milliseconds at most, and handles it. */
    void await(long milliseconds) throws IOException {
        selector.select(this::ready, milliseconds);
    }

    /** Ends the wait; on any thread. */
    void wakeup() {
        selector.wakeup();
    }

    private void ready(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                accept(listener);
            } else if (key.attachment() instanceof Place place) {
                ready(key, place);
            }
        } catch (CancelledKeyException closedMeanwhile) {
            // What is ready of a connection that was closed concerns nobody.
        }
    }

    private void ready(SelectionKey key, Place place) {
        if (key.isConnectable()) {
            connected(key, place);
        }
        if (key.isValid() && key.isWritable()) {
            place.peer.writable(place.connection);
        }
        if (key.isValid() && key.isReadable()) {
            read(place);
        }
    }

    private static void connected(SelectionKey key, Place place) {
        try {
            place.connection.channel().finishConnect();
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException refused) {
            place.peer.lost(place.connection, "cannot connect: " + refused.getMessage());
            return;
        }
        place.peer.on(new SessionEvent.Connected(place.connection.line()));
    }

    private void read(Place place) {
        Connection connection = place.connection;
        int count;
        try {
            count = connection.channel().read(scratch.clear());
        } catch (IOException lost) {
            count = -1;
        }
        if (connection.isEnding() && count < 0) {
            timers.disarm(connection);
            connection.close();
        } else if (!connection.isEnding() && count < 0) {
            place.peer.lost(connection, "closed by the peer");
        } else if (!connection.isEnding()) {
            place.peer.received(connection, scratch.flip());
        }
    }

    private void accept(ServerSocketChannel listener) {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                if (!isTaken(channel)) {
                    channel.close();
                }
            }
        } catch (IOException failed) {
            log.accept("cannot accept a connection: " + failed.getMessage());
        }
    }

    private boolean isTaken(SocketChannel channel) {
        try {
            PeerAddress from = SocketAddresses.peer((InetSocketAddress) channel.getRemoteAddress(), links);
            Optional<Peer> peer = expected.apply(from);
            if (peer.isPresent()) {
                Listeners.prepare(channel, peer.get().settings(), options);
                Line line = new Line(Line.Side.INCOMING, accepted++);
                peer.get().accepted(connection(peer.get(), line, channel, SelectionKey.OP_READ));
            }
            return peer.isPresent();
        } catch (IOException | IllegalArgumentException gone) {
            return false; // closed by the peer already, or its link is gone
        }
    }

    private Connection connection(Peer peer, Line line, SocketChannel channel, int interest) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, interest);
        Connection connection = new Connection(line, channel, key);
        key.attach(new Place(peer, connection));
        return connection;
    }

    /** Begins to make a connection; the peer is told when it is there, never before this returns. */
    Connection connect(Peer peer, Line line) throws IOException {
        InetSocketAddress to =
                SocketAddresses.of(peer.address(), peer.settings().port(), links);
        SocketChannel channel = SocketChannel.open(
                to.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            Listeners.prepare(channel, peer.address(), peer.settings(), options);
            channel.configureBlocking(false);
            // A connection within the machine may be there at once, and is found ready all the same.
            channel.connect(to);
            return connection(peer, line, channel, SelectionKey.OP_CONNECT);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    /** A connection sends nothing any more and is closed when the peer has read everything, or soon. */
    void ending(Connection connection) {
        if (connection.key().isValid()) {
            timers.arm(connection, clock.getAsLong() + FAREWELL, connection::close);
        }
    }

    /** Closes all sockets without a word. */
    void closeChannels() {
        selector.keys().forEach(key -> {
            try {
                key.channel().close();
            } catch (IOException gone) {
                // The descriptor is closed in any case.
            }
        });
    }

    @Override
    public void close() {
        closeChannels();
        try {
            selector.close();
        } catch (IOException gone) {
            // The descriptor is closed in any case.
        }
    }
}
