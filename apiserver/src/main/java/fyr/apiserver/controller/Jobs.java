package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Runs pods until enough have succeeded. Every Job is treated as not indexed; deadlines and time to live are not kept. */
final class Jobs {
    private Jobs() {}

    /** {@code pods} are those that the Job controls. */
    static List<Write> writes(ObjectNode job, List<ObjectNode> pods, String now) {
        if (Pods.isLeaving(job) || Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed")) {
            return List.of();
        }
        long parallelism = Json.number(job, 1, "spec", "parallelism");
        long completions = Json.number(job, parallelism, "spec", "completions");
        long succeeded = count(pods, "Succeeded");
        long failed = count(pods, "Failed");
        List<ObjectNode> active = pods.stream().filter(Pods::isActive).toList();
        boolean complete = succeeded >= completions;
        boolean lost = !complete && failed > Json.number(job, 6, "spec", "backoffLimit");
        boolean suspended = Json.truth(job, "spec", "suspend");
        long wanted = complete || lost || suspended ? 0 : Math.min(parallelism, completions - succeeded);
        List<Write> writes = new ArrayList<>();
        for (long i = active.size(); i < wanted; i++) {
            ObjectNode pod = Pods.of(job, Map.of());
            Json.child(pod, "metadata").put("generateName", Json.name(job) + "-");
            writes.add(new Write.Create(Kinds.PODS, pod));
        }
        active.stream().skip(wanted).forEach(pod -> writes.add(new Write.Delete(Kinds.PODS, pod)));
        writes.addAll(Statuses.difference(Kinds.JOBS, job, status -> {
            once(status, "startTime", now);
            status.put("active", wanted)
                    .put("ready", Pods.ready(active))
                    .put("succeeded", succeeded)
                    .put("failed", failed);
            if (complete) {
                once(status, "completionTime", now);
                Statuses.condition(
                        status,
                        "SuccessCriteriaMet",
                        true,
                        "CompletionsReached",
                        "Reached expected number of succeeded pods",
                        now);
                Statuses.condition(
                        status,
                        "Complete",
                        true,
                        "CompletionsReached",
                        "Reached expected number of succeeded pods",
                        now);
            } else if (lost) {
                Statuses.condition(
                        status,
                        "Failed",
                        true,
                        "BackoffLimitExceeded",
                        "Job has reached the specified backoff limit",
                        now);
            }
        }));
        return writes;
    }

    private static long count(List<ObjectNode> pods, String phase) {
        return pods.stream()
                .filter(pod -> Json.text(pod, "status", "phase").equals(phase))
                .count();
    }

    private static void once(ObjectNode status, String field, String now) {
        if (!status.has(field)) {
            status.put(field, now);
        }
    }
}
