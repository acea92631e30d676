package fyr.agent.proxy.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import fyr.model.Node;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * kube-proxy's two servers: {@code /healthz} and {@code /livez} for load balancers and probes, and {@code /metrics} with {@code /healthz}
 * and {@code /proxyMode} for monitoring. An address that is taken is tried again every five seconds, unless that is to be an error.
 */
public final class ProxyServers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int BACKLOG = 64;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final boolean hardFail;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Thread> waiting = new ArrayList<>();
    private boolean closed;

    /** {@code hardFail}: an address that is taken is an error. */
    public ProxyServers(boolean hardFail) {
        HttpLimits.apply();
        this.hardFail = hardFail;
    }

    /**
     * Serves health.
     *
     * @param node this node's object
     * @throws IOException if the address is taken and that is an error
     */
    public void health(
            InetSocketAddress address, ProxyHealth health, Supplier<Optional<Node>> node, ProxyMetrics metrics)
            throws IOException {
        serve(
                "health",
                address,
                Map.of(
                        "/healthz",
                        exchange -> {
                            ProxyAnswer answer = health.healthz(node.get());
                            metrics.answeredHealthz(answer.status());
                            send(exchange, answer.status(), "application/json", bytes(answer.body()));
                        },
                        "/livez",
                        exchange -> {
                            ProxyAnswer answer = health.livez();
                            metrics.answeredLivez(answer.status());
                            send(exchange, answer.status(), "application/json", bytes(answer.body()));
                        }));
    }

    /**
     * Serves metrics.
     *
     * @throws IOException if the address is taken and that is an error
     */
    public void metrics(InetSocketAddress address, ProxyMetrics metrics, String mode) throws IOException {
        serve(
                "metrics",
                address,
                Map.of(
                        "/metrics",
                        exchange -> send(exchange, 200, "text/plain; version=0.0.4", metrics.text()),
                        "/healthz",
                        exchange -> send(exchange, 200, "text/plain; charset=utf-8", bytes("ok")),
                        "/proxyMode",
                        exchange -> send(exchange, 200, "text/plain; charset=utf-8", bytes(mode))));
    }

    private void serve(String what, InetSocketAddress address, Map<String, HttpHandler> paths) throws IOException {
        try {
            bind(address, paths);
        } catch (IOException taken) {
            String text = "kube-proxy's " + what + " cannot be served at " + address.getHostString() + ":"
                    + address.getPort() + ": " + taken.getMessage();
            if (hardFail) {
                throw new IOException(
                        text + "; free the port, choose another, or set bindAddressHardFail: false", taken);
            }
            LOG.log(Level.WARNING, text + "; tried again every " + RETRY.toSeconds() + " s");
            synchronized (this) {
                waiting.add(Thread.ofVirtual().start(() -> retry(what, address, paths)));
            }
        }
    }

    private void retry(String what, InetSocketAddress address, Map<String, HttpHandler> paths) {
        while (true) {
            try {
                Thread.sleep(RETRY);
                bind(address, paths);
                LOG.log(Level.INFO, "kube-proxy''s {0} is served now", what);
                return;
            } catch (IOException _) {
                // it has been said already
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private synchronized void bind(InetSocketAddress address, Map<String, HttpHandler> paths) throws IOException {
        if (closed) {
            return;
        }
        HttpServer server = HttpServer.create(address, BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        // A context is a prefix, and kube-proxy's paths are not.
        server.createContext(
                "/",
                exchange -> paths.getOrDefault(
                                exchange.getRequestURI().getPath(),
                                missing ->
                                        send(missing, 404, "text/plain; charset=utf-8", bytes("404 page not found\n")))
                        .handle(exchange));
        server.start();
        servers.add(server);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting.forEach(Thread::interrupt);
        servers.forEach(server -> server.stop(0));
    }
}
