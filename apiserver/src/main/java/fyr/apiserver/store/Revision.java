package fyr.apiserver.store;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The next form of a stored object: what was written, less what writers cannot change. */
final class Revision {
    /** Metadata that only the server writes. */
    private static final List<String> OURS = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "resourceVersion",
            "generateName");

    private Revision() {}

    /** A tree of its own. A 409 when the written one is about another version or another object of the same name. */
    static ObjectNode of(Resource resource, Subresource part, ObjectNode before, ObjectNode written) {
        String name = Json.name(before);
        String version = Json.text(written, "metadata", "resourceVersion");
        if (!version.isEmpty()
                && !version.equals("0")
                && !version.equals(Json.text(before, "metadata", "resourceVersion"))) {
            throw StatusException.conflict(
                    resource.names(),
                    name,
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
        String uid = Json.uid(written);
        if (!uid.isEmpty() && !uid.equals(Json.uid(before))) {
            throw StatusException.conflict(
                    resource.names(),
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Json.uid(before));
        }
        ObjectNode after = (part == Subresource.STATUS ? before : written).deepCopy();
        if (part == Subresource.STATUS) {
            take(after, written, "status");
        } else {
            if (resource.hasStatus()) {
                take(after, before, "status");
            }
            ObjectNode metadata = Json.child(after, "metadata");
            metadata.remove("managedFields");
            OURS.forEach(field -> take(metadata, before.path("metadata"), field));
        }
        return after;
    }

    /** With the next generation when the desired state has changed. */
    static ObjectNode numbered(ObjectNode before, ObjectNode after) {
        if (after.has("spec") && !Json.same(after.path("spec"), before.path("spec"))) {
            Json.child(after, "metadata").put("generation", Json.number(before, 0, "metadata", "generation") + 1);
        }
        return after;
    }

    private static void take(ObjectNode into, JsonNode from, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            into.remove(field);
        } else {
            into.set(field, value);
        }
    }
}
