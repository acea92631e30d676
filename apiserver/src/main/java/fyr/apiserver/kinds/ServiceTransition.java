package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Service that becomes one of another type: what the old form had, the new one does not use and nobody changed goes without a word
 * ({@code dropTypeDependentFields} in pkg/registry/core/service/strategy.go). In place.
 */
final class ServiceTransition {
    private ServiceTransition() {}

    static void apply(JsonNode old, ObjectNode spec) {
        if (!ServiceSpecs.isExternalName(old) && ServiceSpecs.isExternalName(spec)) {
            if (ServiceSpecs.isSame(spec, old, "clusterIP") && ServiceSpecs.isSame(spec, old, "clusterIPs")) {
                spec.remove(List.of("clusterIP", "clusterIPs"));
            }
            dropUnchanged(spec, old, "ipFamilies");
            dropUnchanged(spec, old, "ipFamilyPolicy");
        }
        if (ServiceSpecs.hasNodePorts(old)
                && !ServiceSpecs.hasNodePorts(spec)
                && new HashSet<>(ServiceSpecs.nodePorts(old)).containsAll(ServiceSpecs.nodePorts(spec))) {
            Json.items(spec, "ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
        }
        if (ServiceSpecs.needsHealthCheck(old) && !ServiceSpecs.needsHealthCheck(spec)) {
            dropUnchanged(spec, old, "healthCheckNodePort");
        }
        if (ServiceSpecs.isType(old, ServiceSpecs.LOAD_BALANCER)
                && !ServiceSpecs.isType(spec, ServiceSpecs.LOAD_BALANCER)) {
            dropUnchanged(spec, old, "allocateLoadBalancerNodePorts");
            dropUnchanged(spec, old, "loadBalancerClass");
        }
        if (ServiceSpecs.isExternallyAccessible(old) && !ServiceSpecs.isExternallyAccessible(spec)) {
            dropUnchanged(spec, old, "externalTrafficPolicy");
        }
    }

    private static void dropUnchanged(ObjectNode spec, JsonNode old, String field) {
        if (ServiceSpecs.isSame(spec, old, field)) {
            spec.remove(field);
        }
    }
}
