package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a Service has whose writer says nothing ({@code SetDefaults_Service} in pkg/apis/core/v1/defaults.go). In place. */
final class ServiceDefaults {
    /** Fields for which an empty value is the same as none. */
    private static final List<String> OPTIONAL = List.of(
            "clusterIP",
            "clusterIPs",
            "externalIPs",
            "externalName",
            "externalTrafficPolicy",
            "healthCheckNodePort",
            "ipFamilies",
            "loadBalancerIP",
            "loadBalancerSourceRanges",
            "ports",
            "publishNotReadyAddresses",
            "selector",
            "sessionAffinity",
            "type");

    private ServiceDefaults() {}

    static void fill(ObjectNode spec) {
        OPTIONAL.forEach(field -> dropEmpty(spec, field));
        Defaults.text(spec, "sessionAffinity", "None");
        affinity(spec);
        Defaults.text(spec, "type", "ClusterIP");
        Json.items(spec, "ports").forEach(port -> port((ObjectNode) port));
        if (ServiceSpecs.isExternallyAccessible(spec)) {
            Defaults.text(spec, "externalTrafficPolicy", "Cluster");
        }
        if (ServiceSpecs.hasNodePorts(spec) || ServiceSpecs.isType(spec, "ClusterIP")) {
            Defaults.text(spec, "internalTrafficPolicy", "Cluster");
        }
        if (ServiceSpecs.isType(spec, ServiceSpecs.LOAD_BALANCER) && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
    }

    private static void dropEmpty(ObjectNode object, String field) {
        JsonNode value = object.path(field);
        boolean empty = switch (value) {
            case ArrayNode list -> list.isEmpty();
            case ObjectNode map -> map.isEmpty();
            default -> List.of("", "0", "false").contains(Json.scalar(value));
        };
        if (empty) {
            object.remove(field);
        }
    }

    private static void affinity(ObjectNode spec) {
        if (Json.text(spec, "sessionAffinity").equals("None")) {
            spec.remove("sessionAffinityConfig");
        } else if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
            Defaults.number(
                    Json.child(Json.child(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10_800);
        }
    }

    private static void port(ObjectNode port) {
        List.of("name", "protocol", "nodePort").forEach(field -> dropEmpty(port, field));
        Defaults.text(port, "protocol", "TCP");
        Defaults.number(port, "port", 0);
        JsonNode target = port.path("targetPort");
        boolean none = target.isMissingNode()
                || target.isIntegralNumber() && target.longValue() == 0
                || target.isString() && target.stringValue().isEmpty();
        if (none) {
            port.set("targetPort", port.path("port"));
        }
    }
}
