package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Questions about the spec of a Service, as kubernetes' {@code pkg/api/service} answers them. */
final class ServiceSpecs {
    static final String NONE = "None";
    static final String EXTERNAL_NAME = "ExternalName";
    static final String LOAD_BALANCER = "LoadBalancer";

    private ServiceSpecs() {}

    static boolean isType(JsonNode spec, String type) {
        return Json.text(spec, "type").equals(type);
    }

    static boolean isHeadless(JsonNode spec) {
        return Json.texts(spec, "clusterIPs").equals(List.of(NONE));
    }

    static boolean isExternalName(JsonNode spec) {
        return isType(spec, EXTERNAL_NAME);
    }

    /** Whether its type has node ports, allocated or not. */
    static boolean hasNodePorts(JsonNode spec) {
        return isType(spec, "NodePort") || isType(spec, LOAD_BALANCER);
    }

    /** Whether its ports get node ports without asking. */
    static boolean allocatesNodePorts(JsonNode spec) {
        boolean refused =
                spec.has("allocateLoadBalancerNodePorts") && !Json.truth(spec, "allocateLoadBalancerNodePorts");
        return isType(spec, "NodePort") || isType(spec, LOAD_BALANCER) && !refused;
    }

    static boolean needsHealthCheck(JsonNode spec) {
        return isType(spec, LOAD_BALANCER)
                && Json.text(spec, "externalTrafficPolicy").equals("Local");
    }

    static boolean isExternallyAccessible(JsonNode spec) {
        return hasNodePorts(spec)
                || isType(spec, "ClusterIP") && !Json.items(spec, "externalIPs").isEmpty();
    }

    /** The node ports that it names. */
    static List<Integer> nodePorts(JsonNode spec) {
        return Json.items(spec, "ports").stream()
                .map(port -> (int) Json.number(port, 0, "nodePort"))
                .filter(port -> port != 0)
                .toList();
    }

    /** Whether both have equal values in this field, or neither has it. */
    static boolean isSame(JsonNode spec, JsonNode other, String field) {
        return Json.same(spec.path(field), other.path(field));
    }
}
