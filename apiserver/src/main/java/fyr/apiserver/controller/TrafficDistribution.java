package fyr.apiserver.controller;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The hints of a Service with {@code spec.trafficDistribution}: each ready endpoint is for its own zone, or its own node (KEP-4444, KEP-3015). */
final class TrafficDistribution {
    private TrafficDistribution() {}

    /** Whether the Service asks for one that is known. */
    static boolean isWanted(JsonNode service) {
        return List.of("PreferClose", "PreferSameZone", "PreferSameNode").contains(of(service));
    }

    private static String of(JsonNode service) {
        return Json.text(service, "spec", "trafficDistribution");
    }

    /** Sets the hints in place; those of endpoints that are not ready do not matter, and stay in slices that do not change otherwise. */
    static void set(JsonNode service, List<SliceDraft> drafts) {
        boolean nodes = of(service).equals("PreferSameNode");
        for (SliceDraft draft : drafts) {
            for (ObjectNode endpoint : draft.readyEndpoints()) {
                SliceDraft.hint(endpoint, SliceDraft.zone(endpoint), nodes ? Json.text(endpoint, "nodeName") : "");
            }
        }
    }
}
