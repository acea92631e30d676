package fyr.lab.cluster;

import fyr.apiserver.object.Json;
import fyr.cluster.manifest.Manifest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Whose an object is ({@code metadata.ownerReferences}). In a dump of a cluster owners are named by the uid that they had there, and garbage
 * collectors delete what names owners of which none is there.
 *
 * @param declared what the manifests hold, {@code kind/namespace/name}
 * @param uid of the object of that {@code apiVersion}, kind, namespace and name on the server
 */
record Owners(Set<String> declared, Function<Reference, Optional<String>> uid) {

    /** What the lab's controllers make for owners, by {@link #group} and kind. */
    private static final Map<String, Set<String>> MADE = Map.of(
            "apps Deployment", Set.of("ReplicaSet"),
            "apps ReplicaSet", Set.of("Pod"),
            "apps StatefulSet", Set.of("Pod", "ControllerRevision"),
            "apps DaemonSet", Set.of("Pod", "ControllerRevision"),
            "batch Job", Set.of("Pod"),
            " ReplicationController", Set.of("Pod"),
            " Service", Set.of("Endpoints", "EndpointSlice"),
            " Endpoints", Set.of("EndpointSlice"));

    /** An owner as its dependent names it, in the dependent's namespace. */
    record Reference(String apiVersion, String kind, Optional<String> namespace, String name) {
        @Override
        public String toString() {
            return kind + "/" + name;
        }
    }

    static Owners of(List<Manifest> manifests, String namespace, Function<Reference, Optional<String>> uid) {
        Set<String> declared = new HashSet<>();
        manifests.forEach(one ->
                declared.add(key(one.apiVersion(), one.kind(), one.namespace().orElse(namespace), one.name())));
        return new Owners(declared, uid);
    }

    private static String key(String apiVersion, String kind, String namespace, String name) {
        return group(apiVersion) + " " + kind + "/" + namespace + "/" + name;
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** What becomes of an object. */
    sealed interface Fate {}

    /** It has an owner here, or needs none. */
    record Stays() implements Fate {}

    /** An owner of that name is, or will be, here as another object, and a controller makes what it needs. */
    record MadeAnew(Reference owner) implements Fate {}

    /**
     * No owner is here, so it would be collected.
     *
     * @param other whether another object of that name is here, which does not make such objects
     */
    record Collected(Reference owner, boolean other) implements Fate {}

    Fate of(JsonNode object, Optional<String> namespace) {
        Fate fate = new Stays();
        for (JsonNode one : Json.items(object, "metadata", "ownerReferences")) {
            Reference owner = new Reference(
                    Json.text(one, "apiVersion"), Json.text(one, "kind"), namespace, Json.text(one, "name"));
            Optional<String> here = uid.apply(owner);
            if (here.filter(Json.text(one, "uid")::equals).isPresent()) {
                return new Stays();
            }
            boolean other = here.isPresent()
                    || declared.contains(key(owner.apiVersion(), owner.kind(), namespace.orElse(""), owner.name()));
            if (other && made(owner).contains(Json.text(object, "kind"))) {
                fate = new MadeAnew(owner);
            } else if (fate instanceof Stays) {
                fate = new Collected(owner, other);
            }
        }
        return fate;
    }

    private static Set<String> made(Reference owner) {
        return MADE.getOrDefault(group(owner.apiVersion()) + " " + owner.kind(), Set.of());
    }
}
