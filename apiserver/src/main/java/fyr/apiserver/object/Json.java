package fyr.apiserver.object;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading and growing JSON trees without ever failing on their shape: what is missing or of another kind reads as empty. */
public final class Json {
    /** The one mapper; safe on any thread. */
    public static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /** A new empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A new empty list. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** What is at this path of field names; a missing node when any step is. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode here = node;
        for (String step : path) {
            JsonNode next = here.get(step);
            here = next == null ? MissingNode.getInstance() : next;
        }
        return here;
    }

    /** The string at this path, or the empty one. */
    public static String text(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isString() ? found.stringValue() : "";
    }

    /** Numbers, strings and booleans as text; the empty string for anything else. */
    public static String scalar(JsonNode node) {
        return node.isString() ? node.stringValue() : node.isNumber() || node.isBoolean() ? node.toString() : "";
    }

    /** The integer at this path, or the alternative. */
    public static long number(JsonNode node, long otherwise, String... path) {
        JsonNode found = at(node, path);
        return found.isIntegralNumber() && found.canConvertToLong() ? found.longValue() : otherwise;
    }

    /** Whether there is a {@code true} at this path. */
    public static boolean truth(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isBoolean() && found.booleanValue();
    }

    /**
     * Whether two trees say the same. A number is its value: {@code equals} would tell the int of one that was parsed from the long of one that was
     * computed, and take an object that nobody changed for a new one.
     */
    public static boolean same(JsonNode one, JsonNode other) {
        return one.equals(Json::compare, other);
    }

    private static int compare(JsonNode one, JsonNode other) {
        boolean same = one.isIntegralNumber() && other.isIntegralNumber()
                ? one.bigIntegerValue().equals(other.bigIntegerValue())
                : one.equals(other);
        return same ? 0 : 1;
    }

    /** The elements of the list at this path, none when it is no list. */
    public static Collection<JsonNode> items(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found instanceof ArrayNode list ? list.values() : List.of();
    }

    /** The strings of the list at this path. */
    public static List<String> texts(JsonNode node, String... path) {
        List<String> texts = new ArrayList<>();
        items(node, path).forEach(item -> texts.add(scalar(item)));
        return texts;
    }

    /** The object at this path as sorted map of strings. */
    public static Map<String, String> map(JsonNode node, String... path) {
        Map<String, String> map = new TreeMap<>();
        if (at(node, path) instanceof ObjectNode found) {
            found.properties().forEach(entry -> map.put(entry.getKey(), scalar(entry.getValue())));
        }
        return map;
    }

    /** The object of this name in the parent, made when it is not there. */
    public static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode found ? found : parent.putObject(name);
    }

    /** A map of strings as an object. */
    public static ObjectNode of(Map<String, String> map) {
        ObjectNode object = object();
        map.forEach(object::put);
        return object;
    }

    /** {@code metadata.name}. */
    public static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    /** {@code metadata.namespace}; empty for kinds without one. */
    public static String namespace(JsonNode object) {
        return text(object, "metadata", "namespace");
    }

    /** {@code metadata.resourceVersion} as the number that it is here; 0 when there is none. */
    public static long version(JsonNode object) {
        String text = text(object, "metadata", "resourceVersion");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** {@code metadata.uid}. */
    public static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }
}
