package fyr.apiserver.patch;

import fyr.apiserver.object.Json;
import fyr.apiserver.schema.Field;
import fyr.apiserver.schema.FieldType;
import fyr.apiserver.schema.ListKeys;
import fyr.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an object becomes when a manifest is applied to it again, as {@code kubectl apply} decides it (kubernetes.io: Declarative Management of
 * Kubernetes Objects, "How apply calculates differences and merges changes"): what the manifest says is set, what it said the last time and says no
 * longer goes, and what others have written stays. Lists are merged by the keys of their elements where the kind is known here, replaced otherwise.
 */
public final class ThreeWayMerge {
    private static final Schema SCHEMA = Schema.instance();

    private ThreeWayMerge() {}

    /** The object that shall be; none of the given trees is changed. {@code last} is empty when nobody has applied the object yet. */
    public static ObjectNode of(Map<String, Field> fields, ObjectNode last, ObjectNode wanted, ObjectNode live) {
        return object(last, wanted, live, fields);
    }

    private static ObjectNode object(JsonNode last, ObjectNode wanted, ObjectNode live, Map<String, Field> fields) {
        ObjectNode result = live.deepCopy();
        last.propertyNames().stream().filter(name -> !wanted.has(name)).forEach(result::remove);
        for (var entry : wanted.properties()) {
            String name = entry.getKey();
            Optional<FieldType> type = Optional.ofNullable(fields.get(name)).map(Field::type);
            if (entry.getValue().isNull()) {
                result.remove(name);
            } else {
                result.set(name, value(last.path(name), entry.getValue(), live.path(name), type));
            }
        }
        return result;
    }

    private static JsonNode value(JsonNode last, JsonNode wanted, JsonNode live, Optional<FieldType> type) {
        if (wanted instanceof ObjectNode object) {
            ObjectNode before = live instanceof ObjectNode found ? found : Json.object();
            ObjectNode after =
                    object(last, object, before, type.map(ThreeWayMerge::fields).orElse(Map.of()));
            boolean alternative = type.orElse(ANY) instanceof FieldType.Struct struct && struct.retainKeys();
            return alternative ? retained(object, before, after) : after;
        }
        boolean merges = type.orElse(ANY) instanceof FieldType.Sequence list
                && !list.mergeKey().isEmpty();
        if (merges && wanted instanceof ArrayNode items && live instanceof ArrayNode before) {
            FieldType.Sequence list = (FieldType.Sequence) type.orElseThrow();
            return list.mergeKey().equals("/") ? union(last, items, before) : elements(last, items, before, list);
        }
        return wanted.deepCopy();
    }

    private static final FieldType ANY = new FieldType.Scalar('*', List.of());

    private static Map<String, Field> fields(FieldType type) {
        return switch (type) {
            case FieldType.Struct struct -> SCHEMA.fields(struct.type());
            case FieldType.Sequence list -> fields(list.element());
            case FieldType.Scalar _, FieldType.Dictionary _ -> Map.of();
        };
    }

    /** Of alternatives, such as a volume's kinds, only what the manifest names is left once anything differs ({@code $retainKeys}). */
    private static ObjectNode retained(JsonNode wanted, JsonNode before, ObjectNode after) {
        if (!Json.same(before, after)) {
            after.retain(wanted.propertyNames());
        }
        return after;
    }

    private static ArrayNode union(JsonNode last, ArrayNode wanted, ArrayNode live) {
        Set<JsonNode> result = new LinkedHashSet<>(live.values());
        result.removeAll(last instanceof ArrayNode gone ? gone.values() : List.of());
        result.addAll(wanted.values());
        boolean same = result.size() == live.size() && live.values().containsAll(result);
        return same ? live.deepCopy() : Json.array().addAll(result);
    }

    /** Elements that are there already keep their places unless the manifest has them in another order. */
    private static ArrayNode elements(JsonNode last, ArrayNode wanted, ArrayNode live, FieldType.Sequence list) {
        List<String> keys = ListKeys.of(list);
        List<JsonNode> merged = new ArrayList<>();
        for (JsonNode one : wanted.values()) {
            JsonNode before = find(live, one, list, keys);
            JsonNode after = value(find(last, one, list, keys), one, before, Optional.of(list.element()));
            boolean alternative = list.retainKeys() && before instanceof ObjectNode;
            merged.add(alternative ? retained(one, before, (ObjectNode) after) : after);
        }
        List<JsonNode> result = new ArrayList<>();
        for (JsonNode one : live.values()) {
            boolean mine = !find(wanted, one, list, keys).isMissingNode();
            if (!mine && find(last, one, list, keys).isMissingNode()) {
                result.add(one.deepCopy());
            } else if (mine) {
                result.add(merged.removeFirst());
            }
        }
        result.addAll(merged);
        return Json.array().addAll(result);
    }

    private static JsonNode find(JsonNode among, JsonNode element, FieldType.Sequence list, List<String> keys) {
        return Json.items(among).stream()
                .filter(one -> ListKeys.same(one, element, list, keys))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}
