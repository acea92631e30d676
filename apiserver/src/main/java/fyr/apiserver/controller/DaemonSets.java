package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Keeps one pod of a DaemonSet on each node that fits. The pods are made with their node, so the scheduler does not see them. */
final class DaemonSets {
    private static final String HASH = "controller-revision-hash";

    private DaemonSets() {}

    /** {@code pods} are those that the set controls. */
    static List<Write> writes(ObjectNode set, List<ObjectNode> pods, List<ObjectNode> nodes) {
        if (Pods.isLeaving(set)) {
            return List.of();
        }
        String hash = Pods.hash(Json.at(set, "spec", "template"));
        ObjectNode template = Pods.of(set, Map.of(HASH, hash));
        List<String> fitting = names(nodes, node -> Nodes.fitsDaemon(node, template));
        List<String> staying = names(nodes, node -> Nodes.keepsDaemon(node, template));
        List<Write> writes = new ArrayList<>();
        for (String node : fitting) {
            if (pods.stream().noneMatch(pod -> on(pod, node))) {
                writes.add(new Write.Create(Kinds.PODS, pod(set, template, node)));
            }
        }
        pods.stream()
                .filter(pod -> !Pods.isLeaving(pod))
                .filter(pod -> Pods.hasEnded(pod) || !staying.contains(node(pod)) || isSpare(pod, pods))
                .forEach(pod -> writes.add(new Write.Delete(Kinds.PODS, pod)));
        List<String> names = names(
                nodes,
                node -> fitting.contains(Json.name(node))
                        || staying.contains(Json.name(node))
                                && pods.stream().anyMatch(pod -> on(pod, Json.name(node))));
        if (writes.isEmpty()
                && !Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete")) {
            writes.addAll(renew(set, pods, names.size(), hash));
        }
        writes.addAll(status(set, pods, names, hash));
        return writes;
    }

    private static List<String> names(List<ObjectNode> nodes, Predicate<ObjectNode> which) {
        return nodes.stream().filter(which).map(Json::name).toList();
    }

    /** Of several on a node, as after an adoption, the oldest stays. */
    private static boolean isSpare(ObjectNode pod, List<ObjectNode> pods) {
        return pods.stream()
                .filter(one -> Pods.isActive(one) && on(one, node(pod)))
                .min(Comparator.comparing((ObjectNode one) -> Json.text(one, "metadata", "creationTimestamp"))
                        .thenComparing(Json::name))
                .filter(oldest -> oldest != pod)
                .isPresent();
    }

    private static String node(ObjectNode pod) {
        return Json.text(pod, "spec", "nodeName");
    }

    private static boolean on(ObjectNode pod, String node) {
        return node(pod).equals(node);
    }

    private static ObjectNode pod(ObjectNode set, ObjectNode template, String node) {
        ObjectNode pod = template.deepCopy();
        Json.child(pod, "metadata").put("generateName", Json.name(set) + "-");
        Json.child(pod, "spec").put("nodeName", node);
        return pod;
    }

    private static List<Write> renew(ObjectNode set, List<ObjectNode> pods, long wanted, String hash) {
        long most = Math.max(
                1,
                Deployments.share(
                        Json.at(set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), wanted, true));
        long away = pods.stream()
                .filter(pod -> Pods.isLeaving(pod) || !Pods.isReady(pod))
                .count();
        return pods.stream()
                .filter(pod -> !Pods.isLeaving(pod) && !Pods.label(pod, HASH).equals(hash))
                .limit(Math.max(0, most - away))
                .<Write>map(pod -> new Write.Delete(Kinds.PODS, pod))
                .toList();
    }

    private static List<Write> status(ObjectNode set, List<ObjectNode> pods, List<String> nodes, String hash) {
        List<ObjectNode> active = pods.stream().filter(Pods::isActive).toList();
        List<ObjectNode> right =
                active.stream().filter(pod -> nodes.contains(node(pod))).toList();
        long updated =
                right.stream().filter(pod -> Pods.label(pod, HASH).equals(hash)).count();
        return Statuses.difference(Kinds.DAEMON_SETS, set, status -> {
            Statuses.observed(status, set);
            status.put("desiredNumberScheduled", nodes.size())
                    .put("currentNumberScheduled", right.size())
                    .put("numberMisscheduled", active.size() - right.size())
                    .put("numberReady", Pods.ready(right))
                    .put("numberAvailable", Pods.ready(right))
                    .put("numberUnavailable", Math.max(0, nodes.size() - Pods.ready(right)))
                    .put("updatedNumberScheduled", updated);
        });
    }
}
