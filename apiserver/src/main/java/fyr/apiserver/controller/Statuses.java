package fyr.apiserver.controller;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Status writes, only where something differs. */
final class Statuses {
    private Statuses() {}

    /** The write that makes the object's status what the change makes of a copy of it; none when it is so already. */
    static List<Write> difference(Resource resource, ObjectNode object, Consumer<ObjectNode> change) {
        ObjectNode after = object.deepCopy();
        ObjectNode status = Json.child(after, "status");
        change.accept(status);
        return Json.same(after, object) ? List.of() : List.of(new Write.UpdateStatus(resource, after));
    }

    static void observed(ObjectNode status, ObjectNode object) {
        status.put("observedGeneration", Json.number(object, 0, "metadata", "generation"));
    }

    /** A condition with a reason; its time moves only with its status. */
    static void condition(ObjectNode status, String type, boolean holds, String reason, String message, String now) {
        String value = holds ? "True" : "False";
        fyr.apiserver.object.Conditions.set(status, type, value, now);
        for (var one : Json.items(status, "conditions")) {
            if (Json.text(one, "type").equals(type) && one instanceof ObjectNode condition) {
                condition.put("reason", reason).put("message", message);
            }
        }
    }
}
