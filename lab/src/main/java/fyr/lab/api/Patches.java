package fyr.lab.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One entry to the patch formats. */
final class Patches {
    private Patches() {}

    static JsonNode apply(Resource resource, ObjectNode target, PatchKind kind, JsonNode patch) {
        return switch (kind) {
            case JSON -> JsonPatch.apply(target, patch);
            case MERGE -> MergePatch.apply(target, object(patch));
            case STRATEGIC -> StrategicMergePatch.apply(resource, target, object(patch));
            case APPLY -> StrategicMergePatch.applied(resource, target, applied(object(patch)));
        };
    }

    private static ObjectNode object(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            return object;
        }
        throw StatusException.badRequest("the patch is no object");
    }

    private static ObjectNode applied(ObjectNode configuration) {
        ObjectNode copy = configuration.deepCopy();
        Json.child(copy, "metadata").remove("managedFields");
        return copy;
    }
}
