package fyr.apiserver.controller;

import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which nodes a pod may run on: readiness, cordon, taints, node selector and required node affinity. */
final class Nodes {
    private static final JsonNode CORDON =
            Json.object().put("key", "node.kubernetes.io/unschedulable").put("effect", "NoSchedule");

    private Nodes() {}

    /**
     * What keeps a pod that the scheduler places off a node, in kube-scheduler's words (ErrReason… of its filter plugins) and in the order
     * of its plugins; empty if nothing does. In kube-scheduler a node that is not ready has a taint, which nobody sets here.
     */
    static Optional<String> obstacle(JsonNode node, ObjectNode pod) {
        List<JsonNode> tolerations = Tolerations.of(pod);
        if (!Conditions.isTrue(node, "Ready")) {
            return Optional.of("node(s) were not ready");
        }
        if (Json.truth(node, "spec", "unschedulable") && !tolerated(CORDON, tolerations)) {
            return Optional.of("node(s) were unschedulable");
        }
        Optional<JsonNode> taint = untolerated(node, tolerations, "NoSchedule", "NoExecute");
        if (taint.isPresent()) {
            return Optional.of("node(s) had untolerated taint {" + Json.text(taint.get(), "key") + ": "
                    + Json.text(taint.get(), "value") + "}");
        }
        return selects(node, pod) ? Optional.empty() : Optional.of("node(s) didn't match Pod's node affinity/selector");
    }

    /** Whether a daemon's pod is made for the node. Daemons run on cordoned and on not yet ready nodes too. */
    static boolean fitsDaemon(JsonNode node, ObjectNode pod) {
        return selects(node, pod) && tolerates(node, Tolerations.ofDaemon(pod), "NoSchedule", "NoExecute");
    }

    /** Whether an existing pod of a daemon stays: a NoSchedule taint only keeps new ones away. */
    static boolean keepsDaemon(JsonNode node, ObjectNode pod) {
        return selects(node, pod) && tolerates(node, Tolerations.ofDaemon(pod), "NoExecute");
    }

    private static boolean selects(JsonNode node, ObjectNode pod) {
        Map<String, String> labels = Json.map(node, "metadata", "labels");
        boolean selected = Json.map(pod, "spec", "nodeSelector").entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        JsonNode required =
                Json.at(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return selected
                && (required.isMissingNode()
                        || Json.items(required, "nodeSelectorTerms").stream()
                                .anyMatch(term -> matches(term, node, labels)));
    }

    /** All expressions of a term must hold; an empty term selects no node (core/v1 NodeSelectorTerm). */
    private static boolean matches(JsonNode term, JsonNode node, Map<String, String> labels) {
        var expressions = Json.items(term, "matchExpressions");
        var fields = Json.items(term, "matchFields");
        Map<String, String> name = Map.of("metadata.name", Json.name(node));
        return !(expressions.isEmpty() && fields.isEmpty())
                && expressions.stream().allMatch(one -> holds(one, labels))
                && fields.stream().allMatch(one -> holds(one, name));
    }

    private static boolean holds(JsonNode requirement, Map<String, String> values) {
        Optional<String> value = Optional.ofNullable(values.get(Json.text(requirement, "key")));
        List<String> wanted = Json.texts(requirement, "values");
        return switch (Json.text(requirement, "operator")) {
            case "In" -> value.filter(wanted::contains).isPresent();
            case "NotIn" -> value.filter(wanted::contains).isEmpty();
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            case "Gt" -> compared(value, wanted).filter(sign -> sign > 0).isPresent();
            case "Lt" -> compared(value, wanted).filter(sign -> sign < 0).isPresent();
            default -> false;
        };
    }

    private static Optional<Integer> compared(Optional<String> value, List<String> wanted) {
        return wanted.size() == 1
                ? value.flatMap(Nodes::number)
                        .flatMap(here -> number(wanted.getFirst()).map(here::compareTo))
                : Optional.empty();
    }

    private static Optional<Long> number(String text) {
        return text.matches("-?\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static boolean tolerates(JsonNode node, List<JsonNode> tolerations, String... effects) {
        return untolerated(node, tolerations, effects).isEmpty();
    }

    private static Optional<JsonNode> untolerated(JsonNode node, List<JsonNode> tolerations, String... effects) {
        return Json.items(node, "spec", "taints").stream()
                .filter(taint -> List.of(effects).contains(Json.text(taint, "effect")))
                .filter(taint -> !tolerated(taint, tolerations))
                .findFirst();
    }

    private static boolean tolerated(JsonNode taint, List<JsonNode> tolerations) {
        return tolerations.stream().anyMatch(toleration -> Tolerations.tolerates(toleration, taint));
    }
}
