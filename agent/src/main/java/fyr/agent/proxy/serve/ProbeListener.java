package fyr.agent.proxy.serve;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers HTTP requests at any number of TCP ports with one thread, which exists only while there are ports. Nothing of a request is kept: an
 * answer follows the empty line at its end, and the connection is closed. Clients that send slowly, much, or nothing cost a connection each,
 * of which there are {@link #MOST} in all and {@link #MOST_OF_ONE} of one address; after that the oldest gives way.
 */
final class ProbeListener implements AutoCloseable {

    static final int MOST = 256;
    static final int MOST_OF_ONE = 16;

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int LONGEST_REQUEST = 16 << 10;
    private static final int BACKLOG = 64;
    private static final int ACCEPTS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int BLANK_LINE = 0x0d0a0d0a;

    private final Probes probes;
    private final Selector selector;
    private final Map<Integer, ServerSocketChannel> listening = new HashMap<>();
    private final ArrayDeque<Connection> connections = new ArrayDeque<>();
    private final Map<InetAddress, Integer> ofClient = new HashMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(4096);
    private Set<Integer> wanted = Set.of();
    private final Set<Integer> taken = new HashSet<>();
    private long nextAttempt;
    private boolean running;
    private boolean closed;

    /** What is answered, and who hears of ports that cannot be had. Called on the listener's thread. */
    interface Probes {
        /** The whole answer to a request at a port, with its header. */
        byte[] answer(int port);

        /** Whether the ports are served at this address of the node. */
        boolean isServed(InetAddress local);

        /** A port cannot be listened at, which is tried again. Said once. */
        void taken(int port, String why);

        /** A port that could not be listened at is listened at. */
        void free(int port);
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final int port;
        private final InetAddress client;
        private final long since = System.nanoTime();
        private int last;
        private int length;
        private boolean open = true;

        Connection(SocketChannel channel, int port, InetAddress client) {
            this.channel = channel;
            this.port = port;
            this.client = client;
        }

        /** Whether the header is complete; a line may end with or without a carriage return. */
        boolean isComplete(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                last = last << 8 | bytes.get() & 0xff;
                length++;
                if (last == BLANK_LINE || (last & 0xffff) == 0x0a0a) {
                    return true;
                }
            }
            return false;
        }
    }

    ProbeListener(Probes probes) throws IOException {
        this.probes = probes;
        selector = Selector.open();
    }

    /** Listens at these ports and no others. Returns at once. */
    synchronized void listen(Set<Integer> ports) {
        if (closed || ports.equals(wanted)) {
            return;
        }
        wanted = Set.copyOf(ports);
        if (!running && !wanted.isEmpty()) {
            running = true;
            Thread.ofPlatform().daemon().name("health-check-ports").start(this::run);
        }
        selector.wakeup();
    }

    private void run() {
        try {
            do {
                while (follow()) {
                    selector.select(this::serve, pause());
                    expire();
                }
            } while (isWantedAgain());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "health check node ports are no longer served", e);
            synchronized (this) {
                running = false;
            }
        }
    }

    /** Whether ports were asked for after the last look; otherwise the thread ends. */
    private synchronized boolean isWantedAgain() throws IOException {
        running = !wanted.isEmpty();
        if (closed) {
            selector.close();
        }
        return running;
    }

    private long pause() {
        return connections.isEmpty() && taken.isEmpty() ? 0 : 1000;
    }

    /** Opens and closes what has changed; false when nothing is left to listen at. */
    private boolean follow() {
        Set<Integer> now;
        synchronized (this) {
            now = wanted;
        }
        Iterator<Map.Entry<Integer, ServerSocketChannel>> open =
                listening.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<Integer, ServerSocketChannel> each = open.next();
            if (!now.contains(each.getKey())) {
                close(each.getValue());
                open.remove();
            }
        }
        taken.retainAll(now);
        now.stream().filter(port -> !listening.containsKey(port)).forEach(this::open);
        if (now.isEmpty()) {
            List.copyOf(connections).forEach(this::end);
            selectNothing();
        }
        return !now.isEmpty();
    }

    /** Closed channels leave the selector only when it selects again. */
    private void selectNothing() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "while health check node ports were closed", e);
        }
    }

    private void open(int port) {
        if (taken.contains(port) && System.nanoTime() - nextAttempt < 0) {
            return;
        }
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open(); // of both families, if the node has both
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(port), BACKLOG);
            channel.register(selector, SelectionKey.OP_ACCEPT, port);
            listening.put(port, channel);
            if (taken.remove(port)) {
                probes.free(port);
            }
        } catch (IOException e) {
            if (channel != null) {
                close(channel);
            }
            nextAttempt = System.nanoTime() + RETRY.toNanos();
            if (taken.add(port)) {
                probes.taken(port, String.valueOf(e.getMessage()));
            }
        }
    }

    private void serve(SelectionKey key) {
        if (key.attachment() instanceof Integer port) {
            accept((ServerSocketChannel) key.channel(), port);
        } else if (key.attachment() instanceof Connection connection && connection.open) {
            read(connection);
        }
    }

    private void accept(ServerSocketChannel server, int port) {
        try {
            for (int i = 0; i < ACCEPTS; i++) {
                SocketChannel channel = server.accept();
                if (channel == null) {
                    return;
                }
                take(channel, port);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a health check node port did not accept", e);
        }
    }

    private void take(SocketChannel channel, int port) {
        try {
            InetAddress client = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            InetAddress local = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
            if (!probes.isServed(local)) {
                close(channel);
                return;
            }
            if (ofClient.getOrDefault(client, 0) >= MOST_OF_ONE) {
                connections.stream()
                        .filter(c -> c.client.equals(client))
                        .findFirst()
                        .ifPresent(this::end);
            } else if (connections.size() >= MOST) {
                end(connections.getFirst());
            }
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, port, client);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.addLast(connection);
            ofClient.merge(client, 1, Integer::sum);
        } catch (IOException e) {
            close(channel);
        }
    }

    private void read(Connection connection) {
        try {
            scratch.clear();
            int read = connection.channel.read(scratch);
            scratch.flip();
            if (read < 0) {
                end(connection);
            } else if (connection.isComplete(scratch)) {
                // Far less than a socket's buffer holds: what does not fit is for a client that reads nothing.
                connection.channel.write(ByteBuffer.wrap(probes.answer(connection.port)));
                connection.channel.shutdownOutput();
                end(connection);
            } else if (connection.length > LONGEST_REQUEST) {
                end(connection);
            }
        } catch (IOException e) {
            end(connection);
        }
    }

    private void expire() {
        long now = System.nanoTime();
        List<Connection> late = new ArrayList<>();
        for (Connection connection : connections) { // the oldest first
            if (now - connection.since < PATIENCE.toNanos()) {
                break;
            }
            late.add(connection);
        }
        late.forEach(this::end);
    }

    private void end(Connection connection) {
        if (connection.open) {
            connection.open = false;
            connections.remove(connection);
            ofClient.computeIfPresent(connection.client, (_, count) -> count == 1 ? null : count - 1);
            close(connection.channel);
        }
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "while a connection was closed", e);
        }
    }

    /** Stops listening; the thread ends soon after. */
    @Override
    public synchronized void close() {
        listen(Set.of());
        closed = true;
        if (!running) {
            close(selector);
        }
    }
}
