package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the EndpointSlices of Endpoints that somebody wrote for a Service without a selector (kubernetes.io: EndpointSlices, "Mirroring"): one slice
 * for each subset and family.
 */
final class EndpointMirrors {
    private static final String US = "endpointslicemirroring-controller.k8s.io";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final int MOST = 1000;

    private EndpointMirrors() {}

    /** {@code slices} are those that the Endpoints control. */
    static List<Write> writes(ObjectNode service, ObjectNode endpoints, List<ObjectNode> slices) {
        boolean mirrored = Json.map(service, "spec", "selector").isEmpty()
                && !Pods.isLeaving(service)
                && !Pods.label(endpoints, SKIP).equals("true");
        Map<String, ObjectNode> wanted = mirrored ? slices(endpoints) : Map.of();
        List<Write> writes = new ArrayList<>();
        Map<String, ObjectNode> had = new TreeMap<>();
        slices.forEach(slice -> had.put(Json.name(slice), slice));
        wanted.forEach((name, slice) -> {
            ObjectNode old = had.remove(name);
            if (old == null) {
                writes.add(new Write.Create(Kinds.ENDPOINT_SLICES, slice));
            } else if (!same(old, slice)) {
                ObjectNode after = old.deepCopy();
                after.set("endpoints", slice.path("endpoints"));
                after.set("ports", slice.path("ports"));
                Json.child(after, "metadata").set("labels", Json.at(slice, "metadata", "labels"));
                writes.add(new Write.Update(Kinds.ENDPOINT_SLICES, after));
            }
        });
        had.values().forEach(slice -> writes.add(new Write.Delete(Kinds.ENDPOINT_SLICES, slice)));
        return writes;
    }

    private static boolean same(ObjectNode old, ObjectNode slice) {
        return Json.same(old.path("endpoints"), slice.path("endpoints"))
                && Json.same(old.path("ports"), slice.path("ports"))
                && Json.map(old, "metadata", "labels").equals(Json.map(slice, "metadata", "labels"));
    }

    private static Map<String, ObjectNode> slices(ObjectNode endpoints) {
        Map<String, ObjectNode> slices = new TreeMap<>();
        int number = 0;
        for (JsonNode subset : Json.items(endpoints, "subsets")) {
            for (String family : List.of("IPv4", "IPv6")) {
                long seed = (family + number + Json.uid(endpoints)).hashCode();
                String name = Json.name(endpoints) + "-" + Names.of(seed & 0xffffffL);
                ArrayNode content = content(subset, family);
                if (!content.isEmpty()) {
                    slices.put(name, slice(endpoints, name, family, content, subset));
                }
            }
            number++;
        }
        return slices;
    }

    private static ArrayNode content(JsonNode subset, String family) {
        ArrayNode content = Json.array();
        for (String field : List.of("addresses", "notReadyAddresses")) {
            for (JsonNode address : Json.items(subset, field)) {
                boolean six = Json.text(address, "ip").indexOf(':') >= 0;
                if (six == family.equals("IPv6") && content.size() < MOST) {
                    content.add(endpoint(address, field.equals("addresses")));
                }
            }
        }
        return content;
    }

    private static ObjectNode endpoint(JsonNode address, boolean ready) {
        ObjectNode endpoint = Json.object();
        endpoint.putArray("addresses").add(Json.text(address, "ip"));
        endpoint.putObject("conditions").put("ready", ready);
        for (String field : List.of("hostname", "nodeName", "targetRef")) {
            if (address.has(field)) {
                endpoint.set(field, address.path(field));
            }
        }
        return endpoint;
    }

    private static ObjectNode slice(
            ObjectNode endpoints, String name, String family, ArrayNode content, JsonNode subset) {
        ObjectNode slice =
                Json.object().put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        ObjectNode metadata = slice.putObject("metadata").put("name", name).put("namespace", Json.namespace(endpoints));
        Map<String, String> labels = Json.map(endpoints, "metadata", "labels");
        labels.put(EndpointSlices.SERVICE, Json.name(endpoints));
        labels.put(EndpointSlices.OWNER, US);
        metadata.set("labels", Json.of(labels));
        Pods.own(metadata, endpoints);
        slice.put("addressType", family);
        slice.set("endpoints", content);
        ArrayNode ports = slice.putArray("ports");
        for (JsonNode port : Json.items(subset, "ports")) {
            ports.add(((ObjectNode) port.deepCopy()).put("name", Json.text(port, "name")));
        }
        return slice;
    }
}
