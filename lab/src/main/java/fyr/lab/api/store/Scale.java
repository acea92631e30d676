package fyr.lab.api.store;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Fault;
import fyr.lab.api.object.Json;
import fyr.lab.api.object.StatusException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code scale} subresource (autoscaling/v1) of the workloads that have replicas. */
public final class Scale {
    private Scale() {}

    /** The scale of an object. */
    public static ObjectNode of(Resource resource, JsonNode object) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.put(field, Json.text(object, "metadata", field));
        }
        scale.putObject("spec").put("replicas", Json.number(object, 0, "spec", "replicas"));
        String selector = Json.map(object, "spec", "selector", "matchLabels").entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
        scale.putObject("status")
                .put("replicas", Json.number(object, 0, "status", "replicas"))
                .put("selector", selector);
        return scale;
    }

    static long replicas(Store.Key key, JsonNode scale) {
        JsonNode replicas = Json.at(scale, "spec", "replicas");
        long number = replicas.isMissingNode() ? 0 : Json.number(replicas, -1);
        if (number < 0 || number > Integer.MAX_VALUE) {
            Fault fault = Fault.invalid("spec.replicas", replicas.toString(), "must be greater than or equal to 0");
            throw StatusException.invalid(key.resource().names(), key.name(), List.of(fault));
        }
        return number;
    }
}
