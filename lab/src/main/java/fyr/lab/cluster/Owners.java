package fyr.lab.cluster;

import fyr.cluster.manifest.Manifest;
import fyr.lab.api.Json;
import java.util.HashSet;
import java.util.List;
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

    /** An owner as its dependent names it, in the dependent's namespace. */
    record Reference(String apiVersion, String kind, Optional<String> namespace, String name) {
        @Override
        public String toString() {
            return kind + "/" + name;
        }
    }

    static Owners of(List<Manifest> manifests, String namespace, Function<Reference, Optional<String>> uid) {
        Set<String> declared = new HashSet<>();
        manifests.forEach(one -> declared.add(one.kind() + "/" + one.namespace().orElse(namespace) + "/" + one.name()));
        return new Owners(declared, uid);
    }

    /** What becomes of an object. */
    sealed interface Fate {}

    /** It has an owner here, or needs none. */
    record Stays() implements Fate {}

    /** An owner of that name is, or will be, here as another object, and makes what it needs. */
    record MadeAnew(Reference owner) implements Fate {}

    /** No owner is here, so it would be collected. */
    record Collected(Reference owner) implements Fate {}

    Fate of(JsonNode object, Optional<String> namespace) {
        Fate fate = new Stays();
        for (JsonNode one : Json.items(object, "metadata", "ownerReferences")) {
            Reference owner = new Reference(
                    Json.text(one, "apiVersion"), Json.text(one, "kind"), namespace, Json.text(one, "name"));
            Optional<String> here = uid.apply(owner);
            if (here.filter(Json.text(one, "uid")::equals).isPresent()) {
                return new Stays();
            }
            boolean anew = here.isPresent()
                    || declared.contains(owner.kind() + "/" + namespace.orElse("") + "/" + owner.name());
            if (anew) {
                fate = new MadeAnew(owner);
            } else if (fate instanceof Stays) {
                fate = new Collected(owner);
            }
        }
        return fate;
    }
}
