package fyr.agent.query;

import fyr.cni.LocalSocket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Serves one query at a time, on a thread of its own: queries are rare, and reading a table twice at once would only take more memory. */
public final class QueryServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int WAITING = 16;
    private static final long PATIENCE_SECONDS = 10;

    private final LocalSocket socket;
    private final Function<QueryRequest, QueryAnswer> handler;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("query-watchdog").factory());

    private QueryServer(LocalSocket socket, Function<QueryRequest, QueryAnswer> handler) {
        this.socket = socket;
        this.handler = handler;
    }

    /** Starts serving. A socket that an earlier process left is replaced. */
    public static QueryServer start(Path socket, QuerySources sources) throws IOException {
        return start(socket, new QueryHandler(sources)::answer);
    }

    static QueryServer start(Path socket, Function<QueryRequest, QueryAnswer> handler) throws IOException {
        QueryServer server = new QueryServer(LocalSocket.listen(socket, WAITING), handler);
        Thread.ofPlatform().daemon().name("query").start(server::serve);
        return server;
    }

    private void serve() {
        while (socket.isOpen()) {
            try (SocketChannel connection = socket.accept()) {
                serve(connection);
            } catch (ClosedChannelException closed) {
                LOG.log(Level.DEBUG, "a query was abandoned");
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "a query failed: {0}", e.toString());
            }
        }
    }

    /** Channels of Unix sockets have no timeout of their own: closing one from another thread ends its read or write. */
    private void serve(SocketChannel connection) throws IOException {
        Future<?> limit = watchdog.schedule(() -> close(connection), PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            QueryAnswer answer;
            try {
                answer = handler.apply(QueryRequest.read(Channels.newInputStream(connection)));
            } catch (QueryRequest.Malformed e) {
                answer = QueryAnswer.error(400, String.valueOf(e.getMessage()));
            }
            ByteBuffer bytes = answer.bytes();
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        } finally {
            limit.cancel(false);
        }
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close a connection: {0}", e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        watchdog.shutdownNow();
    }
}
