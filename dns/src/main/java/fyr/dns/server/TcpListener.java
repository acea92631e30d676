package fyr.dns.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * DNS over TCP (RFC 7766): so many connections in all and for each client, a virtual thread for each. A further thread closes those that
 * take too long; it exists because no write to a {@link Socket} has a time limit of its own.
 */
record TcpListener(
        ServerSocket socket, QueryHandler handler, Forwards forwards, TcpLimits limits, Set<TcpConnection> connections)
        implements Runnable {

    private static final Logger LOG = System.getLogger(TcpListener.class.getName());
    private static final int PAUSE_MILLIS = 100;

    TcpListener(ServerSocket socket, QueryHandler handler, Forwards forwards, TcpLimits limits) {
        this(socket, handler, forwards, limits, ConcurrentHashMap.newKeySet());
    }

    @Override
    public void run() {
        Thread.ofVirtual().name("dns-tcp-deadlines").start(this::closeLate);
        while (!socket.isClosed()) {
            try {
                accept(socket.accept());
            } catch (SocketException e) {
                pause(); // closed, or out of file descriptors: then trying again at once would only burn the processor
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "no connection accepted", e);
            }
        }
    }

    private void accept(Socket accepted) throws IOException {
        InetAddress client = accepted.getInetAddress();
        long ofClient = connections.stream()
                .filter(connection -> connection.client().equals(client))
                .count();
        if (connections.size() >= limits.connections() || ofClient >= limits.connectionsOfClient()) {
            accepted.close();
            return;
        }
        TcpConnection connection = new TcpConnection(accepted, handler, forwards, limits);
        connections.add(connection);
        Thread.ofVirtual().name("dns-tcp").start(() -> {
            try (connection) {
                connection.serve();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "connection ended", e); // the usual end: the client closed it, or took too long
            } finally {
                connections.remove(connection);
            }
        });
    }

    private void closeLate() {
        while (!socket.isClosed()) {
            pause();
            connections.stream().filter(TcpConnection::late).forEach(TcpConnection::close);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        socket.close();
        connections.forEach(TcpConnection::close);
    }
}
