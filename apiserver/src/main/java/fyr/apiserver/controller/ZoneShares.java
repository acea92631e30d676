package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which part of the cluster's processors each zone has ({@code SetNodes} in k8s.io/endpointslice/topologycache).
 *
 * @param shares by zone; empty if a ready node has no zone or no processors, or if there are fewer than two zones
 */
record ZoneShares(Map<String, Double> shares) {
    static final String ZONE = "topology.kubernetes.io/zone";

    private static final List<String> EXCLUDED =
            List.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "n", new BigDecimal("1e-9"),
            "u", new BigDecimal("1e-6"),
            "m", new BigDecimal("1e-3"),
            "k", new BigDecimal("1e3"),
            "M", new BigDecimal("1e6"));

    ZoneShares {
        shares = Map.copyOf(shares);
    }

    static ZoneShares of(Cache cache) {
        return of(cache.list(Kinds.NODES, ""));
    }

    static ZoneShares of(List<ObjectNode> nodes) {
        Map<String, Double> processors = new TreeMap<>();
        for (ObjectNode node : nodes) {
            boolean excluded = EXCLUDED.stream().anyMatch(Json.map(node, "metadata", "labels")::containsKey);
            if (excluded || !Conditions.isTrue(node, "Ready")) {
                continue;
            }
            double number = quantity(Json.scalar(Json.at(node, "status", "allocatable", "cpu")));
            if (zone(node).isEmpty() || number <= 0) {
                return new ZoneShares(Map.of());
            }
            processors.merge(zone(node), number, Double::sum);
        }
        double all = processors.values().stream().mapToDouble(one -> one).sum();
        processors.replaceAll((_, number) -> number / all);
        return new ZoneShares(processors.size() < 2 ? Map.of() : processors);
    }

    /** The zone of a node; empty if it has none. */
    static String zone(JsonNode node) {
        return Json.text(node, "metadata", "labels", ZONE);
    }

    private static double quantity(String text) {
        Optional<String> unit = UNITS.keySet().stream().filter(text::endsWith).findFirst();
        String digits =
                text.substring(0, text.length() - unit.map(String::length).orElse(0));
        return digits.matches("\\d{1,12}(\\.\\d{1,12})?")
                ? new BigDecimal(digits)
                        .multiply(unit.map(UNITS::get).orElse(BigDecimal.ONE))
                        .doubleValue()
                : 0;
    }

    /** Whether some zone has too few of a Service's endpoints, or the shares are no longer known ({@code serviceOverloaded}). */
    boolean isOverloaded(Map<String, Integer> endpointsByZone) {
        if (endpointsByZone.isEmpty()) {
            return false;
        }
        int all = endpointsByZone.values().stream().mapToInt(one -> one).sum();
        return shares.isEmpty()
                || shares.entrySet().stream()
                        .anyMatch(share -> endpointsByZone.getOrDefault(share.getKey(), 0)
                                < TopologyHints.minimum(share.getValue() * all));
    }
}
