package fyr.apiserver.patch;

import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.schema.Field;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One entry to the patch formats. */
public final class Patches {
    private Patches() {}

    /** The target with the patch applied; neither is changed. */
    public static JsonNode apply(Map<String, Field> fields, ObjectNode target, PatchKind kind, JsonNode patch) {
        return switch (kind) {
            case JSON -> JsonPatch.apply(target, patch);
            case MERGE -> MergePatch.apply(target, object(patch));
            case STRATEGIC -> StrategicMergePatch.apply(fields, target, object(patch));
            case APPLY -> StrategicMergePatch.applied(fields, target, applied(object(patch)));
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
