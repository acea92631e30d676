package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Moves a Deployment from one ReplicaSet to the next within {@code maxSurge} and {@code maxUnavailable}. {@code minReadySeconds} and progress deadlines
 * are not timed: ready counts as available. Sets in the middle of a roll-out are not scaled in proportion.
 */
final class Deployments {
    private static final String HASH = "pod-template-hash";
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private Deployments() {}

    /** {@code sets} are the ReplicaSets that the Deployment controls, with their pods; {@code now} stamps conditions that change. */
    static List<Write> writes(
            ObjectNode deployment, List<ObjectNode> sets, Function<ObjectNode, List<ObjectNode>> pods, String now) {
        if (Pods.isLeaving(deployment)) {
            return List.of();
        }
        String hash = Pods.hash(Json.at(deployment, "spec", "template"));
        Optional<ObjectNode> current =
                sets.stream().filter(set -> Pods.label(set, HASH).equals(hash)).findFirst();
        List<ObjectNode> old = sets.stream()
                .filter(set -> !Pods.label(set, HASH).equals(hash) && !Pods.isLeaving(set))
                .sorted(Comparator.comparingLong(Deployments::revision))
                .toList();
        boolean paused = Json.truth(deployment, "spec", "paused");
        List<Write> writes = new ArrayList<>();
        if (paused) {
            sets.stream()
                    .max(Comparator.comparingLong(Deployments::revision))
                    .ifPresent(newest -> scale(newest, wanted(deployment), writes));
        } else if (Json.text(deployment, "spec", "strategy", "type").equals("Recreate")) {
            boolean busy =
                    old.stream().anyMatch(set -> !pods.apply(set).stream().allMatch(Pods::hasEnded));
            recreate(deployment, current, old, hash, busy, writes);
        } else {
            roll(deployment, current, old, hash, writes);
        }
        current.ifPresent(set -> advance(deployment, set, old, writes));
        forget(deployment, old, writes);
        writes.addAll(status(deployment, current, sets, now));
        return writes;
    }

    private static long wanted(ObjectNode deployment) {
        return Json.number(deployment, 1, "spec", "replicas");
    }

    private static long replicas(ObjectNode set) {
        return Json.number(set, 0, "spec", "replicas");
    }

    private static long available(ObjectNode set) {
        return Json.number(set, 0, "status", "availableReplicas");
    }

    private static long revision(JsonNode object) {
        String text = Pods.annotation(object, REVISION);
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
    }

    /** The new pods come when the last of the old ones is gone; those that are on their way out are still there. */
    private static void recreate(
            ObjectNode deployment,
            Optional<ObjectNode> current,
            List<ObjectNode> old,
            String hash,
            boolean busy,
            List<Write> writes) {
        old.forEach(set -> scale(set, 0, writes));
        boolean empty =
                old.stream().allMatch(set -> replicas(set) == 0 && Json.number(set, 0, "status", "replicas") == 0);
        if (empty && !busy) {
            grow(deployment, current, old, hash, wanted(deployment), writes);
        }
    }

    private static void roll(
            ObjectNode deployment,
            Optional<ObjectNode> current,
            List<ObjectNode> old,
            String hash,
            List<Write> writes) {
        long wanted = wanted(deployment);
        long surge = share(Json.at(deployment, "spec", "strategy", "rollingUpdate", "maxSurge"), wanted, true);
        long unavailable =
                share(Json.at(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable"), wanted, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        long had = current.map(Deployments::replicas).orElse(0L);
        long total = had + old.stream().mapToLong(Deployments::replicas).sum();
        long room = Math.max(0, wanted + surge - total);
        long next = had > wanted ? wanted : Math.min(wanted, had + room);
        grow(deployment, current, old, hash, next, writes);
        shrink(current, old, wanted - unavailable, total, writes);
    }

    /** Unhealthy pods of old sets go first, then healthy ones as far as enough stay available; the oldest set first. */
    private static void shrink(
            Optional<ObjectNode> current, List<ObjectNode> old, long least, long total, List<Write> writes) {
        long missing =
                current.map(set -> Math.max(0, replicas(set) - available(set))).orElse(0L);
        long budget = Math.max(0, total - least - missing);
        long healthy = old.stream().mapToLong(Deployments::available).sum()
                + current.map(Deployments::available).orElse(0L);
        long spare = Math.max(0, healthy - least);
        for (ObjectNode set : old) {
            long sick = Math.min(budget, Math.max(0, replicas(set) - available(set)));
            long well = Math.min(Math.min(spare, budget - sick), replicas(set) - sick);
            budget -= sick + well;
            spare -= well;
            scale(set, replicas(set) - sick - well, writes);
        }
    }

    /** A number or a percentage of the replicas; rounded up for the surge, down for what may be missing. */
    static long share(JsonNode value, long of, boolean up) {
        String text = Json.scalar(value);
        if (!text.matches("\\d{1,9}%?")) {
            return up ? (of + 3) / 4 : of / 4;
        }
        if (!text.endsWith("%")) {
            return Long.parseLong(text);
        }
        long percent = Long.parseLong(text.substring(0, text.length() - 1));
        return up ? (of * percent + 99) / 100 : of * percent / 100;
    }

    private static void grow(
            ObjectNode deployment,
            Optional<ObjectNode> current,
            List<ObjectNode> old,
            String hash,
            long replicas,
            List<Write> writes) {
        if (current.isPresent()) {
            scale(current.get(), replicas, writes);
        } else {
            writes.add(new Write.Create(Kinds.REPLICA_SETS, replicaSet(deployment, old, hash, replicas)));
        }
    }

    private static void scale(ObjectNode set, long replicas, List<Write> writes) {
        if (replicas(set) != replicas) {
            ObjectNode after = set.deepCopy();
            Json.child(after, "spec").put("replicas", replicas);
            writes.add(new Write.Update(Kinds.REPLICA_SETS, after));
        }
    }

    private static ObjectNode replicaSet(ObjectNode deployment, List<ObjectNode> old, String hash, long replicas) {
        ObjectNode set = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        ObjectNode metadata = set.putObject("metadata")
                .put("name", Json.name(deployment) + "-" + hash)
                .put("namespace", Json.namespace(deployment));
        Map<String, String> labels = Json.map(deployment, "spec", "template", "metadata", "labels");
        labels.put(HASH, hash);
        metadata.set("labels", Json.of(labels));
        metadata.putObject("annotations").put(REVISION, Long.toString(newest(old) + 1));
        Pods.own(metadata, deployment);
        ObjectNode spec = set.putObject("spec").put("replicas", replicas);
        ObjectNode selector =
                Json.at(deployment, "spec", "selector").deepCopy() instanceof ObjectNode one ? one : Json.object();
        Json.child(selector, "matchLabels").put(HASH, hash);
        spec.set("selector", selector);
        ObjectNode template =
                Json.at(deployment, "spec", "template").deepCopy() instanceof ObjectNode one ? one : Json.object();
        Json.child(template, "metadata").set("labels", Json.of(labels));
        spec.set("template", template);
        return set;
    }

    private static long newest(List<ObjectNode> sets) {
        return sets.stream().mapToLong(Deployments::revision).max().orElse(0);
    }

    /** A template that comes back is a new revision; the Deployment shows the revision of its set. */
    private static void advance(ObjectNode deployment, ObjectNode current, List<ObjectNode> old, List<Write> writes) {
        long revision = Math.max(revision(current), newest(old) + 1);
        annotate(Kinds.REPLICA_SETS, current, revision, writes);
        annotate(Kinds.DEPLOYMENTS, deployment, revision, writes);
    }

    private static void annotate(Resource resource, ObjectNode object, long revision, List<Write> writes) {
        boolean scaled = writes.stream()
                .anyMatch(write -> write instanceof Write.Update(var kind, var one)
                        && Json.uid(one).equals(Json.uid(object)));
        if (revision(object) != revision && !scaled) {
            ObjectNode after = object.deepCopy();
            Json.child(Json.child(after, "metadata"), "annotations").put(REVISION, Long.toString(revision));
            writes.add(new Write.Update(resource, after));
        }
    }

    private static void forget(ObjectNode deployment, List<ObjectNode> old, List<Write> writes) {
        long keep = Json.number(deployment, 10, "spec", "revisionHistoryLimit");
        List<ObjectNode> empty = old.stream()
                .filter(set -> replicas(set) == 0 && Json.number(set, 0, "status", "replicas") == 0)
                .toList();
        empty.stream()
                .limit(Math.max(0, empty.size() - keep))
                .forEach(set -> writes.add(new Write.Delete(Kinds.REPLICA_SETS, set)));
    }

    private static List<Write> status(
            ObjectNode deployment, Optional<ObjectNode> current, List<ObjectNode> sets, String now) {
        long wanted = wanted(deployment);
        long total = sum(sets, "replicas");
        long available = sum(sets, "availableReplicas");
        long updated =
                current.map(set -> Json.number(set, 0, "status", "replicas")).orElse(0L);
        long unavailable =
                share(Json.at(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable"), wanted, false);
        boolean done = updated == wanted && total == wanted && available == wanted;
        return Statuses.difference(Kinds.DEPLOYMENTS, deployment, status -> {
            Statuses.observed(status, deployment);
            status.put("replicas", total)
                    .put("updatedReplicas", updated)
                    .put("readyReplicas", sum(sets, "readyReplicas"))
                    .put("availableReplicas", available)
                    .put("unavailableReplicas", Math.max(0, wanted - available));
            boolean enough = available >= wanted - unavailable;
            Statuses.condition(
                    status,
                    "Available",
                    enough,
                    enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                    enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                    now);
            Statuses.condition(
                    status,
                    "Progressing",
                    true,
                    done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                    done ? "ReplicaSet has successfully progressed." : "ReplicaSet is progressing.",
                    now);
        });
    }

    private static long sum(List<ObjectNode> sets, String field) {
        return sets.stream()
                .mapToLong(set -> Json.number(set, 0, "status", field))
                .sum();
    }
}
