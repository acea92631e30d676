package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Service that becomes one of another type, or of one family: what the old form had, the new one does not use and nobody changed goes without a
 * word (Kubernetes' dropTypeDependentFields and trimFieldsForDualStackDowngrade). In place.
 */
public final class ServiceTransition {
    private static final List<String> BALANCED =
            List.of("allocateLoadBalancerNodePorts", "loadBalancerClass", "loadBalancerIP", "healthCheckNodePort");

    private ServiceTransition() {}

    /** Drops from the new form what only the old one needed. */
    public static void apply(JsonNode before, ObjectNode service) {
        JsonNode old = Json.at(before, "spec");
        ObjectNode spec = Json.child(service, "spec");
        if (hasNodePorts(old) && !hasNodePorts(spec)) {
            dropUnchanged(spec, old, "externalTrafficPolicy");
            dropNodePorts(spec, old);
        }
        if (isType(old, "LoadBalancer") && !isType(spec, "LoadBalancer")) {
            BALANCED.forEach(field -> dropUnchanged(spec, old, field));
        }
        boolean single = Json.text(spec, "ipFamilyPolicy").equals("SingleStack");
        if (single && !Json.text(old, "ipFamilyPolicy").equals("SingleStack")) {
            keepFirst(spec, old, "clusterIPs");
            keepFirst(spec, old, "ipFamilies");
        }
    }

    private static boolean isType(JsonNode spec, String type) {
        return Json.text(spec, "type").equals(type);
    }

    private static boolean hasNodePorts(JsonNode spec) {
        return isType(spec, "NodePort") || isType(spec, "LoadBalancer");
    }

    private static void dropUnchanged(ObjectNode spec, JsonNode old, String field) {
        if (Json.same(spec.path(field), old.path(field))) {
            spec.remove(field);
        }
    }

    /** A port that was asked for anew stays, to be refused. */
    private static void dropNodePorts(ObjectNode spec, JsonNode old) {
        List<Long> had = Json.items(old, "ports").stream()
                .map(port -> Json.number(port, 0, "nodePort"))
                .toList();
        for (JsonNode port : Json.items(spec, "ports")) {
            if (port instanceof ObjectNode one && had.contains(Json.number(one, 0, "nodePort"))) {
                one.remove("nodePort");
            }
        }
    }

    /** A list that is not written counts as the old one. */
    private static void keepFirst(ObjectNode spec, JsonNode old, String field) {
        JsonNode now = spec.has(field) ? spec.path(field) : old.path(field);
        if (now instanceof ArrayNode list && list.size() > 1 && Json.same(now, old.path(field))) {
            spec.set(field, Json.array().add(list.get(0)));
        }
    }
}
