package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Keeps as many pods as a ReplicaSet, or a ReplicationController, says. */
final class ReplicaSets {
    /** Which pods are deleted first: not placed, not running, not ready, younger (as kubectl users expect of the real controller). */
    private static final Comparator<ObjectNode> LEAST_MISSED = Comparator.<ObjectNode, Boolean>comparing(
                    pod -> !Json.text(pod, "spec", "nodeName").isEmpty())
            .thenComparing(pod -> Json.text(pod, "status", "phase").equals("Running"))
            .thenComparing(Pods::isReady)
            .thenComparing(pod -> Json.text(pod, "metadata", "creationTimestamp"), Comparator.reverseOrder())
            .thenComparing(Json::name);

    private ReplicaSets() {}

    /** {@code pods} are those that the set controls. */
    static List<Write> writes(Resource kind, ObjectNode set, List<ObjectNode> pods) {
        if (Pods.isLeaving(set)) {
            return List.of();
        }
        List<Write> writes = new ArrayList<>();
        List<ObjectNode> active =
                pods.stream().filter(Pods::isActive).sorted(LEAST_MISSED).toList();
        long wanted = Json.number(set, 1, "spec", "replicas");
        for (long i = active.size(); i < wanted; i++) {
            ObjectNode pod = Pods.of(set, Map.of());
            Json.child(pod, "metadata").put("generateName", Json.name(set) + "-");
            writes.add(new Write.Create(Kinds.PODS, pod));
        }
        active.stream()
                .limit(Math.max(0, active.size() - wanted))
                .forEach(pod -> writes.add(new Write.Delete(Kinds.PODS, pod)));
        writes.addAll(Statuses.difference(kind, set, status -> {
            Statuses.observed(status, set);
            status.put("replicas", active.size())
                    .put("fullyLabeledReplicas", active.size())
                    .put("readyReplicas", Pods.ready(active))
                    .put("availableReplicas", Pods.ready(active));
        }));
        return writes;
    }
}
