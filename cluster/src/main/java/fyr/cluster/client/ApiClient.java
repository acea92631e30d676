package fyr.cluster.client;

import fyr.cluster.access.AccessException;
import fyr.cluster.access.AccessSource;
import fyr.cluster.protobuf.ListStream;
import fyr.cluster.protobuf.Message;
import fyr.cluster.protobuf.StatusText;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The verbs of the Kubernetes API, with bodies as bytes of JSON in both directions. Paths begin with a slash and include their query, for
 * example {@code /api/v1/namespaces/shop/pods?limit=500}. All methods block and are safe on any thread, best on virtual ones; they throw
 * {@link ApiException} if the server refuses and {@link UnreachableException} if it does not answer. The server's address and the
 * credentials are read again from their source when the server returns 401, is not reachable, or shows a certificate that is not trusted;
 * if they have changed, the request is sent once more.
 */
public final class ApiClient implements AutoCloseable {

    private final AccessSource source;
    private final Patience patience;
    private final CurrentConnection connection;
    private volatile Consumer<String> warnings = _ -> {};

    private ApiClient(AccessSource source, Patience patience) {
        this.source = source;
        this.patience = patience;
        this.connection = new CurrentConnection(source);
    }

    /**
     * A client for this server. Reads the credentials, but makes no connection yet; throws {@link AccessException} if they are unusable.
     */
    public static ApiClient connect(AccessSource source) {
        return connect(source, Patience.standard());
    }

    /** A client with the given timeouts. */
    public static ApiClient connect(AccessSource source, Patience patience) {
        limitBuffers();
        return new ApiClient(source, patience);
    }

    /** The JDK lets a server send 16 MiB ahead of a slow reader, as much as the agent's whole heap may be; 1 MiB is enough for a list. */
    private static void limitBuffers() {
        if (System.getProperty("jdk.httpclient.windowsize") == null) {
            System.setProperty("jdk.httpclient.windowsize", Integer.toString(1 << 20));
            System.setProperty("jdk.httpclient.connectionWindowSize", Integer.toString(4 << 20));
        }
    }

    /**
     * Sets the consumer of the warnings that the server sends with its answers (header Warning, KEP-1693), as text. It is called by the
     * requesting thread, before that gets its answer.
     */
    public void onWarning(Consumer<String> listener) {
        warnings = listener;
    }

    /** The server's address, for messages. */
    public String server() {
        return connection.get().access().server().toString();
    }

    /** Reads an object or a whole list. */
    public byte[] get(String path) {
        return bytes(Call.get(path, patience.answer()));
    }

    /** Reads an object or list as a stream, which the caller closes. Throws {@link IOException} if the server falls silent. */
    public InputStream open(String path) {
        return accepted(Call.get(path, patience.list()).compress(), patience.body())
                .body();
    }

    /** The same for a list whose objects are such messages: JSON with the wanted fields, whatever format the server sends. */
    public InputStream open(String path, Message item) {
        Answer answer = accepted(Call.get(path, patience.list()).concise().compress(), patience.body());
        return answer.protobuf() ? new ListStream(answer.body(), item) : answer.body();
    }

    /** Creates an object (POST to the collection's path); returns it as the server stored it. */
    public byte[] create(String path, byte[] json) {
        return bytes(Call.with("POST", path, Call.JSON, json, patience.answer()));
    }

    /** Replaces an object (PUT); status 409 if its resource version is not the current one. */
    public byte[] update(String path, byte[] json) {
        return bytes(Call.with("PUT", path, Call.JSON, json, patience.answer()));
    }

    /** Changes parts of an object; returns it as stored. */
    public byte[] patch(String path, Patch kind, byte[] body) {
        return bytes(Call.with("PATCH", path, kind.mediaType(), body, patience.answer()));
    }

    /** Deletes an object; returns the object or a Status. */
    public byte[] delete(String path) {
        return delete(path, new byte[0]);
    }

    /** Deletes with {@code DeleteOptions}. */
    public byte[] delete(String path, byte[] options) {
        return bytes(Call.with("DELETE", path, Call.JSON, options, patience.answer()));
    }

    /**
     * Watches: the path must contain {@code watch=true}, and {@code allowWatchBookmarks=true}, because otherwise silence counts as a lost
     * connection.
     */
    public WatchStream watch(String path) {
        Answer answer = accepted(Call.get(path, patience.answer()), patience.watch());
        return new JsonLines(answer.body(), answer.gzip());
    }

    /** The same for objects that are such messages: JSON with the wanted fields, whatever format the server sends. */
    public WatchStream watch(String path, Message object) {
        return events(Call.get(path, patience.answer()).concise(), object);
    }

    /**
     * The same for a streaming list, which servers from 1.37 on compress (WatchListCompression) to a tenth of the bytes. They continue to
     * compress each event for each watcher, which costs them too much time: if {@link WatchStream#compressed}, start a new watch after the
     * list.
     */
    public WatchStream list(String path, Message object) {
        return events(Call.get(path, patience.answer()).concise().compress(), object);
    }

    private WatchStream events(Call call, Message object) {
        Answer answer = accepted(call, patience.watch());
        return answer.protobuf()
                ? new ProtobufFrames(answer.body(), object, answer.gzip())
                : new JsonLines(answer.body(), answer.gzip());
    }

    private byte[] bytes(Call call) {
        try (InputStream body = accepted(call, patience.body()).body()) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw unreachable(connection.get(), e);
        }
    }

    private final class Server implements GuardedStream.Sender {
        private final Connection via;

        Server(Connection via) {
            this.via = via;
            heard();
        }

        @Override
        public void heard() {
            via.line().heard();
        }

        @Override
        public boolean isAlive() throws InterruptedException {
            return via.line().isAlive(patience.quiet(), via::answers);
        }

        @Override
        public void lost() {
            connection.replace(via);
        }
    }

    /** The server's answer, decompressed. */
    private record Answer(InputStream body, boolean protobuf, boolean gzip) {}

    private Answer accepted(Call call, Duration silence) {
        Attempt.Answered answer = exchange(call);
        Connection via = answer.via();
        answer.response().headers().allValues("Warning").stream()
                .flatMap(header -> WarningHeader.texts(header).stream())
                .forEach(warnings);
        InputStream body = new GuardedStream(answer.response().body(), silence, new Server(via));
        try {
            return new Answer(opened(answer.response(), body), protobuf(answer.response()), gzip(answer.response()));
        } catch (IOException e) {
            throw unreachable(via, e);
        }
    }

    /** The body, to be read by the caller; closed if it is a refusal or has the wrong type. */
    private static InputStream opened(HttpResponse<?> response, InputStream body) throws IOException {
        try {
            if (response.statusCode() / 100 != 2) {
                Optional<String> retryAfter = response.headers().firstValue("Retry-After");
                byte[] text = body.readNBytes(1 << 20);
                throw Status.read(response.statusCode(), retryAfter, protobuf(response) ? StatusText.json(text) : text);
            }
            return gzip(response) ? new Gunzip(body) : body;
        } catch (IOException | RuntimeException e) {
            body.close();
            throw e;
        }
    }

    private static boolean gzip(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Encoding")
                .filter("gzip"::equals)
                .isPresent();
    }

    private static boolean protobuf(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith(Call.PROTOBUF))
                .isPresent();
    }

    private Attempt.Answered exchange(Call call) {
        Attempt first = attempt(connection.get(), call);
        Optional<Connection> other = first.maySendAgain() ? connection.other(first.via()) : Optional.empty();
        return answered(other.map(next -> again(first, next, call)).orElse(first));
    }

    private Attempt again(Attempt first, Connection next, Call call) {
        try {
            if (first instanceof Attempt.Answered refused) {
                refused.response().body().close();
            }
            return attempt(next, call);
        } catch (IOException e) {
            throw unreachable(first.via(), e);
        }
    }

    private Attempt attempt(Connection via, Call call) {
        try {
            return Attempt.of(via, call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(via, e);
        }
    }

    private Attempt.Answered answered(Attempt attempt) {
        return switch (attempt) {
            case Attempt.Answered answer -> answer;
            case Attempt.Failed failed -> {
                if (failed.fellSilent()) {
                    connection.replace(failed.via());
                }
                throw unreachable(failed.via(), failed.failure(), failed.nobodyThere() ? source.advice() : "");
            }
        };
    }

    private static UnreachableException unreachable(Connection via, Exception e) {
        return unreachable(via, e, "");
    }

    private static UnreachableException unreachable(Connection via, Exception e, String advice) {
        return new UnreachableException(via.access().server() + ": " + what(e) + advice, e, Attempt.nobodyThere(e));
    }

    /** The JDK's HTTP client gives no message for the two most common failures. */
    private static String what(Exception e) {
        if (e.getMessage() != null) {
            return e.getMessage();
        }
        boolean unknown = Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(UnresolvedAddressException.class::isInstance);
        return unknown ? "no such host" : e instanceof ConnectException ? "nobody listens there" : e.toString();
    }

    /** Ends all connections; streams that are being read fail. */
    @Override
    public void close() {
        connection.close();
    }
}
