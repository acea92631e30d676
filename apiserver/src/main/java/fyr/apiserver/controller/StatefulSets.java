package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the numbered pods of a StatefulSet, in order. Volume claims are not made. */
final class StatefulSets {
    private static final String HASH = "controller-revision-hash";

    private StatefulSets() {}

    /** {@code pods} are those that the set controls, {@code revisions} the templates that it has had. */
    static List<Write> writes(ObjectNode set, List<ObjectNode> pods, List<ObjectNode> revisions) {
        if (Pods.isLeaving(set)) {
            return List.of();
        }
        String revision = Json.name(set) + "-" + Pods.hash(Json.at(set, "spec", "template"));
        long first = Json.number(set, 0, "spec", "ordinals", "start");
        long end = first + Json.number(set, 1, "spec", "replicas");
        SortedMap<Long, ObjectNode> byOrdinal = new TreeMap<>();
        pods.forEach(pod -> byOrdinal.put(ordinal(set, pod), pod));
        String current = Json.text(set, "status", "currentRevision");
        Optional<ObjectNode> before = Revisions.at(set, current, revisions);
        LongFunction<ObjectNode> maker = ordinal -> ordinal < first + partition(set) && before.isPresent()
                ? pod(before.get(), ordinal, current)
                : pod(set, ordinal, revision);
        List<Write> writes = new ArrayList<>(pods(set, byOrdinal, first, end, maker));
        if (writes.isEmpty()) {
            writes.addAll(renew(set, byOrdinal, first + partition(set), revision));
        }
        Set<String> used =
                pods.stream().map(pod -> Pods.label(pod, HASH)).collect(Collectors.toCollection(HashSet::new));
        used.add(current);
        writes.addAll(0, Revisions.writes(set, revision, revisions, used));
        writes.addAll(status(set, pods, revision));
        return writes;
    }

    private static long partition(ObjectNode set) {
        return Json.number(set, 0, "spec", "updateStrategy", "rollingUpdate", "partition");
    }

    private static long ordinal(ObjectNode set, ObjectNode pod) {
        String number = Json.name(pod)
                .substring(Math.min(Json.name(pod).length(), Json.name(set).length() + 1));
        return number.matches("\\d{1,9}") ? Long.parseLong(number) : -1;
    }

    /** Missing pods are made from the lowest, surplus ones go from the highest; one at a time unless the set is parallel. */
    private static List<Write> pods(
            ObjectNode set, SortedMap<Long, ObjectNode> pods, long first, long end, LongFunction<ObjectNode> maker) {
        boolean ordered = !Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
        List<Write> writes = new ArrayList<>();
        for (long i = first; i < end; i++) {
            ObjectNode pod = pods.get(i);
            if (pod == null) {
                writes.add(new Write.Create(Kinds.PODS, maker.apply(i)));
            } else if (Pods.hasEnded(pod) && !Pods.isLeaving(pod)) {
                writes.add(new Write.Delete(Kinds.PODS, pod));
            }
            boolean healthy = pod != null && Pods.isRunningAndReady(pod) && !Pods.isLeaving(pod);
            if (ordered && !healthy) {
                return writes;
            }
        }
        List<ObjectNode> surplus = pods.entrySet().stream()
                .filter(entry -> entry.getKey() < first || entry.getKey() >= end)
                .map(Map.Entry::getValue)
                .toList()
                .reversed();
        for (ObjectNode pod : surplus) {
            if (!Pods.isLeaving(pod)) {
                writes.add(new Write.Delete(Kinds.PODS, pod));
            }
            if (ordered) {
                return writes;
            }
        }
        return writes;
    }

    /** Pods of an older template go one by one from the highest, each once all the others are well. */
    private static List<Write> renew(ObjectNode set, SortedMap<Long, ObjectNode> pods, long from, String revision) {
        boolean onDelete = Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
        List<Map.Entry<Long, ObjectNode>> stale = pods.entrySet().stream()
                .filter(entry -> entry.getKey() >= from
                        && !Pods.label(entry.getValue(), HASH).equals(revision))
                .sorted(Map.Entry.<Long, ObjectNode>comparingByKey(Comparator.reverseOrder()))
                .toList();
        if (onDelete || stale.isEmpty()) {
            return List.of();
        }
        ObjectNode next = stale.getFirst().getValue();
        boolean othersWell = pods.values().stream()
                .filter(pod -> pod != next)
                .allMatch(pod -> Pods.isRunningAndReady(pod) && !Pods.isLeaving(pod));
        return othersWell && !Pods.isLeaving(next) ? List.of(new Write.Delete(Kinds.PODS, next)) : List.of();
    }

    private static ObjectNode pod(ObjectNode set, long ordinal, String revision) {
        String name = Json.name(set) + "-" + ordinal;
        ObjectNode pod = Pods.of(
                set,
                Map.of(
                        HASH,
                        revision,
                        "statefulset.kubernetes.io/pod-name",
                        name,
                        "apps.kubernetes.io/pod-index",
                        Long.toString(ordinal)));
        Json.child(pod, "metadata").put("name", name);
        ObjectNode spec = Json.child(pod, "spec").put("hostname", name);
        String service = Json.text(set, "spec", "serviceName");
        if (!service.isEmpty()) {
            spec.put("subdomain", service);
        }
        return pod;
    }

    private static List<Write> status(ObjectNode set, List<ObjectNode> pods, String revision) {
        List<ObjectNode> active = pods.stream().filter(Pods::isActive).toList();
        long updated = active.stream()
                .filter(pod -> Pods.label(pod, HASH).equals(revision))
                .count();
        String before = Json.text(set, "status", "currentRevision");
        boolean done = before.isEmpty() || updated == active.size();
        return Statuses.difference(Kinds.STATEFUL_SETS, set, status -> {
            Statuses.observed(status, set);
            status.put("replicas", active.size())
                    .put("readyReplicas", Pods.ready(active))
                    .put("availableReplicas", Pods.ready(active))
                    .put("currentReplicas", done ? updated : active.size() - updated)
                    .put("updatedReplicas", updated)
                    .put("currentRevision", done ? revision : before)
                    .put("updateRevision", revision)
                    .put("collisionCount", 0);
        });
    }
}
