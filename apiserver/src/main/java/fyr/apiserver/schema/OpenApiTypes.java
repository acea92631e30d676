package fyr.apiserver.schema;

import fyr.apiserver.object.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@link Schema} in OpenAPI's words, for {@code kubectl explain}: fields and their types, without descriptions. */
final class OpenApiTypes {
    private static final Schema SCHEMA = Schema.instance();

    private final ObjectNode schemas;
    private final Deque<String> unseen = new ArrayDeque<>();

    /** Adds to the {@code components.schemas} of a document. */
    OpenApiTypes(ObjectNode schemas) {
        this.schemas = schemas;
    }

    /** Adds a type and all types that it is made of, and returns its schema. */
    ObjectNode describe(String name) {
        ObjectNode schema = type(name);
        while (!unseen.isEmpty()) {
            type(unseen.removeFirst());
        }
        return schema;
    }

    private ObjectNode type(String name) {
        ObjectNode schema = Json.child(schemas, name).put("type", "object");
        ArrayNode required = Json.array();
        for (Field field : SCHEMA.fields(name).values()) {
            ObjectNode property = property(field.type());
            field.otherwise().ifPresent(value -> property.set("default", value));
            Json.child(schema, "properties").set(field.name(), property);
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode property(FieldType type) {
        return switch (type) {
            case FieldType.Scalar scalar -> scalar(scalar);
            case FieldType.Struct struct -> reference(struct.type());
            case FieldType.Sequence list -> {
                ObjectNode property = Json.object().put("type", "array");
                property.set("items", property(list.element()));
                yield property;
            }
            case FieldType.Dictionary map -> {
                ObjectNode property = Json.object().put("type", "object");
                property.set("additionalProperties", property(map.value()));
                yield property;
            }
        };
    }

    private ObjectNode reference(String type) {
        if (!schemas.has(type)) {
            schemas.putObject(type);
            unseen.addLast(type);
        }
        ObjectNode property = Json.object();
        property.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + type);
        return property;
    }

    private static ObjectNode scalar(FieldType.Scalar scalar) {
        ObjectNode property = Json.object();
        switch (scalar.kind()) {
            case 's' -> property.put("type", "string");
            case 'i' -> property.put("type", "integer");
            case 'n' -> property.put("type", "number");
            case 'b' -> property.put("type", "boolean");
            case 'q' -> property.put("type", "string").put("format", "quantity");
            case 'x' -> property.put("type", "string").put("format", "int-or-string");
            default -> property.put("type", "object");
        }
        if (!scalar.allowed().isEmpty()) {
            scalar.allowed().forEach(property.putArray("enum")::add);
        }
        return property;
    }
}
