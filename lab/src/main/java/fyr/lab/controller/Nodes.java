package fyr.lab.controller;

import fyr.lab.api.Conditions;
import fyr.lab.api.Json;
import fyr.lab.api.Selector;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which nodes a pod may run on: readiness, cordon, taints, node selector and required node affinity. */
final class Nodes {
    private Nodes() {}

    /** For a pod that the scheduler places. */
    static boolean fits(JsonNode node, ObjectNode pod) {
        return Conditions.isTrue(node, "Ready")
                && !Json.truth(node, "spec", "unschedulable")
                && selects(node, pod)
                && tolerates(node, pod, true);
    }

    /** Daemons run on cordoned and on not yet ready nodes too. */
    static boolean fitsDaemon(JsonNode node, ObjectNode pod) {
        return selects(node, pod) && tolerates(node, pod, false);
    }

    private static boolean selects(JsonNode node, ObjectNode pod) {
        Map<String, String> labels = Json.map(node, "metadata", "labels");
        boolean selected = Json.map(pod, "spec", "nodeSelector").entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        var terms = Json.items(
                pod,
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
        return selected && (terms.isEmpty() || terms.stream().anyMatch(term -> Selector.matches(term, labels)));
    }

    private static boolean tolerates(JsonNode node, ObjectNode pod, boolean scheduler) {
        return Json.items(node, "spec", "taints").stream()
                .filter(taint -> !Json.text(taint, "effect").equals("PreferNoSchedule"))
                .filter(taint -> scheduler || !Json.text(taint, "key").startsWith("node.kubernetes.io/"))
                .allMatch(taint -> Json.items(pod, "spec", "tolerations").stream()
                        .anyMatch(toleration -> tolerates(toleration, taint)));
    }

    private static boolean tolerates(JsonNode toleration, JsonNode taint) {
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
