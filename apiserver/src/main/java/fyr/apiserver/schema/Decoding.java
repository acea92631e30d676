package fyr.apiserver.schema;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.KindNames;
import fyr.apiserver.object.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a tree as an object of its kind, as a typed server would: fields of another type are refused, unknown ones dropped and remembered, null ones
 * dropped, defaults that the schema names filled in, required ones and closed sets of strings checked. Works in place on a tree of its own.
 */
public final class Decoding {
    private static final Schema SCHEMA = Schema.instance();

    private final KindNames kind;
    private final String type;
    private final List<String> unknown = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** For objects of this kind, whose fields are those of this type. */
    public Decoding(KindNames kind, String type) {
        this.kind = kind;
        this.type = type;
    }

    /** Fields that the kind does not have, each as a sentence. */
    public List<String> unknown() {
        return unknown;
    }

    /** Required fields that are missing, and strings outside their closed set. */
    public List<Fault> faults() {
        return faults;
    }

    /** Reads the object; afterwards {@link #unknown} and {@link #faults} say what was wrong with it. */
    public void decode(ObjectNode object) {
        struct(object, type, "");
    }

    /** The same for a part of an object, whose path is said. */
    void decode(ObjectNode part, String path) {
        struct(part, type, path);
    }

    private void struct(ObjectNode object, String type, String path) {
        Map<String, Field> fields = SCHEMA.fields(type);
        List<String> dropped = new ArrayList<>();
        for (var entry : object.properties()) {
            Field field = fields.get(entry.getKey());
            if (field == null) {
                unknown.add("unknown field \"" + join(path, entry.getKey()) + "\"");
                dropped.add(entry.getKey());
            } else if (entry.getValue().isNull()) {
                dropped.add(entry.getKey());
            } else {
                value(entry.getValue(), field.type(), join(path, entry.getKey()));
            }
        }
        object.remove(dropped);
        fields.values().stream()
                .filter(field -> isQuantity(field.type()))
                .forEach(field -> quote(object, field.name()));
        fields.values().forEach(field -> complete(object, field, path));
    }

    private static boolean isQuantity(FieldType type) {
        return type instanceof FieldType.Scalar scalar && scalar.kind() == 'q';
    }

    /** Quantities are kept as strings, so that {@code cpu: 1} and {@code cpu: "1"} are the same template. */
    private static void quote(ObjectNode object, String name) {
        if (object.path(name).isNumber()) {
            object.put(name, object.path(name).toString());
        }
    }

    private void complete(ObjectNode object, Field field, String path) {
        if (object.has(field.name())) {
            return;
        }
        field.otherwise().ifPresent(value -> object.set(field.name(), value));
        if (field.required() && !path.startsWith("status") && !path.startsWith("metadata.managedFields")) {
            faults.add(Fault.required(join(path, field.name()), ""));
        }
    }

    private void value(JsonNode value, FieldType type, String path) {
        switch (type) {
            case FieldType.Scalar scalar -> scalar(value, scalar, path);
            case FieldType.Struct struct -> {
                if (!(value instanceof ObjectNode object)) {
                    throw mismatch(value, path, "object");
                }
                struct(object, struct.type(), path);
            }
            case FieldType.Sequence sequence -> {
                if (!(value instanceof ArrayNode list)) {
                    throw mismatch(value, path, "list");
                }
                for (int i = 0; i < list.size(); i++) {
                    value(list.get(i), sequence.element(), path + "[" + i + "]");
                }
            }
            case FieldType.Dictionary dictionary -> {
                if (!(value instanceof ObjectNode object)) {
                    throw mismatch(value, path, "map");
                }
                object.properties()
                        .forEach(entry -> value(entry.getValue(), dictionary.value(), join(path, entry.getKey())));
                if (isQuantity(dictionary.value())) {
                    List.copyOf(object.propertyNames()).forEach(name -> quote(object, name));
                }
            }
        }
    }

    private void scalar(JsonNode value, FieldType.Scalar type, String path) {
        boolean right = switch (type.kind()) {
            case 's' -> value.isString();
            case 'i' -> value.isIntegralNumber() && value.canConvertToLong();
            case 'n' -> value.isNumber();
            case 'b' -> value.isBoolean();
            case 'q' -> value.isString() || value.isNumber();
            case 'x' -> value.isString() || value.isIntegralNumber() && value.canConvertToInt();
            default -> true;
        };
        if (!right) {
            throw mismatch(value, path, NAMES.getOrDefault(type.kind(), "value"));
        }
        if (!type.allowed().isEmpty()
                && !type.allowed().contains(value.stringValue())
                && !value.stringValue().isEmpty()) {
            String allowed = String.join(
                    ", ", type.allowed().stream().map(one -> '"' + one + '"').toList());
            faults.add(Fault.unsupported(path, value.stringValue(), allowed));
        }
    }

    private static final Map<Character, String> NAMES = Map.of(
            's', "string", 'i', "integer", 'n', "number", 'b', "boolean", 'q', "quantity", 'x', "integer or string");

    private StatusException mismatch(JsonNode value, String path, String wanted) {
        String found = value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        return StatusException.badRequest(kind.kind() + " in version \"" + kind.version() + "\" cannot be handled as a "
                + kind.kind() + ": " + path + ": expected " + wanted + ", found " + found);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
