package fyr.lab.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Applies, deletes and reads objects of any kind that the API server has. For one thread. */
public final class Objects {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> USUAL =
            List.of("v1", "apps/v1", "networking.k8s.io/v1", "discovery.k8s.io/v1", "batch/v1");
    /** What {@link #delete} says of an object that was there. */
    public static final String DELETED = "deleted";

    private static final String BACKGROUND =
            "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\"}";

    private final ApiClient client;
    private final Map<String, List<Kind>> kinds = new HashMap<>();
    private final List<String> versions = new ArrayList<>();

    public Objects(ApiClient client) {
        this.client = client;
    }

    /**
     * The result: {@code failed} counts objects that were refused, {@code unknown} those whose kind the server does not have, {@code
     * passed} those that their owners here create again.
     */
    public record Outcome(int done, int unknown, int passed, int failed) {}

    /**
     * Creates missing objects and changes existing ones ({@link Application}), namespaces first; every object of a known kind has its line,
     * and a problem of many objects has one line at the end.
     */
    public Outcome apply(List<Manifest> manifests, String namespace, Consumer<String> lines) {
        Owners owners = Owners.of(manifests, namespace, this::uid);
        return new Applications(this, client, owners, namespace, oneLine(lines)).of(sorted(manifests));
    }

    /** Deletes, namespaces last; a missing object is no failure. */
    public Outcome delete(List<Manifest> manifests, String namespace, Consumer<String> raw) {
        Consumer<String> lines = oneLine(raw);
        ApplyReport report = new ApplyReport();
        int done = 0;
        int unknown = 0;
        int failed = 0;
        for (Manifest manifest : sorted(manifests).reversed()) {
            Optional<Kind> kind = kind(manifest);
            if (kind.isEmpty()) {
                unknown++;
                report.unknown(manifest, servedAs(manifest));
                continue;
            }
            String title = title(manifest, kind.get());
            try {
                String what = delete(kind.get(), where(manifest, kind.get(), namespace), manifest.name());
                done += what.equals(DELETED) ? 1 : 0;
                lines.accept(title + " " + what);
            } catch (ApiException | LabException refused) {
                failed++;
                lines.accept(manifest.position() + ": " + title + ": " + refused.getMessage());
            }
        }
        report.lines().forEach(lines);
        return new Outcome(done, unknown, manifests.size() - done - unknown - failed, failed);
    }

    /** Whatever stands in a manifest, or comes from a server. */
    private static Consumer<String> oneLine(Consumer<String> lines) {
        return line -> lines.accept(line.replaceAll("\\p{Cntrl}", "?"));
    }

    static String title(Manifest manifest, Kind kind) {
        return kind.kind().toLowerCase(Locale.ROOT) + "/" + manifest.name();
    }

    private static List<Manifest> sorted(List<Manifest> manifests) {
        return manifests.stream()
                .sorted(Comparator.comparing(manifest -> !manifest.kind().equals("Namespace")))
                .toList();
    }

    static Optional<String> where(Manifest manifest, Kind kind, String namespace) {
        return kind.namespaced() ? Optional.of(manifest.namespace().orElse(namespace)) : Optional.empty();
    }

    private Optional<String> uid(Owners.Reference owner) {
        return kind(owner.apiVersion(), owner.kind())
                .flatMap(kind -> find(kind, owner.namespace(), owner.name()))
                .map(object -> object.path("metadata").path("uid").asString(""));
    }

    /** Checks that this namespace exists: a namespace that does not exist has no objects either, so an empty result would say nothing. */
    public void requireNamespace(String name) {
        if (find(kind("namespaces"), Optional.empty(), name).isEmpty()) {
            throw new LabException("namespace " + name + " does not exist");
        }
    }

    /** The object of that name, if there is one. */
    Optional<JsonNode> find(Kind kind, Optional<String> namespace, String name) {
        try {
            return Optional.of(get(kind, namespace, Optional.of(name)).getFirst());
        } catch (ApiException refused) {
            if (refused.notFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** The version in which the server has a kind of that name, for objects of versions that Kubernetes has removed. */
    Optional<String> servedAs(Manifest manifest) {
        return versions().stream()
                .filter(version -> kind(version, manifest.kind()).isPresent())
                .findFirst();
    }

    /** Deletes an object with its dependents; {@code deleted}, or {@code not found}. */
    public String delete(Kind kind, Optional<String> namespace, String name) {
        try {
            client.delete(kind.path(namespace, Optional.of(name)), BACKGROUND.getBytes(StandardCharsets.UTF_8));
            return DELETED;
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

    Optional<Kind> kind(Manifest manifest) {
        return kind(manifest.apiVersion(), manifest.kind());
    }

    /** What is not known is asked for again: a definition may have been applied meanwhile. */
    private Optional<Kind> kind(String apiVersion, String name) {
        Optional<Kind> known = known(apiVersion, name);
        if (known.isEmpty()) {
            kinds.remove(apiVersion);
        }
        return known.or(() -> known(apiVersion, name));
    }

    private Optional<Kind> known(String apiVersion, String name) {
        return kinds(apiVersion).stream()
                .filter(kind -> kind.kind().equals(name))
                .findFirst();
    }

    /** The most likely candidates first, then all others. */
    private List<String> versions() {
        if (versions.isEmpty()) {
            versions.addAll(USUAL);
            JSON.readTree(client.get("/apis"))
                    .path("groups")
                    .forEach(group -> versions.add(
                            group.path("preferredVersion").path("groupVersion").asString("")));
        }
        return versions.stream().distinct().toList();
    }

    /** The kind with this name: {@code pods}, {@code pod}, {@code po}, {@code Pod}. */
    public Kind kind(String word) {
        return versions().stream()
                .flatMap(version -> kinds(version).stream())
                .filter(kind -> Stream.concat(Stream.of(kind.kind(), kind.plural()), kind.names().stream())
                        .anyMatch(word::equalsIgnoreCase))
                .findFirst()
                .orElseThrow(() -> new LabException("no kind of object is called '" + word + "' here"));
    }

    private List<Kind> kinds(String apiVersion) {
        if (!apiVersion.matches("[A-Za-z0-9.-]+(/[A-Za-z0-9]+)?")) {
            return List.of(); // not to be put into a path
        }
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
