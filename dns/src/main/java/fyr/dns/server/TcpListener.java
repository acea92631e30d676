package fyr.dns.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** DNS over TCP (RFC 7766): a virtual thread per connection, queries answered in their order, idle connections closed. */
record TcpListener(ServerSocket socket, QueryHandler handler, Set<Socket> connections) implements Runnable {

    private static final Logger LOG = System.getLogger(TcpListener.class.getName());
    private static final int MOST_CONNECTIONS = 512;
    private static final int IDLE_MILLIS = 10_000;

    TcpListener(ServerSocket socket, QueryHandler handler) {
        this(socket, handler, ConcurrentHashMap.newKeySet());
    }

    @Override
    public void run() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                if (connections.size() >= MOST_CONNECTIONS) {
                    connection.close();
                } else {
                    connections.add(connection);
                    Thread.ofVirtual().name("dns-tcp").start(() -> serve(connection));
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "no connection accepted", e);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(IDLE_MILLIS);
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                switch (handler.handle(query, query.length, true)) {
                    case Outcome.Reply(byte[] bytes) -> send(bytes, connection.getOutputStream());
                    case Outcome.Later(var bytes) -> send(bytes.get(), connection.getOutputStream());
                    case Outcome.Nothing() -> {}
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "connection ended", e); // the usual end: the client closed it, or was idle
        } finally {
            connections.remove(connection);
        }
    }

    private static void send(byte[] bytes, OutputStream out) throws IOException {
        byte[] framed = new byte[bytes.length + 2];
        framed[0] = (byte) (bytes.length >>> 8);
        framed[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, framed, 2, bytes.length);
        out.write(framed);
    }

    void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
