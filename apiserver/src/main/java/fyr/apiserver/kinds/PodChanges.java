package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What of a pod's spec may change once it is there (core validation's ValidatePodUpdate): next to nothing, as no kubelet would follow. */
final class PodChanges {
    private static final String RULE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)";

    private PodChanges() {}

    static void check(JsonNode before, JsonNode after, List<Fault> faults) {
        JsonNode old = Json.at(before, "spec");
        if (!(Json.at(after, "spec").deepCopy() instanceof ObjectNode spec)) {
            return;
        }
        images(old, spec, "containers");
        images(old, spec, "initContainers");
        restore(old, spec, "activeDeadlineSeconds");
        if (contains(Json.items(spec, "tolerations"), Json.items(old, "tolerations"))) {
            restore(old, spec, "tolerations");
        }
        if (contains(Json.items(old, "schedulingGates"), Json.items(spec, "schedulingGates"))) {
            restore(old, spec, "schedulingGates");
        }
        if (Json.text(old, "nodeName").isEmpty()) {
            restore(old, spec, "nodeName");
        }
        if (!Json.same(old, spec)) {
            faults.add(Fault.forbidden("spec", RULE));
        }
    }

    private static void images(JsonNode old, ObjectNode spec, String field) {
        List<JsonNode> had = new ArrayList<>(Json.items(old, field));
        for (JsonNode container : Json.items(spec, field)) {
            if (container instanceof ObjectNode one && !had.isEmpty()) {
                restore(had.removeFirst(), one, "image");
            }
        }
    }

    private static void restore(JsonNode old, ObjectNode spec, String field) {
        spec.remove(field);
        if (old.get(field) instanceof JsonNode value) {
            spec.set(field, value);
        }
    }

    private static boolean contains(Iterable<JsonNode> all, Iterable<JsonNode> some) {
        for (JsonNode one : some) {
            boolean found = false;
            for (JsonNode other : all) {
                found |= Json.same(one, other);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }
}
