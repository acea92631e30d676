package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The columns of pods: above all the one word that says how a pod is doing. */
final class PodColumns {
    static final List<Column> ALL = List.of(
            Column.NAME,
            Column.text("Ready", PodColumns::ready),
            Column.text("Status", PodColumns::status),
            Column.text("Restarts", PodColumns::restarts),
            Column.AGE,
            Column.wide("IP", one -> Columns.orNone(Json.text(one, "status", "podIP"))),
            Column.wide("Node", one -> Columns.orNone(Json.text(one, "spec", "nodeName"))),
            Column.wide("Nominated Node", one -> Columns.orNone(Json.text(one, "status", "nominatedNodeName"))),
            Column.wide("Readiness Gates", one -> "<none>"));

    private PodColumns() {}

    private static String ready(JsonNode pod) {
        long ready = Json.items(pod, "status", "containerStatuses").stream()
                .filter(one -> Json.truth(one, "ready"))
                .count();
        return ready + "/" + Json.items(pod, "spec", "containers").size();
    }

    private static String restarts(JsonNode pod) {
        long sum = Json.items(pod, "status", "containerStatuses").stream()
                .mapToLong(one -> Json.number(one, 0, "restartCount"))
                .sum();
        return Long.toString(sum);
    }

    private static String status(JsonNode pod) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        String word = Json.text(pod, "status", "reason");
        if (word.isEmpty()) {
            word = Json.text(pod, "status", "phase");
        }
        for (JsonNode container : Json.items(pod, "status", "containerStatuses")) {
            String waiting = Json.text(container, "state", "waiting", "reason");
            String ended = Json.text(container, "state", "terminated", "reason");
            word = !waiting.isEmpty() ? waiting : !ended.isEmpty() ? ended : word;
        }
        return word;
    }
}
