package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Tests rollouts as sequences of states, step by step, without a server. */
class DeploymentsTest {
    private static ObjectNode deployment(int replicas, String image, String surge, String unavailable) {
        return (ObjectNode) Json.MAPPER.readTree("""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","uid":"d"},
                 "spec":{"replicas":%d,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"%s","maxUnavailable":"%s"}},
                 "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"%s"}]}}}}""".formatted(replicas, surge, unavailable, image));
    }

    /** Applies the writes, then makes the pods of every set available. */
    private static List<ObjectNode> step(ObjectNode deployment, List<ObjectNode> sets) {
        List<ObjectNode> next = new ArrayList<>(sets);
        for (Write write : Deployments.writes(deployment, sets, set -> List.of(), "now")) {
            switch (write) {
                case Write.Create(var kind, var set) -> {
                    set.withObject("/metadata").put("uid", Json.name(set));
                    next.add(set);
                }
                case Write.Update(var kind, var set) ->
                    next.replaceAll(one -> Json.uid(one).equals(Json.uid(set)) ? set : one);
                case Write.Delete(var kind, var set) ->
                    next.removeIf(one -> Json.uid(one).equals(Json.uid(set)));
                case Write.UpdateStatus status -> {}
                case Write.Adopt adoption -> throw new AssertionError(adoption);
                case Write.Bind bind -> throw new AssertionError(bind);
                case Write.Tell tell -> throw new AssertionError(tell);
            }
        }
        return next.stream().map(DeploymentsTest::available).toList();
    }

    private static ObjectNode available(ObjectNode set) {
        ObjectNode copy = set.deepCopy();
        long replicas = Json.number(set, 0, "spec", "replicas");
        copy.putObject("status")
                .put("replicas", replicas)
                .put("readyReplicas", replicas)
                .put("availableReplicas", replicas);
        return copy;
    }

    private static long total(List<ObjectNode> sets) {
        return sets.stream()
                .mapToLong(set -> Json.number(set, 0, "spec", "replicas"))
                .sum();
    }

    @Test
    void staysWithinSurgeAndUnavailable() {
        for (int replicas : List.of(1, 2, 3, 4, 7, 10)) {
            for (String bounds : List.of("25% 25%", "1 0", "0 1", "0 0", "100% 0", "0 100%")) {
                String surge = bounds.split(" ")[0];
                String unavailable = bounds.split(" ")[1];
                List<ObjectNode> sets = step(deployment(replicas, "1", surge, unavailable), List.of());
                assertThat(total(sets)).isEqualTo(replicas);
                ObjectNode wanted = deployment(replicas, "2", surge, unavailable);
                long most = replicas
                        + Deployments.share(
                                Json.at(wanted, "spec", "strategy", "rollingUpdate", "maxSurge"), replicas, true);
                long missing = Deployments.share(
                        Json.at(wanted, "spec", "strategy", "rollingUpdate", "maxUnavailable"), replicas, false);
                long least = replicas - (bounds.equals("0 0") ? 1 : missing);
                int steps = 0;
                while (!done(sets, replicas)) {
                    sets = step(wanted, sets);
                    assertThat(total(sets)).as("%d %s", replicas, bounds).isBetween(least, most);
                    assertThat(steps++).as("%d %s ends", replicas, bounds).isLessThan(50);
                }
            }
        }
    }

    private static boolean done(List<ObjectNode> sets, int replicas) {
        return sets.size() == 2
                && Json.number(sets.get(0), -1, "spec", "replicas") == 0
                && Json.number(sets.get(1), -1, "spec", "replicas") == replicas;
    }

    @Test
    void recreateWaitsForTheLastOldPod() {
        ObjectNode wanted = deployment(1, "2", "1", "0");
        wanted.withObject("/spec/strategy").put("type", "Recreate");
        List<ObjectNode> sets = step(deployment(1, "1", "1", "0"), List.of());
        sets = step(wanted, sets);
        assertThat(total(sets)).isZero();
        ObjectNode leaving = Json.object();
        leaving.putObject("metadata").put("deletionTimestamp", "now");
        assertThat(Deployments.writes(wanted, sets, set -> List.of(leaving), "now"))
                .noneMatch(write -> write instanceof Write.Create);
        assertThat(Deployments.writes(wanted, sets, set -> List.of(), "now"))
                .anyMatch(write -> write instanceof Write.Create);
    }
}
