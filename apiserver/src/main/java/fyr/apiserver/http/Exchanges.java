package fyr.apiserver.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.store.Registry;
import fyr.apiserver.store.Watch;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Turns HTTP exchanges into calls and back. */
public final class Exchanges implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Exchanges.class.getName());
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Registry registry;
    private final Objects objects;
    private final ApiToken token;
    private final Discovery discovery;
    private final OpenApi openApi;

    /** Answers clients that have the token with the objects of the registry. */
    public Exchanges(Registry registry, ApiToken token) {
        this.token = token;
        this.registry = registry;
        this.objects = new Objects(registry);
        this.discovery = new Discovery(registry.catalog());
        this.openApi = new OpenApi(registry.catalog());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            serve(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            token.check(exchange); // before a byte of the body is read
            Request request = Request.of(exchange);
            Optional<Target> target = Target.parse(registry.catalog(), request.path());
            boolean watch = request.method().equals("GET") && request.query().truth("watch");
            if (target.isPresent() && watch) {
                watch(exchange, target.get(), request);
            } else if (target.isPresent()) {
                send(exchange, objects.answer(target.get(), request));
            } else {
                other(exchange, request);
            }
        } catch (StatusException refusal) {
            send(exchange, new Answer(refusal.code(), Answer.JSON, refusal.status(), List.of()));
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI(), bug);
            StatusException failure = StatusException.of(500, "InternalError", "Internal error occurred: " + bug);
            send(exchange, new Answer(500, Answer.JSON, failure.status(), List.of()));
        }
    }

    /** A watch of one object is a watch of the kind that selects its name. */
    private void watch(HttpExchange exchange, Target target, Request request) throws IOException, InterruptedException {
        Selector selector = target.name().isEmpty()
                ? Objects.selector(target, request)
                : Selector.parse(target.resource(), "", "metadata.name=" + target.name());
        Watch watch = WatchStream.open(registry.store(), target, selector, request.query());
        exchange.getResponseHeaders().set("Content-Type", Answer.JSON);
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        new WatchStream(watch, target.resource(), View.of(request.accept()), request.query(), out).run();
        out.close();
    }

    private void other(HttpExchange exchange, Request request) throws IOException {
        if (request.writes()) {
            throw Target.parse(registry.catalog(), request.path()).isPresent()
                    ? Objects.notAllowed(request.method())
                    : StatusException.of(404, "NotFound", "the server could not find the requested resource");
        }
        String path = String.join("/", request.path());
        boolean aggregated = request.accept().contains("as=APIGroupDiscoveryList")
                && request.accept().contains("v=v2;");
        switch (path) {
            case "version" -> send(exchange, Answer.ok(ServerVersion.document()));
            case "healthz", "livez", "readyz" -> text(exchange, "text/plain", "ok");
            case "api" -> send(exchange, discovery(aggregated, true));
            case "apis" -> send(exchange, discovery(aggregated, false));
            case "api/v1" -> send(exchange, Answer.ok(discovery.resources("", "v1")));
            case "openapi/v3" -> send(exchange, Answer.ok(openApi.index()));
            case "openapi/v3/api/v1" -> send(exchange, Answer.ok(openApi.document("", "v1")));
            // An empty document in the binary form that clients ask for: nothing is described in it.
            case "openapi/v2" -> text(exchange, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", "");
            default -> send(exchange, Answer.ok(ofGroup(request.path())));
        }
    }

    private Answer discovery(boolean aggregated, boolean core) {
        return aggregated
                ? new Answer(200, AGGREGATED, discovery.aggregated(core), List.of())
                : Answer.ok(core ? discovery.versions() : discovery.groups());
    }

    private ObjectNode ofGroup(List<String> path) {
        for (String group : discovery.names()) {
            if (path.equals(List.of("apis", group))) {
                return discovery.group(group);
            }
            for (String version : discovery.versionsOf(group)) {
                if (path.equals(List.of("apis", group, version))) {
                    return discovery.resources(group, version);
                } else if (path.equals(List.of("openapi", "v3", "apis", group, version))) {
                    return openApi.document(group, version);
                }
            }
        }
        throw StatusException.of(404, "NotFound", "the server could not find the requested resource");
    }

    private static void text(HttpExchange exchange, String type, String text) throws IOException {
        respond(exchange, 200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.warnings().stream()
                .limit(20)
                .forEach(warning -> exchange.getResponseHeaders().add("Warning", "299 - \"" + header(warning) + "\""));
        respond(exchange, answer.code(), answer.contentType(), Json.MAPPER.writeValueAsBytes(answer.body()));
    }

    /** Quoted, and without characters that are not allowed in a header. */
    private static String header(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static void respond(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
