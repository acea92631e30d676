package fyr.dns.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * DNS over TCP (RFC 7766): a limited number of connections in total and for each client, served in turn by one platform thread. A virtual
 * thread for each connection would starve every other virtual thread of the process: one whose client always has a query ready and reads
 * its answers never parks, and {@link Thread#yield} puts it at the end of its carrier's own queue, which is emptied before others are
 * considered (java.util.concurrent.ForkJoinPool, topLevelExec).
 */
final class TcpListener implements Runnable, AutoCloseable {

    private static final Logger LOG = System.getLogger(TcpListener.class.getName());
    private static final long LOOK_NANOS = 100_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ServerSocketChannel channel;
    private final Selector selector;
    private final SelectionKey accepting;
    private final QueryHandler handler;
    private final Forwards forwards;
    private final TcpLimits limits;
    private final TcpShares shares;
    private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<TcpConnection> answered = new ConcurrentLinkedQueue<>();
    /** How often a connection has its turn even if nothing happens on it. */
    private final Map<TcpConnection, Long> due = new HashMap<>();

    private long nextLook = System.nanoTime();

    TcpListener(ServerSocketChannel channel, QueryHandler handler, Forwards forwards, TcpLimits limits)
            throws IOException {
        this.channel = channel;
        this.handler = handler;
        this.forwards = forwards;
        this.limits = limits;
        this.shares = new TcpShares(limits.perSecond(), limits.burst());
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.accepting = channel.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** The number of open connections, for metrics. */
    Set<TcpConnection> connections() {
        return connections;
    }

    /** The number of clients whose rate is remembered. */
    int remembered() {
        return shares.clients();
    }

    @Override
    public void run() {
        while (channel.isOpen()) {
            try {
                round();
            } catch (ClosedSelectorException | CancelledKeyException closed) {
                LOG.log(Level.DEBUG, "no longer listening", closed);
            } catch (Throwable e) {
                LOG.log(Level.DEBUG, "connections not looked at", e);
            }
        }
        connections.forEach(TcpConnection::close);
    }

    private void round() throws IOException {
        select();
        for (TcpConnection one = answered.poll(); one != null; one = answered.poll()) {
            turn(one);
        }
        long now = System.nanoTime();
        List<TcpConnection> waited = due.entrySet().stream()
                .filter(entry -> entry.getValue() - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
        waited.forEach(this::turn);
        if (now - nextLook >= 0) {
            nextLook = now + LOOK_NANOS;
            look(now);
        }
    }

    private void select() throws IOException {
        if (connections.isEmpty() && accepting.interestOps() != 0) {
            selector.select(this::ready);
            return;
        }
        long now = System.nanoTime();
        long next = due.values().stream().mapToLong(time -> time - now).min().orElse(LOOK_NANOS);
        if (next <= 0) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, Math.max(1, Math.min(next, nextLook - now) / NANOS_PER_MILLI));
        }
    }

    private void look(long now) {
        connections.stream().filter(TcpConnection::late).forEach(this::end);
        shares.forget(now);
        accepting.interestOps(SelectionKey.OP_ACCEPT);
    }

    private void ready(SelectionKey key) {
        if (key == accepting) {
            accept();
        } else if (key.attachment() instanceof TcpConnection connection) {
            turn(connection);
        }
    }

    private void accept() {
        try {
            SocketChannel accepted = channel.accept();
            if (accepted != null) {
                welcome(accepted);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no connection accepted", e);
            // Closed, or out of file descriptors: retrying at once would only burn the processor.
            accepting.interestOps(0);
        }
    }

    private void welcome(SocketChannel accepted) throws IOException {
        InetAddress client = accepted.socket().getInetAddress();
        long ofClient = connections.stream()
                .filter(connection -> connection.client().equals(client))
                .count();
        if (connections.size() >= limits.connections() || ofClient >= limits.connectionsOfClient()) {
            accepted.close();
            return;
        }
        try {
            connections.add(new TcpConnection(accepted, this, handler, forwards, limits, shares));
        } catch (IOException e) {
            accepted.close();
            throw e;
        }
    }

    SelectionKey register(SocketChannel accepted, TcpConnection connection) throws IOException {
        return accepted.register(selector, SelectionKey.OP_READ, connection);
    }

    /** Gives a connection a turn, from any thread, because it has an answer to send. */
    void answered(TcpConnection connection) {
        answered.add(connection);
        selector.wakeup();
    }

    private void turn(TcpConnection connection) {
        due.remove(connection);
        try {
            switch (connection.turn()) {
                case TcpConnection.Next.Told() -> {}
                case TcpConnection.Next.In(long nanos) -> due.put(connection, System.nanoTime() + nanos);
                case TcpConnection.Next.Never() -> end(connection);
            }
        } catch (Throwable e) { // errors too: nobody but its clients would notice that a listener has ended
            LOG.log(Level.DEBUG, "connection ended", e); // the usual case: the client closed it
            end(connection);
        }
    }

    private void end(TcpConnection connection) {
        connection.close();
        connections.remove(connection);
        due.remove(connection);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close(); // only now does the kernel close the channel
        connections.forEach(TcpConnection::close);
    }
}
