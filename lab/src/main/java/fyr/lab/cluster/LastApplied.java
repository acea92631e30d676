package fyr.lab.cluster;

import fyr.apiserver.object.Json;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** The manifest that was applied the last time, kept with the object under kubectl's own annotation, so that either may apply after the other. */
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** What the object remembers; empty when nobody has applied it, or it cannot be read. */
    static ObjectNode of(ObjectNode live) {
        try {
            String text = Json.text(live, "metadata", "annotations", ANNOTATION);
            return !text.isEmpty() && Json.MAPPER.readTree(text) instanceof ObjectNode last ? last : Json.object();
        } catch (JacksonException broken) {
            return Json.object();
        }
    }

    /** The manifest as it is sent: with its namespace, and with itself as its annotation. */
    static ObjectNode marked(ObjectNode manifest, Optional<String> namespace) {
        ObjectNode plain = manifest.deepCopy();
        ObjectNode metadata = Json.child(plain, "metadata");
        namespace.ifPresent(name -> metadata.put("namespace", name));
        if (metadata.get("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        ObjectNode marked = plain.deepCopy();
        Json.child(Json.child(marked, "metadata"), "annotations").put(ANNOTATION, plain + "\n");
        return marked;
    }
}
