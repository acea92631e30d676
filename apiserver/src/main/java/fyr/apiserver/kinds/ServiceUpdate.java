package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills in what a writer may leave out of a Service that has it already, and keeps {@code clusterIP} and {@code clusterIPs} alike
 * ({@code patchAllocatedValues} and {@code normalizeClusterIPs} in pkg/registry/core/service/storage/storage.go). In place.
 */
final class ServiceUpdate {
    private ServiceUpdate() {}

    /** A new Service: {@code clusterIPs} of a writer that knows only {@code clusterIP}. */
    static void normalize(ObjectNode spec) {
        if (spec.has("clusterIP") && !spec.has("clusterIPs")) {
            setSingle(spec);
        }
    }

    private static void setSingle(ObjectNode spec) {
        spec.putArray("clusterIPs").add(Json.text(spec, "clusterIP"));
    }

    /** The next form of a Service. */
    static void complete(ObjectNode spec, JsonNode old) {
        if (!ServiceSpecs.isExternalName(old) && !ServiceSpecs.isExternalName(spec)) {
            keep(spec, old, "clusterIP");
            keep(spec, old, "clusterIPs");
        }
        if (ServiceSpecs.allocatesNodePorts(old) && ServiceSpecs.allocatesNodePorts(spec)) {
            keepNodePorts(spec, old);
        }
        if (ServiceSpecs.needsHealthCheck(old) && ServiceSpecs.needsHealthCheck(spec)) {
            keep(spec, old, "healthCheckNodePort");
        }
        normalize(spec, old);
    }

    private static void keep(ObjectNode spec, JsonNode old, String field) {
        if (!spec.has(field) && old.has(field)) {
            spec.set(field, old.path(field));
        }
    }

    private static void keepNodePorts(ObjectNode spec, JsonNode old) {
        Set<Integer> used = new HashSet<>(ServiceSpecs.nodePorts(old));
        used.retainAll(ServiceSpecs.nodePorts(spec));
        Map<String, Integer> byName = new HashMap<>();
        Json.items(old, "ports")
                .forEach(port -> byName.put(Json.text(port, "name"), (int) Json.number(port, 0, "nodePort")));
        for (JsonNode port : Json.items(spec, "ports")) {
            int had = byName.getOrDefault(Json.text(port, "name"), 0);
            if (port instanceof ObjectNode one && !one.has("nodePort") && had != 0 && !used.contains(had)) {
                one.put("nodePort", had);
            }
        }
    }

    private static void normalize(ObjectNode spec, JsonNode old) {
        boolean sameFirst = ServiceSpecs.isSame(spec, old, "clusterIP");
        boolean sameAll = ServiceSpecs.isSame(spec, old, "clusterIPs");
        if (old.has("clusterIPs") && !spec.has("clusterIPs") && sameFirst) {
            spec.set("clusterIPs", old.path("clusterIPs"));
        } else if (!sameFirst && sameAll) {
            if (spec.has("clusterIP")) {
                setSingle(spec);
            } else {
                spec.remove("clusterIPs");
            }
        }
    }
}
