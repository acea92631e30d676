package fyr.apiserver.schema;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * By which fields the elements of a list that is a map are paired ({@code x-kubernetes-list-map-keys} of the published OpenAPI). A strategic merge
 * patch knows the first of them only; server-side apply knows all.
 */
public final class ListKeys {
    private static final Schema SCHEMA = Schema.instance();
    private static final Map<String, List<String>> SEVERAL = Map.of(
            "ContainerPort", List.of("containerPort", "protocol"),
            "ServicePort", List.of("port", "protocol"),
            "TopologySpreadConstraint", List.of("topologyKey", "whenUnsatisfiable"));

    private ListKeys() {}

    /** All keys of a list that merges by its elements' fields. */
    public static List<String> of(FieldType.Sequence list) {
        List<String> one = List.of(list.mergeKey());
        return list.element() instanceof FieldType.Struct struct ? SEVERAL.getOrDefault(struct.type(), one) : one;
    }

    /** What makes an element of the list itself and no other; what it leaves out counts as the default. */
    static List<JsonNode> values(JsonNode element, FieldType.Sequence list, List<String> keys) {
        List<JsonNode> values = new ArrayList<>();
        for (String key : keys) {
            JsonNode value = element.get(key);
            values.add(value == null ? otherwise(list, key) : value);
        }
        return values;
    }

    private static JsonNode otherwise(FieldType.Sequence list, String key) {
        Field field = list.element() instanceof FieldType.Struct struct
                ? SCHEMA.fields(struct.type()).get(key)
                : null;
        return field == null ? MissingNode.getInstance() : field.otherwise().orElse(MissingNode.getInstance());
    }

    /** Whether two elements are the same one. */
    public static boolean same(JsonNode one, JsonNode other, FieldType.Sequence list, List<String> keys) {
        List<JsonNode> values = values(one, list, keys);
        List<JsonNode> others = values(other, list, keys);
        for (int i = 0; i < values.size(); i++) {
            if (!Json.same(values.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
