package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.object.Events;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
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

    private static EndpointSlices.ClusterNodes nodes(ObjectNode... nodes) {
        return new EndpointSlices.ClusterNodes() {
            @Override
            public Optional<ObjectNode> find(String name) {
                return Stream.of(nodes)
                        .filter(node -> Json.name(node).equals(name))
                        .findFirst();
            }

            @Override
            public ZoneShares zones() {
                return ZoneShares.of(List.of(nodes));
            }
        };
    }

    private static ObjectNode node(String name, String zone) {
        return (ObjectNode) Json.MAPPER.readTree("""
                {"metadata":{"name":"%s","labels":{"topology.kubernetes.io/zone":"%s"}},
                 "status":{"allocatable":{"cpu":"8"},"conditions":[{"type":"Ready","status":"True"}]}}""".formatted(name, zone));
    }

    private static final EndpointSlices.ClusterNodes NODES = nodes(node("n", ""));

    private static List<ObjectNode> step(List<ObjectNode> pods, List<ObjectNode> slices) {
        return step(SERVICE, pods, slices, NODES);
    }

    private static List<ObjectNode> step(
            ObjectNode service, List<ObjectNode> pods, List<ObjectNode> slices, EndpointSlices.ClusterNodes nodes) {
        List<ObjectNode> next = new ArrayList<>(slices);
        for (Write write : EndpointSlices.writes(service, pods, slices, nodes)) {
            switch (write) {
                case Write.Create(var kind, var slice) -> next.add(slice);
                case Write.Update(var kind, var slice) ->
                    next.replaceAll(one -> Json.name(one).equals(Json.name(slice)) ? slice : one);
                case Write.Delete(var kind, var slice) ->
                    next.removeIf(one -> Json.name(one).equals(Json.name(slice)));
                case Write.UpdateStatus status -> throw new AssertionError(status);
                case Write.Adopt adoption -> throw new AssertionError(adoption);
                case Write.Bind bind -> throw new AssertionError(bind);
                case Write.Tell _ -> {}
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
            assertThat(EndpointSlices.writes(SERVICE, pods, slices, NODES))
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
        assertThat(EndpointSlices.writes(SERVICE, pods, slices, NODES))
                .hasSize(2)
                .allMatch(write -> write instanceof Write.Update);
    }

    private static List<ObjectNode> podsOn(String... nodes) {
        List<ObjectNode> pods = new ArrayList<>();
        for (String node : nodes) {
            ObjectNode pod = pod(pods.size(), 8080, true);
            Json.child(pod, "spec").put("nodeName", node);
            pods.add(pod);
        }
        return pods;
    }

    private static ObjectNode service(String spec, String annotations) {
        ObjectNode service = SERVICE.deepCopy();
        Json.child(service, "spec").setAll((ObjectNode) Json.MAPPER.readTree(spec.replace('\'', '"')));
        Json.child(service, "metadata").set("annotations", Json.MAPPER.readTree(annotations.replace('\'', '"')));
        return service;
    }

    /** Node, zone, and hints for zones and nodes of the IPv4 endpoints; of IPv6 there are the same. */
    private static List<String> places(List<ObjectNode> slices) {
        List<List<String>> byFamily = List.of("IPv4", "IPv6").stream()
                .map(family -> slices.stream()
                        .filter(slice -> Json.text(slice, "addressType").equals(family))
                        .flatMap(slice -> Json.items(slice, "endpoints").stream())
                        .map(endpoint -> Json.text(endpoint, "nodeName") + " " + Json.text(endpoint, "zone") + " "
                                + endpoint.path("hints"))
                        .toList())
                .toList();
        assertThat(byFamily.getFirst()).isEqualTo(byFamily.getLast());
        return byFamily.getFirst();
    }

    @Test
    void namesTheZoneOfTheNode() {
        var nodes = nodes(node("n", "a"), node("m", ""));
        assertThat(places(step(SERVICE, podsOn("n", "m", "gone"), List.of(), nodes)))
                .as("a pod whose node does not exist is no endpoint")
                .containsExactly("n a ", "m  ");
        ObjectNode all = service("{'publishNotReadyAddresses':true}", "{}");
        assertThat(places(step(all, podsOn("gone"), List.of(), nodes))).containsExactly("gone  ");
    }

    @Test
    void distributesTrafficToTheSameZoneOrNode() {
        var nodes = nodes(node("n", "a"), node("m", "b"), node("o", ""));
        List<ObjectNode> pods = podsOn("n", "m", "o");
        pods.add(pod(9, 8080, false));
        ObjectNode zone = service("{'trafficDistribution':'PreferSameZone'}", "{}");
        List<ObjectNode> slices = step(zone, pods, List.of(), nodes);
        assertThat(places(slices))
                .containsExactly(
                        "n a {\"forZones\":[{\"name\":\"a\"}]}",
                        "m b {\"forZones\":[{\"name\":\"b\"}]}",
                        "o  ",
                        "n a ");
        assertThat(EndpointSlices.writes(zone, pods, slices, nodes)).isEmpty();
        slices = step(service("{'trafficDistribution':'PreferSameNode'}", "{}"), pods, slices, nodes);
        assertThat(places(slices))
                .containsExactly(
                        "n a {\"forZones\":[{\"name\":\"a\"}],\"forNodes\":[{\"name\":\"n\"}]}",
                        "m b {\"forZones\":[{\"name\":\"b\"}],\"forNodes\":[{\"name\":\"m\"}]}",
                        "o  {\"forNodes\":[{\"name\":\"o\"}]}",
                        "n a ");
        slices = step(service("{'trafficDistribution':'PreferClose'}", "{}"), pods, slices, nodes);
        assertThat(places(slices)).contains("n a {\"forZones\":[{\"name\":\"a\"}]}", "o  ");
        slices = step(SERVICE, pods, slices, nodes);
        assertThat(places(slices)).containsExactly("n a ", "m b ", "o  ", "n a ");
    }

    @Test
    void theAnnotationSpreadsEndpointsOverZones() {
        var nodes = nodes(node("n", "a"), node("m", "b"));
        ObjectNode auto =
                service("{'trafficDistribution':'PreferSameNode'}", "{'service.kubernetes.io/topology-mode':'Auto'}");
        List<ObjectNode> pods = podsOn("n", "n", "n", "n", "m", "m");
        List<Write> writes = EndpointSlices.writes(auto, pods, List.of(), nodes);
        assertThat(writes.stream().filter(write -> write instanceof Write.Tell))
                .singleElement()
                .isEqualTo(new Write.Tell(
                        auto,
                        new Events.News(
                                false,
                                "TopologyAwareHintsEnabled",
                                "Topology Aware Hints has been enabled, addressType: IPv4")));
        List<ObjectNode> slices = step(auto, pods, List.of(), nodes);
        assertThat(places(slices).stream().filter(place -> place.contains("\"name\":\"b\"")))
                .as("one of zone a is given to zone b")
                .hasSize(3);
        assertThat(EndpointSlices.writes(auto, pods, slices, nodes))
                .as("settled")
                .isEmpty();
        slices = step(auto, pods.subList(0, 1), slices, nodes);
        assertThat(places(slices)).as("too few endpoints").containsExactly("n a ");
    }
}
