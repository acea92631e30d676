package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Events;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The hints of a Service with {@code service.kubernetes.io/topology-mode: Auto} for the slices of one family: each zone gets endpoints in
 * proportion to its processors, or no endpoint has a hint ({@code AddHints} in k8s.io/endpointslice/topologycache). Zones are visited by
 * name; the order of the original is random.
 */
final class TopologyHints {
    private static final double OVERLOAD = 0.2;
    private static final String DISABLED = "TopologyAwareHintsDisabled";

    private final List<SliceDraft> drafts;
    private final Map<String, Double> shares;
    private final Map<String, Integer> allocated = new TreeMap<>();
    /** The endpoints that may get another hint. */
    private final List<ObjectNode> free = new ArrayList<>();

    private TopologyHints(List<SliceDraft> drafts, ZoneShares zones) {
        this.drafts = drafts;
        this.shares = new TreeMap<>(zones.shares());
    }

    /** Whether the Service asks for them. The older annotation has precedence. */
    static boolean isWanted(JsonNode service) {
        JsonNode annotations = Json.at(service, "metadata", "annotations");
        String older = "service.kubernetes.io/topology-aware-hints";
        String mode = Json.text(annotations, annotations.has(older) ? older : "service.kubernetes.io/topology-mode");
        return mode.equals("Auto") || mode.equals("auto");
    }

    /** Whether a change of the nodes makes the controller look at this Service again ({@code GetOverloadedServices}). */
    static boolean isOverloaded(ObjectNode service, Cache cache, ZoneShares zones) {
        Map<String, Map<String, Integer>> byFamily = new HashMap<>();
        for (ObjectNode slice : cache.controlledBy(service, Kinds.ENDPOINT_SLICES)) {
            for (JsonNode endpoint : Json.items(slice, "endpoints")) {
                if (endpoint instanceof ObjectNode one && SliceDraft.isReady(one)) {
                    Map<String, Integer> byZone =
                            byFamily.computeIfAbsent(Json.text(slice, "addressType"), _ -> new HashMap<>());
                    SliceDraft.hintedZones(one).forEach(zone -> byZone.merge(zone, 1, Integer::sum));
                }
            }
        }
        return byFamily.values().stream().anyMatch(zones::isOverloaded);
    }

    /**
     * Sets or removes the hints in place.
     *
     * @param enabled whether some endpoint of the Service had hints before
     * @return what people are told
     */
    static Optional<Events.News> set(List<SliceDraft> drafts, String family, ZoneShares zones, boolean enabled) {
        Optional<String> obstacle = new TopologyHints(drafts, zones).set();
        if (obstacle.isPresent()) {
            drafts.forEach(SliceDraft::removeHints);
            return Optional.of(news(true, DISABLED, obstacle.get(), family));
        }
        return enabled
                ? Optional.empty()
                : Optional.of(
                        news(false, "TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled", family));
    }

    private static Events.News news(boolean warning, String reason, String message, String family) {
        return new Events.News(warning, reason, message + ", addressType: " + family);
    }

    /** How many endpoints a zone needs at least so that none of them gets more than 20 % above the average load. */
    static int minimum(double desired) {
        return (int) Math.ceil(desired * (1 / (1 + OVERLOAD)));
    }

    /** The number of endpoints of a zone. */
    private record Allocation(int minimum, int maximum, double desired) {}

    /** Sets the hints; returns why there are none. */
    private Optional<String> set() {
        int count =
                drafts.stream().mapToInt(draft -> draft.readyEndpoints().size()).sum();
        if (shares.isEmpty()) {
            return Optional.of(
                    "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
        }
        String numbers = " (" + count + " endpoints, " + shares.size() + " zones)";
        if (shares.size() > count) {
            return Optional.of("Insufficient number of endpoints" + numbers);
        }
        int least = shares.values().stream()
                .mapToInt(share -> minimum(share * count))
                .sum();
        if (least > count) {
            return Optional.of(
                    "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold"
                            + numbers);
        }
        Map<String, Allocation> allocations = new TreeMap<>();
        shares.forEach((zone, share) -> {
            int minimum = minimum(share * count);
            allocations.put(zone, new Allocation(minimum, minimum + count - least, Math.max(share * count, minimum)));
        });
        drafts.forEach(draft -> keepOrFree(draft, allocations));
        if (free.stream().anyMatch(endpoint -> SliceDraft.zone(endpoint).isEmpty())) {
            return Optional.of("One or more endpoints do not have a zone specified");
        }
        for (ObjectNode endpoint : free) {
            SliceDraft.hintZone(endpoint, SliceDraft.zone(endpoint));
            allocated.merge(SliceDraft.zone(endpoint), 1, Integer::sum);
        }
        redistribute(allocations);
        return allocated.isEmpty() ? Optional.of("No hints allocated for zones") : Optional.empty();
    }

    /** An unchanged slice keeps its hints if they leave room for the minimum of each zone. */
    private void keepOrFree(SliceDraft draft, Map<String, Allocation> allocations) {
        Map<String, Integer> kept = new TreeMap<>();
        boolean keeps = !draft.changed();
        for (ObjectNode endpoint : draft.readyEndpoints()) {
            List<String> zones = SliceDraft.hintedZones(endpoint);
            keeps &= !zones.isEmpty() && allocations.keySet().containsAll(zones);
            zones.forEach(zone -> kept.merge(zone, 1, Integer::sum));
        }
        boolean fits = allocations.entrySet().stream()
                .allMatch(zone -> kept.getOrDefault(zone.getKey(), 0) == 0
                        || kept.getOrDefault(zone.getKey(), 0) + allocated.getOrDefault(zone.getKey(), 0)
                                <= zone.getValue().maximum());
        if (keeps && fits) {
            kept.forEach((zone, number) -> allocated.merge(zone, number, Integer::sum));
        } else {
            draft.removeHints();
            free.addAll(draft.readyEndpoints());
        }
    }

    private void redistribute(Map<String, Allocation> allocations) {
        Map<String, Double> surplus = new TreeMap<>();
        Map<String, Double> lack = new TreeMap<>();
        allocations.forEach((zone, allocation) -> {
            double more = allocated.getOrDefault(zone, 0) - allocation.desired();
            if (more != 0) {
                (more > 0 ? surplus : lack).put(zone, Math.abs(more));
            }
        });
        Map<String, Integer> giving = new TreeMap<>();
        Map<String, Integer> receiving = new TreeMap<>();
        while (true) {
            Optional<String> giver = most(surplus);
            Optional<String> receiver = most(lack);
            if (giver.isEmpty() || receiver.isEmpty()) {
                break;
            }
            double give = surplus.getOrDefault(giver.get(), 0.0);
            double receive = lack.getOrDefault(receiver.get(), 0.0);
            if (give < 1 && receive < 1 || give < 0.5 || receive < 0.5) {
                break;
            }
            giving.merge(giver.get(), 1, Integer::sum);
            surplus.merge(giver.get(), -1.0, Double::sum);
            receiving.merge(receiver.get(), 1, Integer::sum);
            lack.merge(receiver.get(), -1.0, Double::sum);
        }
        for (ObjectNode endpoint : free) {
            String zone = SliceDraft.zone(endpoint);
            Optional<String> receiver = receiving.keySet().stream().findFirst();
            if (giving.containsKey(zone) && receiver.isPresent()) {
                SliceDraft.hintZone(endpoint, receiver.get());
                decrease(giving, zone);
                decrease(receiving, receiver.get());
            }
        }
    }

    private static void decrease(Map<String, Integer> zones, String zone) {
        if (zones.merge(zone, -1, Integer::sum) == 0) {
            zones.remove(zone);
        }
    }

    private static Optional<String> most(Map<String, Double> zones) {
        return zones.entrySet().stream()
                .filter(zone -> zone.getValue() > 0)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }
}
