package fyr.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fyr.agent.observe.Metrics;
import fyr.agent.proxy.serve.HttpLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code /healthz} (the agent makes progress), {@code /readyz} (the kernel follows the cluster) and {@code /metrics}. */
final class HealthServer implements AutoCloseable {

    private static final int BACKLOG = 16;

    static {
        HttpLimits.apply();
    }

    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    /**
     * @param note a remark that is shown with readiness although all is well
     * @throws AgentException if the address is taken
     */
    static HealthServer start(
            InetSocketAddress address,
            Supplier<Readiness> alive,
            Supplier<Readiness> ready,
            Supplier<Optional<String>> note,
            Metrics metrics) {
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/healthz", exchange -> answer(exchange, alive.get(), Optional.empty()));
            server.createContext("/readyz", exchange -> answer(exchange, ready.get(), note.get()));
            server.createContext(
                    "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", metrics.text()));
            server.start();
            return new HealthServer(server);
        } catch (IOException e) {
            throw new AgentException(
                    "cannot serve health at " + address.getHostString() + ":" + address.getPort() + ": "
                            + e.getMessage() + "; free the port or choose another with --health-port",
                    e);
        }
    }

    private static void answer(HttpExchange exchange, Readiness readiness, Optional<String> note) throws IOException {
        String rest = note.map(text -> text + "\n").orElse("");
        switch (readiness) {
            case Readiness.Ready _ -> text(exchange, 200, "ok\n" + rest);
            case Readiness.Strained(String remark) -> text(exchange, 200, "ok\n" + remark + "\n" + rest);
            case Readiness.NotReady(String why) -> text(exchange, 503, why + "\n" + rest);
        }
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
