package fyr.apiserver.patch;

import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.schema.Field;
import fyr.apiserver.schema.FieldType;
import fyr.apiserver.schema.ListKeys;
import fyr.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch: a merge patch that knows which lists are sets and which are maps by a key of their elements. Directives are those
 * of the API conventions: {@code $patch} (delete, replace, merge), {@code $deleteFromPrimitiveList/f}, {@code $setElementOrder/f}, {@code $retainKeys}.
 */
final class StrategicMergePatch {
    private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";
    private static final Schema SCHEMA = Schema.instance();

    /** How the elements of a list are told apart: a strategic merge patch knows one key, server-side apply all of them. */
    private final Function<FieldType.Sequence, List<String>> keys;

    private StrategicMergePatch(Function<FieldType.Sequence, List<String>> keys) {
        this.keys = keys;
    }

    /** The target with the patch applied; neither is changed. */
    static ObjectNode apply(Map<String, Field> fields, ObjectNode target, ObjectNode patch) {
        return new StrategicMergePatch(list -> List.of(list.mergeKey())).object(target, patch, fields);
    }

    /** The target with a configuration merged into it as server-side apply does: DNS on port 53 is two ports, one per protocol. */
    static ObjectNode applied(Map<String, Field> fields, ObjectNode target, ObjectNode configuration) {
        return new StrategicMergePatch(ListKeys::of).object(target, configuration, fields);
    }

    private ObjectNode object(ObjectNode target, ObjectNode patch, Map<String, Field> fields) {
        switch (Json.text(patch, "$patch")) {
            case "replace" -> {
                return cleaned(patch);
            }
            case "delete" -> {
                return Json.object();
            }
            default -> {
                // "merge" is what happens anyway.
            }
        }
        ObjectNode result = target.deepCopy();
        if (patch.get("$retainKeys") instanceof ArrayNode) {
            result.retain(Json.texts(patch, "$retainKeys"));
        }
        for (var entry : patch.properties()) {
            String name = entry.getKey();
            if (name.startsWith(DELETE_ITEMS)) {
                removeItems(result, name.substring(DELETE_ITEMS.length()), entry.getValue());
            } else if (!name.startsWith("$")) {
                field(result, name, entry.getValue(), Optional.ofNullable(fields.get(name)));
            }
        }
        for (var entry : patch.properties()) {
            if (entry.getKey().startsWith(ORDER)) {
                order(result, entry.getKey().substring(ORDER.length()), entry.getValue(), fields);
            }
        }
        return result;
    }

    private void field(ObjectNode result, String name, JsonNode value, Optional<Field> field) {
        if (value.isNull()) {
            result.remove(name);
        } else if (value instanceof ObjectNode changes) {
            ObjectNode old = result.get(name) instanceof ObjectNode found ? found : Json.object();
            if (Json.text(changes, "$patch").equals("delete")) {
                result.remove(name);
            } else {
                result.set(
                        name,
                        object(old, changes, field.map(one -> inner(one.type())).orElse(Map.of())));
            }
        } else if (value instanceof ArrayNode changes
                && field.isPresent()
                && field.get().type() instanceof FieldType.Sequence list
                && !list.mergeKey().isEmpty()) {
            ArrayNode old = result.get(name) instanceof ArrayNode found ? found : Json.array();
            result.set(name, list.mergeKey().equals("/") ? union(old, changes) : merged(old, changes, list));
        } else {
            result.set(name, value.deepCopy());
        }
    }

    private static Map<String, Field> inner(FieldType type) {
        return switch (type) {
            case FieldType.Struct struct -> SCHEMA.fields(struct.type());
            case FieldType.Sequence list -> inner(list.element());
            case FieldType.Scalar scalar -> Map.of();
            case FieldType.Dictionary map -> Map.of();
        };
    }

    private ArrayNode merged(ArrayNode old, ArrayNode changes, FieldType.Sequence list) {
        boolean replace = changes.values().stream().anyMatch(one -> isReplace(one));
        List<ObjectNode> result = new ArrayList<>();
        if (!replace) {
            old.values().forEach(one -> objectOf(one, result));
        }
        for (JsonNode one : changes.values()) {
            if (!(one instanceof ObjectNode change)) {
                throw StatusException.badRequest(
                        "an element of a list that is merged by " + list.mergeKey() + " must be an object");
            }
            if (!(isReplace(change) && change.size() == 1)) {
                mergeElement(result, change, list);
            }
        }
        return Json.array().addAll(result);
    }

    private static boolean isReplace(JsonNode element) {
        return Json.text(element, "$patch").equals("replace");
    }

    private static void objectOf(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
        }
    }

    private void mergeElement(List<ObjectNode> result, ObjectNode change, FieldType.Sequence list) {
        if (!change.has(list.mergeKey())) {
            throw StatusException.badRequest(
                    "map: element of the patch does not contain declared merge key: " + list.mergeKey());
        }
        if (Json.text(change, "$patch").equals("delete")) {
            result.removeIf(one -> ListKeys.same(one, change, list, keys.apply(list)));
            return;
        }
        for (int i = 0; i < result.size(); i++) {
            if (ListKeys.same(result.get(i), change, list, keys.apply(list))) {
                result.set(i, object(result.get(i), change, inner(list)));
                return;
            }
        }
        result.add(object(Json.object(), change, inner(list)));
    }

    private static ArrayNode union(ArrayNode old, ArrayNode changes) {
        ArrayNode result = old.deepCopy();
        Set<JsonNode> seen = new HashSet<>(old.values());
        changes.values().stream().filter(seen::add).forEach(one -> result.add(one));
        return result;
    }

    private static void removeItems(ObjectNode result, String name, JsonNode items) {
        if (result.get(name) instanceof ArrayNode list && items instanceof ArrayNode gone) {
            Set<JsonNode> leaving = new HashSet<>(gone.values());
            list.removeIf(leaving::contains);
        }
    }

    /** Elements that the patch orders come in that order; the others keep their place relative to the element before them. */
    private static void order(ObjectNode result, String name, JsonNode wanted, Map<String, Field> fields) {
        Field field = fields.get(name);
        if (field == null
                || !(field.type() instanceof FieldType.Sequence list)
                || !(result.get(name) instanceof ArrayNode elements)
                || list.mergeKey().isEmpty()) {
            return;
        }
        List<JsonNode> keys = wanted instanceof ArrayNode order
                ? order.values().stream().map(one -> key(one, list)).toList()
                : List.of();
        List<JsonNode> ordered = elements.values().stream()
                .filter(one -> keys.contains(key(one, list)))
                .sorted(java.util.Comparator.comparingInt(one -> keys.indexOf(key(one, list))))
                .toList();
        var next = ordered.iterator();
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode one : elements.values()) {
            all.add(keys.contains(key(one, list)) ? next.next() : one);
        }
        result.set(name, Json.array().addAll(all));
    }

    private static JsonNode key(JsonNode element, FieldType.Sequence list) {
        return list.mergeKey().equals("/") ? element : element.path(list.mergeKey());
    }

    private static ObjectNode cleaned(ObjectNode patch) {
        ObjectNode copy = patch.deepCopy();
        copy.remove("$patch");
        return copy;
    }
}
