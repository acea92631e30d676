package fyr.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An API server that follows a script: each kind has a queue of answers, each a list or a watch. A kind without a script lists nothing and
 * watches silently. It refuses streaming lists, as servers before 1.27 do, until it is told to support them.
 */
final class ScriptedServer implements AutoCloseable {

    /** The bookmark that ends the beginning of a streaming list. */
    static final String INITIAL_END =
            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}";

    /** One answer: a status, the header Retry-After or empty, and lines; {@code hold} keeps the connection open after them. */
    record Answer(int status, String retryAfter, boolean hold, List<String> lines) {}

    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> refusedStreams = new CopyOnWriteArrayList<>();
    volatile boolean streams;
    private final Map<String, BlockingQueue<Answer>> scripts = new ConcurrentHashMap<>();
    private final HttpServer server;

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next answer for this kind (the last word of its path). */
    void script(String kind, int status, boolean hold, String... lines) {
        add(kind, new Answer(status, "", hold, List.of(lines)));
    }

    void refuse(String kind, int status, String retryAfter, String text) {
        add(kind, new Answer(status, retryAfter, false, List.of(text)));
    }

    private void add(String kind, Answer answer) {
        scripts.computeIfAbsent(kind, k -> new LinkedBlockingQueue<>()).add(answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        boolean stream = uri.getQuery() != null && uri.getQuery().contains("sendInitialEvents=true");
        if (stream && !streams) {
            refusedStreams.add(uri.toString());
            byte[] no = "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"forbidden\",\"code\":422}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(422, no.length);
            exchange.getResponseBody().write(no);
            exchange.close();
            return;
        }
        requests.add(exchange.getRequestMethod() + " " + uri + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        String kind = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        boolean watch = uri.getQuery() != null && uri.getQuery().contains("watch=true");
        Answer answer = scripts.containsKey(kind) ? scripts.get(kind).poll() : null;
        if (answer == null) {
            answer = stream
                    ? new Answer(200, "", true, List.of(INITIAL_END))
                    : watch
                            ? new Answer(200, "", true, List.of())
                            : new Answer(
                                    200, "", false, List.of("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"));
        }
        if (!answer.retryAfter.isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", answer.retryAfter);
        }
        exchange.sendResponseHeaders(answer.status, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String line : answer.lines) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            if (answer.hold) {
                Thread.sleep(60_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
