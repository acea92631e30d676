package fyr.apiserver.controller;

import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * An EndpointSlice as it is going to be, before and while hints are set in it.
 *
 * @param before the stored form, if there is one
 * @param after the next form; a tree of its own
 * @param changed whether more than hints changes; the endpoints of such a slice have no hints yet
 */
record SliceDraft(Optional<ObjectNode> before, ObjectNode after, boolean changed) {
    private static final String HINTS = "hints";

    /** The endpoints of the next form, to be changed in place. */
    List<ObjectNode> endpoints() {
        return Json.items(after, "endpoints").stream()
                .map(endpoint -> (ObjectNode) endpoint)
                .toList();
    }

    List<ObjectNode> readyEndpoints() {
        return endpoints().stream().filter(SliceDraft::isReady).toList();
    }

    static boolean isReady(ObjectNode endpoint) {
        return Json.truth(endpoint, "conditions", "ready");
    }

    static String zone(ObjectNode endpoint) {
        return Json.text(endpoint, "zone");
    }

    /** The zones for which the endpoint is meant. */
    static List<String> hintedZones(ObjectNode endpoint) {
        return Json.items(endpoint, HINTS, "forZones").stream()
                .map(zone -> Json.text(zone, "name"))
                .toList();
    }

    static void hintZone(ObjectNode endpoint, String zone) {
        hint(endpoint, zone, "");
    }

    /** Replaces the hints by one for a zone and one for a node, of which each may be empty. */
    static void hint(ObjectNode endpoint, String zone, String node) {
        endpoint.remove(HINTS);
        if (!zone.isEmpty()) {
            Json.child(endpoint, HINTS).putArray("forZones").addObject().put("name", zone);
        }
        if (!node.isEmpty()) {
            Json.child(endpoint, HINTS).putArray("forNodes").addObject().put("name", node);
        }
    }

    void removeHints() {
        endpoints().forEach(endpoint -> endpoint.remove(HINTS));
    }

    boolean hasHints() {
        return endpoints().stream().anyMatch(endpoint -> endpoint.has(HINTS));
    }
}
