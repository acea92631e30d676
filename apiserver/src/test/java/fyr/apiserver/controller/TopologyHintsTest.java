package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.object.Events;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The cases of TestAddHints in k8s.io/endpointslice 0.37. */
class TopologyHintsTest {

    /** Endpoints by their zones, {@code -} for one without; {@code !} marks one that is not ready, {@code a>b} one with a hint for b. */
    private static SliceDraft slice(boolean changed, String endpoints) {
        ObjectNode slice = Json.object();
        for (String text : endpoints.split(" ")) {
            ObjectNode endpoint = slice.withArray("endpoints").addObject();
            endpoint.putObject("conditions").put("ready", !text.startsWith("!"));
            String[] zones = text.replace("!", "").split(">");
            if (!zones[0].equals("-")) {
                endpoint.put("zone", zones[0]);
            }
            if (zones.length > 1) {
                SliceDraft.hintZone(endpoint, zones[1]);
            }
        }
        return new SliceDraft(Optional.empty(), slice, changed);
    }

    private static String hints(List<SliceDraft> slices) {
        return slices.stream()
                .map(slice -> slice.endpoints().stream()
                        .map(endpoint -> String.join("+", SliceDraft.hintedZones(endpoint)))
                        .map(hint -> hint.isEmpty() ? "." : hint)
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
    }

    private static String set(Map<String, Double> shares, SliceDraft... drafts) {
        List<SliceDraft> slices = new ArrayList<>(List.of(drafts));
        Optional<Events.News> news = TopologyHints.set(slices, "IPv4", new ZoneShares(shares), false);
        return hints(slices) + " " + news.map(Events.News::message).orElse("");
    }

    @Test
    void needsZonesOfNodes() {
        assertThat(set(Map.of(), slice(true, "a>a")))
                .isEqualTo(
                        ". Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4");
    }

    @Test
    void needsAnEndpointForEachZone() {
        assertThat(set(Map.of("a", 0.3, "b", 0.4, "c", 0.3), slice(true, "a b")))
                .isEqualTo(". . Insufficient number of endpoints (2 endpoints, 3 zones), addressType: IPv4");
        assertThat(set(Map.of("a", 0.45, "b", 0.55), slice(true, "a b")))
                .isEqualTo("a b Topology Aware Hints has been enabled, addressType: IPv4");
    }

    @Test
    void countsOnlyReadyEndpoints() {
        assertThat(set(Map.of("a", 0.45, "b", 0.55), slice(true, "a b !b !b")))
                .isEqualTo("a b . . Topology Aware Hints has been enabled, addressType: IPv4");
    }

    @Test
    void refusesAnEndpointWithoutZone() {
        assertThat(set(Map.of("a", 0.5, "b", 0.5), slice(true, "a - b b")))
                .isEqualTo(". . . . One or more endpoints do not have a zone specified, addressType: IPv4");
    }

    @Test
    void redistributesWhereAZoneHasTooMany() {
        assertThat(set(
                        Map.of("a", 0.35, "b", 0.35, "c", 0.30),
                        slice(true, "a b"),
                        slice(true, "c c a"),
                        slice(true, "a a"),
                        slice(true, "b c a")))
                .isEqualTo("b b | c c a | a a | b c a Topology Aware Hints has been enabled, addressType: IPv4");
    }

    @Test
    void keepsTheHintsOfUnchangedSlicesThatFit() {
        assertThat(set(Map.of("a", 0.5, "b", 0.5), slice(false, "a>b b>b"), slice(true, "a a")))
                .startsWith("b b | a a ");
        assertThat(set(Map.of("a", 0.5, "b", 0.5), slice(false, "a>b b>b b>b"), slice(true, "a")))
                .as("these would leave too few for a")
                .startsWith("a b b | a ");
    }

    @Test
    void needsTheMinimumOfEachZone() {
        assertThat(set(Map.of("a", 0.48, "b", 0.48, "c", 0.04), slice(true, "a b c")))
                .isEqualTo(
                        ". . . Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 3 zones), addressType: IPv4");
    }

    @Test
    void sharesFollowTheProcessorsOfReadyNodes() {
        assertThat(ZoneShares.of(List.of(node("a", "4", true), node("b", "1500m", true), node("b", "2.5", true)))
                        .shares())
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", 0.5, "b", 0.5));
        assertThat(ZoneShares.of(List.of(node("a", "4", true), node("b", "4", false)))
                        .shares())
                .as("one zone")
                .isEmpty();
        assertThat(ZoneShares.of(List.of(node("a", "4", true), node("b", "4", true), node("", "4", true)))
                        .shares())
                .as("a node without zone")
                .isEmpty();
    }

    private static ObjectNode node(String zone, String processors, boolean ready) {
        return (ObjectNode) Json.MAPPER.readTree("""
                {"metadata":{"labels":{"topology.kubernetes.io/zone":"%s"}},
                 "status":{"allocatable":{"cpu":"%s"},"conditions":[{"type":"Ready","status":"%s"}]}}""".formatted(zone, processors, ready ? "True" : "False"));
    }

    @Test
    void aZoneWithoutItsShareIsOverloaded() {
        ZoneShares halves = new ZoneShares(Map.of("a", 0.5, "b", 0.5));
        assertThat(halves.isOverloaded(Map.of())).as("without hints").isFalse();
        assertThat(halves.isOverloaded(Map.of("a", 5, "b", 5))).isFalse();
        assertThat(halves.isOverloaded(Map.of("a", 6, "b", 4))).isTrue();
        assertThat(halves.isOverloaded(Map.of("a", 2))).isTrue();
        assertThat(new ZoneShares(Map.of()).isOverloaded(Map.of("a", 1))).isTrue();
    }
}
