package fyr.lab.api.http;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Json;
import fyr.lab.api.schema.Field;
import fyr.lab.api.schema.FieldType;
import fyr.lab.api.schema.Schema;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@link Schema} in OpenAPI's words, for {@code kubectl explain}: fields and their types, without descriptions. */
final class OpenApiSchemas {
    private static final Schema SCHEMA = Schema.instance();

    private final ObjectNode schemas = Json.object();
    private final Deque<String> unseen = new ArrayDeque<>();

    private OpenApiSchemas() {}

    /** {@code components.schemas} of a group: its kinds, and all types that they are made of. */
    static ObjectNode of(String group) {
        OpenApiSchemas all = new OpenApiSchemas();
        Resource.all().stream()
                .filter(resource -> resource.group().equals(group))
                .forEach(all::kind);
        while (!all.unseen.isEmpty()) {
            all.type(all.unseen.removeFirst());
        }
        return all.schemas;
    }

    private void kind(Resource resource) {
        type(resource.type())
                .putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", resource.group())
                .put("version", resource.version())
                .put("kind", resource.kind());
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
