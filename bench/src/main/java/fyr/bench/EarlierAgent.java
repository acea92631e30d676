package fyr.bench;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.WatchStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The requests of an agent that follows all pods, lists in pages and asks for JSON: the baseline. */
final class EarlierAgent {

    private static final List<String> KINDS = List.of(
            "/api/v1/nodes",
            "/api/v1/namespaces",
            "/api/v1/pods",
            "/api/v1/services",
            "/apis/discovery.k8s.io/v1/endpointslices",
            "/apis/networking.k8s.io/v1/networkpolicies");

    private static final Pattern NEXT = Pattern.compile("\"continue\":\"([^\"]+)\"");
    private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"([0-9]+)\"");
    private static final int HEAD = 4 << 10;

    private EarlierAgent() {}

    /** Lists everything. */
    static void list(ApiClient client) throws IOException {
        for (String kind : KINDS) {
            Optional<String> next = Optional.empty();
            do {
                String path = kind + "?limit=500"
                        + next.map(token -> "&continue=" + token).orElse("");
                next = page(client, path);
            } while (next.isPresent());
        }
    }

    /** The API server writes a list's metadata first. */
    private static Optional<String> page(ApiClient client, String path) throws IOException {
        try (InputStream body = client.open(path)) {
            String head = new String(body.readNBytes(HEAD), StandardCharsets.UTF_8);
            body.transferTo(OutputStream.nullOutputStream());
            return NEXT.matcher(head).results().findFirst().map(match -> match.group(1));
        }
    }

    /** Watches everything from now on; closing it closes the client. */
    static AutoCloseable watch(ApiClient client) throws IOException {
        for (String kind : KINDS) {
            String version;
            try (InputStream body = client.open(kind + "?limit=1")) {
                version = VERSION.matcher(new String(body.readNBytes(HEAD), StandardCharsets.UTF_8))
                        .results()
                        .findFirst()
                        .map(match -> match.group(1))
                        .orElseThrow();
            }
            WatchStream stream = client.watch(
                    kind + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=3600&resourceVersion=" + version);
            Thread.ofVirtual().start(() -> drain(stream));
        }
        return client;
    }

    private static void drain(WatchStream stream) {
        try (stream) {
            while (stream.next().isPresent()) {
                Thread.onSpinWait();
            }
        } catch (IOException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
