package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Changes in any order result in the same endpoints, and never in more than 100 per slice. */
class EndpointSlicesTest {
    private static final ObjectNode SERVICE = (ObjectNode) Json.MAPPER.readTree("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default","uid":"s"},
             "spec":{"selector":{"a":"b"},"clusterIP":"10.96.0.9","ipFamilies":["IPv4","IPv6"],"ports":[{"name":"p","port":80,"protocol":"TCP","targetPort":"http"}]}}""");

    private static ObjectNode pod(int number, int port, boolean ready) {
        return (ObjectNode) Json.MAPPER.readTree("""
                {"metadata":{"name":"web-%d","namespace":"default","uid":"u%d","labels":{"a":"b"}},
                 "spec":{"nodeName":"n","containers":[{"name":"c","ports":[{"name":"http","protocol":"TCP","containerPort":%d}]}]},
                 "status":{"phase":"Running","podIPs":[{"ip":"10.244.%d.%d"},{"ip":"fd00::%x"}],"conditions":[{"type":"Ready","status":"%s"}]}}""".formatted(
                        number, number, port, number / 250, number % 250 + 1, number + 1, ready ? "True" : "False"));
    }

    private static List<ObjectNode> step(List<ObjectNode> pods, List<ObjectNode> slices) {
        List<ObjectNode> next = new ArrayList<>(slices);
        for (Write write : EndpointSlices.writes(SERVICE, pods, slices)) {
            switch (write) {
                case Write.Create(var kind, var slice) -> next.add(slice);
                case Write.Update(var kind, var slice) ->
                    next.replaceAll(one -> Json.name(one).equals(Json.name(slice)) ? slice : one);
                case Write.Delete(var kind, var slice) ->
                    next.removeIf(one -> Json.name(one).equals(Json.name(slice)));
                case Write.UpdateStatus status -> throw new AssertionError(status);
                case Write.Adopt adoption -> throw new AssertionError(adoption);
                case Write.Bind bind -> throw new AssertionError(bind);
            }
        }
        return next;
    }

    private static TreeSet<String> content(List<ObjectNode> slices) {
        TreeSet<String> all = new TreeSet<>();
        for (ObjectNode slice : slices) {
            assertThat(Json.items(slice, "endpoints")).hasSizeLessThanOrEqualTo(100);
            for (var endpoint : Json.items(slice, "endpoints")) {
                assertThat(all.add(Json.text(slice, "addressType")
                                + endpoint.path("addresses")
                                + endpoint.path("conditions")
                                + Json.at(slice, "ports")))
                        .isTrue();
            }
        }
        return all;
    }

    @Test
    void endsTheSameByAnyRoad() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<ObjectNode> slices = List.of();
        for (int round = 0; round < 60; round++) {
            List<ObjectNode> pods = new ArrayList<>();
            int size = random.nextInt(3) == 0 ? random.nextInt(5) : random.nextInt(320);
            for (int i = 0; i < 320; i++) {
                if (random.nextInt(320) < size) {
                    pods.add(pod(i, random.nextInt(20) == 0 ? 9090 : 8080, random.nextInt(10) > 0));
                }
            }
            slices = step(pods, slices);
            assertThat(content(slices)).as("seed %d round %d", seed, round).isEqualTo(content(step(pods, List.of())));
            assertThat(EndpointSlices.writes(SERVICE, pods, slices))
                    .as("seed %d round %d: settled", seed, round)
                    .isEmpty();
        }
    }

    @Test
    void rewritesOneSliceForOnePod() {
        List<ObjectNode> pods = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            pods.add(pod(i, 8080, true));
        }
        List<ObjectNode> slices = step(pods, List.of());
        assertThat(slices).hasSize(6);
        pods.remove(7);
        assertThat(EndpointSlices.writes(SERVICE, pods, slices))
                .hasSize(2)
                .allMatch(write -> write instanceof Write.Update);
    }
}
