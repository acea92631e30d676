package fyr.cluster.client;

import fyr.cluster.access.Access;
import fyr.cluster.access.AccessException;
import fyr.cluster.access.AccessSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The verbs of the Kubernetes API, bodies in and out as bytes of JSON. Paths begin with a slash and carry their query, for example
 * {@code /api/v1/namespaces/shop/pods?limit=500}. All methods block and are safe on any thread, best on virtual ones; they throw
 * {@link ApiException} if the server refuses and {@link UnreachableException} if it does not answer. Credentials that the server no
 * longer accepts (401) are read anew from their source and tried once more.
 */
public final class ApiClient implements AutoCloseable {

    private static final String JSON = "application/json";
    /** kube-apiserver sends a bookmark each minute to whoever allows them; twice that without a word, and the line is dead. */
    private static final Duration WATCH_SILENCE = Duration.ofSeconds(130);

    private static final Duration BODY_SILENCE = Duration.ofSeconds(60);

    private final AccessSource source;
    private volatile Connection connection;

    private ApiClient(AccessSource source, Connection connection) {
        this.source = source;
        this.connection = connection;
    }

    /** A client for this server. Reads the credentials, but makes no connection yet; {@link AccessException} if they are unusable. */
    public static ApiClient connect(AccessSource source) {
        limitBuffers();
        return new ApiClient(source, Connection.open(source.read()));
    }

    /** The JDK lets a server send 16 MiB ahead of a slow reader, as much as the agent's whole heap may be; 1 MiB is enough for a list. */
    private static void limitBuffers() {
        if (System.getProperty("jdk.httpclient.windowsize") == null) {
            System.setProperty("jdk.httpclient.windowsize", Integer.toString(1 << 20));
            System.setProperty("jdk.httpclient.connectionWindowSize", Integer.toString(4 << 20));
        }
    }

    /** The server's address, for messages. */
    public String server() {
        return connection.access().server().toString();
    }

    /** Reads an object or a whole list. */
    public byte[] get(String path) {
        return bytes(Call.get(path, false));
    }

    /** Reads an object or list as a stream, which the caller closes. Fails with {@link IOException} if the server falls silent. */
    public InputStream open(String path) {
        return accepted(Call.get(path, true), BODY_SILENCE);
    }

    /** Creates an object (POST to the collection's path); returns it as the server stored it. */
    public byte[] create(String path, byte[] json) {
        return bytes(Call.with("POST", path, JSON, json));
    }

    /** Replaces an object (PUT); status 409 if its resource version is not the current one. */
    public byte[] update(String path, byte[] json) {
        return bytes(Call.with("PUT", path, JSON, json));
    }

    /** Changes parts of an object; returns it as stored. */
    public byte[] patch(String path, Patch kind, byte[] body) {
        return bytes(Call.with("PATCH", path, kind.mediaType(), body));
    }

    /** Deletes an object; returns the object or a Status. */
    public byte[] delete(String path) {
        return bytes(Call.with("DELETE", path, JSON, new byte[0]));
    }

    /** Deletes with {@code DeleteOptions}. */
    public byte[] delete(String path, byte[] options) {
        return bytes(Call.with("DELETE", path, JSON, options));
    }

    /** Watches: the path must contain {@code watch=true}, and {@code allowWatchBookmarks=true} or silence is taken for loss. */
    public WatchStream watch(String path) {
        return new WatchStream(accepted(Call.get(path, false), WATCH_SILENCE));
    }

    private byte[] bytes(Call call) {
        try (InputStream body = accepted(call, BODY_SILENCE)) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private InputStream accepted(Call call, Duration silence) {
        Connection used = connection;
        HttpResponse<InputStream> response = exchange(call);
        InputStream body = new GuardedStream(response.body(), silence, () -> replace(used));
        try {
            if (response.statusCode() / 100 != 2) {
                try (body) {
                    throw Status.read(response.statusCode(), body.readNBytes(1 << 20));
                }
            }
            boolean gzip = response.headers()
                    .firstValue("Content-Encoding")
                    .filter("gzip"::equals)
                    .isPresent();
            return gzip ? new GZIPInputStream(body, 16 << 10) : body;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpResponse<InputStream> exchange(Call call) {
        Connection used = connection;
        try {
            HttpResponse<InputStream> response = used.send(call);
            Optional<Connection> renewed = response.statusCode() == 401 ? renewed(used) : Optional.empty();
            if (renewed.isEmpty()) {
                return response;
            }
            response.body().close();
            return renewed.get().send(call);
        } catch (HttpTimeoutException e) {
            replace(used); // HTTP/2 would send the next request down the same dead line
            throw unreachable(e);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    /** A connection with credentials other than those that were refused, if the source has others by now. */
    private Optional<Connection> renewed(Connection refused) {
        Connection current = connection;
        if (current != refused) {
            return Optional.of(current); // somebody else has done it already
        }
        try {
            Access access = source.read();
            boolean same =
                    access.equals(refused.access()) && access.token().value().equals(refused.token());
            return same ? Optional.empty() : Optional.of(swap(refused, access));
        } catch (AccessException e) {
            return Optional.empty(); // half-written files: the refusal stands until they are whole
        }
    }

    private void replace(Connection dead) {
        if (connection == dead) {
            var _ = swap(dead, dead.access());
        }
    }

    /** Under a lock because all watches find out at the same time. */
    private synchronized Connection swap(Connection old, Access access) {
        if (connection == old) {
            connection = Connection.open(access);
            old.http().shutdown(); // what still runs on it may end by itself
        }
        return connection;
    }

    private UnreachableException unreachable(Exception e) {
        String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new UnreachableException(server() + ": " + what, e);
    }

    /** Ends all connections; streams that are being read fail. */
    @Override
    public void close() {
        connection.http().shutdownNow();
    }
}
