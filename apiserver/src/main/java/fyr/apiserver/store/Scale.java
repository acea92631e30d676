package fyr.apiserver.store;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.ScalePaths;
import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
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
        ScalePaths paths = resource.scale().orElseThrow();
        scale.putObject("spec").put("replicas", Json.number(object, 0, array(paths.replicas())));
        scale.putObject("status")
                .put("replicas", Json.number(object, 0, array(paths.current())))
                .put("selector", selector(object, paths.selector()));
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

    private static String selector(JsonNode object, List<String> path) {
        if (path.isEmpty()) {
            return "";
        }
        JsonNode selector = Json.at(object, array(path));
        return selector.isString() ? selector.stringValue() : pairs(selector);
    }

    private static String pairs(JsonNode selector) {
        return Json.map(selector).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static String[] array(List<String> path) {
        return path.toArray(String[]::new);
    }

    /** Sets the number of replicas of an object in place. */
    static void put(ObjectNode object, List<String> path, long replicas) {
        ObjectNode parent = object;
        for (String step : path.subList(0, path.size() - 1)) {
            parent = Json.child(parent, step);
        }
        parent.put(path.getLast(), replicas);
    }
}
