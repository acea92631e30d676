package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the Endpoints of a Service with a selector (kubernetes' endpoints controller), for clients that read the older kind: the first
 * family, pods that are not terminating, a subset for each set of ports. Endpoints that somebody wrote before the Service had a selector
 * are overwritten.
 */
final class SelectedEndpoints {
    private static final String MANAGER = "endpoints.kubernetes.io/managed-by";
    private static final String CONTROLLER = "endpoint-controller";
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final int MOST = 1000;

    private SelectedEndpoints() {}

    /** Whether this controller made them. */
    static boolean isOurs(ObjectNode endpoints) {
        return Pods.label(endpoints, MANAGER).equals(CONTROLLER);
    }

    /** {@code pods} are those that the Service selects. */
    static List<Write> writes(ObjectNode service, List<ObjectNode> pods, Optional<ObjectNode> endpoints) {
        boolean external = Json.text(service, "spec", "type").equals("ExternalName");
        if (external
                || Pods.isLeaving(service)
                || Json.map(service, "spec", "selector").isEmpty()) {
            return List.of();
        }
        ObjectNode after = endpoints
                .map(ObjectNode::deepCopy)
                .orElseGet(() -> Json.object().put("apiVersion", "v1").put("kind", "Endpoints"));
        ObjectNode metadata =
                Json.child(after, "metadata").put("name", Json.name(service)).put("namespace", Json.namespace(service));
        metadata.set("labels", Json.of(labels(service)));
        metadata.remove("ownerReferences");
        boolean all = subsets(service, pods, after);
        Map<String, String> annotations = Json.map(after, "metadata", "annotations");
        annotations.remove(OVER_CAPACITY);
        if (!all) {
            annotations.put(OVER_CAPACITY, "truncated");
        }
        metadata.remove("annotations");
        if (!annotations.isEmpty()) {
            metadata.set("annotations", Json.of(annotations));
        }
        return endpoints
                .<List<Write>>map(before ->
                        Json.same(before, after) ? List.of() : List.of(new Write.Update(Kinds.ENDPOINTS, after)))
                .orElseGet(() -> List.of(new Write.Create(Kinds.ENDPOINTS, after)));
    }

    private static Map<String, String> labels(ObjectNode service) {
        Map<String, String> labels = Json.map(service, "metadata", "labels");
        labels.put(MANAGER, CONTROLLER);
        if (Json.text(service, "spec", "clusterIP").equals("None")) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    /** Whether there was room for all. */
    private static boolean subsets(ObjectNode service, List<ObjectNode> pods, ObjectNode endpoints) {
        boolean always = Json.truth(service, "spec", "publishNotReadyAddresses");
        boolean portless = Json.items(service, "spec", "ports").isEmpty();
        String family =
                Json.texts(service, "spec", "ipFamilies").stream().findFirst().orElse("IPv4");
        Map<ArrayNode, List<ObjectNode>> groups = new LinkedHashMap<>();
        Map<String, ObjectNode> byName = new TreeMap<>();
        pods.forEach(pod -> byName.put(Json.name(pod), pod));
        int count = 0;
        for (ObjectNode pod : byName.values()) {
            ArrayNode ports = ports(service, pod);
            boolean counts = !Pods.hasEnded(pod)
                    && (always || !Pods.isLeaving(pod))
                    && (portless || !ports.isEmpty())
                    && Endpoints.address(pod, family).isPresent();
            if (counts && count++ < MOST) {
                groups.computeIfAbsent(ports, _ -> new ArrayList<>()).add(pod);
            }
        }
        endpoints.remove("subsets");
        groups.forEach((ports, members) -> {
            ObjectNode subset = endpoints.withArray("subsets").addObject();
            for (ObjectNode pod : members) {
                String list = always || Pods.isReady(pod) ? "addresses" : "notReadyAddresses";
                subset.withArray(list).add(address(service, pod, family));
            }
            if (!ports.isEmpty()) {
                subset.set("ports", ports);
            }
        });
        return count <= MOST;
    }

    private static ArrayNode ports(JsonNode service, JsonNode pod) {
        ArrayNode ports = PortGroup.of(service, pod);
        for (JsonNode port : ports) {
            if (port instanceof ObjectNode one && Json.text(one, "name").isEmpty()) {
                one.remove("name");
            }
        }
        return ports;
    }

    /** What the slice says about the pod, in the older kind's form. */
    private static ObjectNode address(JsonNode service, JsonNode pod, String family) {
        ObjectNode endpoint =
                Endpoints.of(service, pod, Endpoints.address(pod, family).orElseThrow());
        ObjectNode address =
                Json.object().put("ip", endpoint.path("addresses").path(0).asString());
        for (String field : List.of("hostname", "nodeName", "targetRef")) {
            if (endpoint.has(field)) {
                address.set(field, endpoint.path(field));
            }
        }
        return address;
    }
}
