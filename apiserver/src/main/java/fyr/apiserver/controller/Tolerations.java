package fyr.apiserver.controller;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which taints of nodes a pod bears. */
final class Tolerations {
    /** What the DaemonSet controller adds to its pods (kubernetes.io: DaemonSet, "Taints and tolerations"), and for those in the node's network. */
    private static final Map<String, String> DAEMONS = Map.of(
            "node.kubernetes.io/not-ready", "NoExecute",
            "node.kubernetes.io/unreachable", "NoExecute",
            "node.kubernetes.io/disk-pressure", "NoSchedule",
            "node.kubernetes.io/memory-pressure", "NoSchedule",
            "node.kubernetes.io/pid-pressure", "NoSchedule",
            "node.kubernetes.io/unschedulable", "NoSchedule");

    private Tolerations() {}

    static List<JsonNode> of(JsonNode pod) {
        return List.copyOf(Json.items(pod, "spec", "tolerations"));
    }

    static List<JsonNode> ofDaemon(ObjectNode pod) {
        List<JsonNode> all = new ArrayList<>(of(pod));
        DAEMONS.forEach((key, effect) -> all.add(exists(key, effect)));
        if (Json.truth(pod, "spec", "hostNetwork")) {
            all.add(exists("node.kubernetes.io/network-unavailable", "NoSchedule"));
        }
        return all;
    }

    private static ObjectNode exists(String key, String effect) {
        return Json.object().put("key", key).put("operator", "Exists").put("effect", effect);
    }

    static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = Json.text(toleration, "effect");
        String key = Json.text(toleration, "key");
        boolean exists = Json.text(toleration, "operator").equals("Exists");
        boolean sameEffect = effect.isEmpty() || effect.equals(Json.text(taint, "effect"));
        boolean sameKey = key.isEmpty() && exists || key.equals(Json.text(taint, "key"));
        return sameEffect
                && sameKey
                && (exists || Json.text(toleration, "value").equals(Json.text(taint, "value")));
    }
}
