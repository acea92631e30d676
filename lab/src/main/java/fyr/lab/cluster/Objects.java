package fyr.lab.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Applies, deletes and reads objects of any kind that the API server has. For one thread. */
public final class Objects {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> USUAL =
            List.of("v1", "apps/v1", "networking.k8s.io/v1", "discovery.k8s.io/v1", "batch/v1");
    private static final String BACKGROUND =
            "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\"}";

    private final ApiClient client;
    private final Map<String, List<Kind>> kinds = new HashMap<>();

    public Objects(ApiClient client) {
        this.client = client;
    }

    /** How it went: {@code failed} counts objects that were refused, {@code unknown} those whose kind the server does not have. */
    public record Outcome(int done, int unknown, int failed) {}

    /** Creates what is absent and changes what is there ({@link Application}), namespaces first; every object has its line. */
    public Outcome apply(List<Manifest> manifests, String namespace, Consumer<String> lines) {
        return each(sorted(manifests), lines, (manifest, kind) -> apply(manifest, kind, namespace));
    }

    /** Deletes, namespaces last; what is absent is no failure. */
    public Outcome delete(List<Manifest> manifests, String namespace, Consumer<String> lines) {
        return each(
                sorted(manifests).reversed(),
                lines,
                (manifest, kind) -> delete(kind, where(manifest, kind, namespace), manifest.name()));
    }

    private interface Action {
        String on(Manifest manifest, Kind kind);
    }

    private Outcome each(List<Manifest> manifests, Consumer<String> lines, Action action) {
        int unknown = 0;
        int failed = 0;
        for (Manifest manifest : manifests) {
            Optional<Kind> kind = kind(manifest);
            if (kind.isEmpty()) {
                unknown++;
                lines.accept(manifest.position() + ": " + manifest.apiVersion() + " " + manifest.kind()
                        + " is unknown here, passed over");
                continue;
            }
            String title = kind.get().kind().toLowerCase(java.util.Locale.ROOT) + "/" + manifest.name();
            try {
                lines.accept(title + " " + action.on(manifest, kind.get()));
            } catch (ApiException | LabException refused) {
                failed++;
                lines.accept(manifest.position() + ": " + title + ": " + refused.getMessage());
            }
        }
        return new Outcome(manifests.size() - unknown - failed, unknown, failed);
    }

    private static List<Manifest> sorted(List<Manifest> manifests) {
        return manifests.stream()
                .sorted(Comparator.comparing(manifest -> !manifest.kind().equals("Namespace")))
                .toList();
    }

    private static Optional<String> where(Manifest manifest, Kind kind, String namespace) {
        return kind.namespaced() ? Optional.of(manifest.namespace().orElse(namespace)) : Optional.empty();
    }

    private String apply(Manifest manifest, Kind kind, String namespace) {
        ObjectNode object = (ObjectNode) JSON.readTree(manifest.json());
        return Application.of(client, kind, where(manifest, kind, namespace), object)
                .run();
    }

    /** Deletes an object with all that it owns; {@code deleted}, or {@code not found}. */
    public String delete(Kind kind, Optional<String> namespace, String name) {
        try {
            client.delete(kind.path(namespace, Optional.of(name)), BACKGROUND.getBytes(StandardCharsets.UTF_8));
            return "deleted";
        } catch (ApiException refused) {
            if (refused.notFound()) {
                return "not found";
            }
            throw refused;
        }
    }

    /** The objects of a kind, all or the one of that name. */
    public List<JsonNode> get(Kind kind, Optional<String> namespace, Optional<String> name) {
        JsonNode answer = JSON.readTree(client.get(kind.path(namespace, name)));
        List<JsonNode> objects = new ArrayList<>();
        if (name.isPresent()) {
            objects.add(answer);
        } else {
            answer.path("items").forEach(objects::add);
        }
        return objects;
    }

    private Optional<Kind> kind(Manifest manifest) {
        return kinds(manifest.apiVersion()).stream()
                .filter(kind -> kind.kind().equals(manifest.kind()))
                .findFirst();
    }

    /** The kind that people call so: {@code pods}, {@code pod}, {@code po}, {@code Pod}. */
    public Kind kind(String word) {
        return USUAL.stream()
                .flatMap(version -> kinds(version).stream())
                .filter(kind -> Stream.concat(Stream.of(kind.kind(), kind.plural()), kind.names().stream())
                        .anyMatch(word::equalsIgnoreCase))
                .findFirst()
                .orElseThrow(() -> new LabException("no kind of object is called '" + word + "' here"));
    }

    private List<Kind> kinds(String apiVersion) {
        return kinds.computeIfAbsent(apiVersion, version -> {
            try {
                return kinds(
                        version, JSON.readTree(client.get((version.contains("/") ? "/apis/" : "/api/") + version)));
            } catch (ApiException refused) {
                if (refused.notFound()) {
                    return List.of();
                }
                throw refused;
            }
        });
    }

    private static List<Kind> kinds(String version, JsonNode discovery) {
        List<Kind> kinds = new ArrayList<>();
        for (JsonNode resource : discovery.path("resources")) {
            String plural = resource.path("name").asString();
            if (!plural.contains("/")) { // no subresource
                List<String> names =
                        new ArrayList<>(List.of(resource.path("singularName").asString("")));
                resource.path("shortNames").forEach(name -> names.add(name.asString()));
                kinds.add(new Kind(
                        version,
                        resource.path("kind").asString(),
                        plural,
                        resource.path("namespaced").asBoolean(),
                        names));
            }
        }
        return kinds;
    }
}
