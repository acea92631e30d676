package fyr.apiserver.object;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The list of conditions in a status. */
public final class Conditions {
    private Conditions() {}

    /** Sets a condition in place; the time of its last transition moves only when its status does. */
    public static void set(ObjectNode status, String type, String value, String now) {
        ArrayNode list = status.get("conditions") instanceof ArrayNode found ? found : status.putArray("conditions");
        for (JsonNode one : list.values()) {
            if (Json.text(one, "type").equals(type) && one instanceof ObjectNode condition) {
                if (!Json.text(one, "status").equals(value)) {
                    condition.put("status", value).put("lastTransitionTime", now);
                }
                return;
            }
        }
        list.addObject().put("type", type).put("status", value).put("lastTransitionTime", now);
    }

    /** Whether the object's status has this condition with the value {@code True}. */
    public static boolean isTrue(JsonNode object, String type) {
        return Json.items(object, "status", "conditions").stream()
                .anyMatch(one -> Json.text(one, "type").equals(type)
                        && Json.text(one, "status").equals("True"));
    }
}
