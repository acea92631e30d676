package fyr.apiserver.http;

import com.sun.net.httpserver.HttpExchange;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request, taken apart.
 *
 * @param contentType in lower case, without parameters
 */
record Request(String method, List<String> path, Query query, String accept, String contentType, byte[] body) {
    /** As the real server: what etcd would take, doubled. */
    private static final int MOST = 3 * 1024 * 1024;

    static Request of(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST + 1);
        if (body.length > MOST) {
            throw StatusException.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + MOST);
        }
        String path = Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
        // A slash too many is kept as an empty step, which no path has: pods/ is not the collection pods, whatever
        // DELETE would do to that.
        List<String> steps = List.of(path.substring(Math.min(path.length(), 1)).split("/", -1));
        return new Request(
                exchange.getRequestMethod(),
                steps,
                Query.parse(Optional.ofNullable(exchange.getRequestURI().getRawQuery())),
                header(exchange, "Accept"),
                header(exchange, "Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT),
                body);
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    boolean writes() {
        return !method.equals("GET") && !method.equals("HEAD");
    }

    /** The body as a tree; YAML is not read here, as no client of the API but server-side apply sends it. */
    JsonNode tree() {
        try {
            JsonNode tree = Json.MAPPER.readTree(body);
            return tree == null ? Json.object() : tree;
        } catch (JacksonException e) {
            throw StatusException.badRequest("the body of the request is not JSON: " + e.getOriginalMessage());
        }
    }

    ObjectNode object() {
        if (contentType.equals(
                "application/vnd.kubernetes.protobuf")) { // kubectl create and other typed clients, without asking
            throw StatusException.of(
                    415,
                    "UnsupportedMediaType",
                    "a lab's API server reads no protobuf: use kubectl create ... --dry-run=client -o yaml | kubectl apply -f -");
        }
        if (!contentType.isEmpty()
                && !contentType.contains("json")
                && !contentType.equals("application/apply-patch+yaml")) {
            throw StatusException.of(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: application/json");
        }
        return tree() instanceof ObjectNode object ? object : refuse();
    }

    private static ObjectNode refuse() {
        throw StatusException.badRequest("the body of the request is no object");
    }

    PatchKind patchKind() {
        return switch (contentType) {
            case "application/json-patch+json" -> PatchKind.JSON;
            case "application/merge-patch+json" -> PatchKind.MERGE;
            case "application/strategic-merge-patch+json" -> PatchKind.STRATEGIC;
            case "application/apply-patch+yaml", "application/apply-patch+json" -> PatchKind.APPLY;
            default ->
                throw unknownFormat("application/json-patch+json, application/merge-patch+json, "
                        + "application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    }

    static StatusException unknownFormat(String accepted) {
        return StatusException.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted);
    }

    WriteOptions writeOptions() {
        return new WriteOptions(
                query.text("dryRun").equals("All"),
                query.text("fieldValidation").equals("Strict"));
    }

    /** From the body or, as older clients send them, the query. */
    DeleteOptions deleteOptions() {
        JsonNode options = body.length == 0 ? Json.object() : object();
        Optional<Long> grace = options.has("gracePeriodSeconds")
                ? Optional.of(Json.number(options, 30, "gracePeriodSeconds"))
                : query.number("gracePeriodSeconds");
        String propagation = options.has("propagationPolicy")
                ? Json.text(options, "propagationPolicy")
                : query.text("propagationPolicy");
        boolean orphan = propagation.equals("Orphan") || Json.truth(options, "orphanDependents");
        Optional<String> uid =
                Optional.of(Json.text(options, "preconditions", "uid")).filter(one -> !one.isEmpty());
        boolean dryRun = query.text("dryRun").equals("All")
                || Json.texts(options, "dryRun").contains("All");
        return new DeleteOptions(grace, orphan, uid, dryRun);
    }
}
