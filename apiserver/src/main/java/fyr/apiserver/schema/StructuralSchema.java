package fyr.apiserver.schema;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.KindNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code openAPIV3Schema} of a custom kind. An object is pruned, completed and checked, in this order (kubernetes.io: "Extend the Kubernetes API with
 * CustomResourceDefinitions"). Rules in CEL and formats are not evaluated.
 */
public final class StructuralSchema implements ObjectSchema {
    private static final List<String> COMMON = List.of("apiVersion", "kind", "metadata");

    private final JsonNode root;

    /** A schema that {@link SchemaRules} has found nothing wrong with. */
    public StructuralSchema(JsonNode root) {
        this.root = root.deepCopy();
    }

    @Override
    public Decoded decode(KindNames names, ObjectNode object) {
        List<String> unknown = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        if (object.get("metadata") instanceof ObjectNode metadata) {
            Decoding decoding = new Decoding(names, "ObjectMeta");
            decoding.decode(metadata, "metadata");
            unknown.addAll(decoding.unknown());
            faults.addAll(decoding.faults());
        }
        prune(object, root, "", true, unknown);
        complete(object, root);
        new SchemaCheck(faults, new Budget()).check(object, root, "");
        return new Decoded(unknown, faults);
    }

    @Override
    public Optional<Map<String, Field>> fields() {
        return Optional.empty();
    }

    @Override
    public ObjectNode describe(KindNames names, ObjectNode schemas) {
        new OpenApiTypes(schemas).describe("ObjectMeta");
        List<String> reversed = Arrays.asList(names.group().split("\\.")).reversed();
        ObjectNode schema = root.deepCopy() instanceof ObjectNode own ? own : Json.object();
        ObjectNode properties = Json.child(schema, "properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").putArray("allOf").addObject().put("$ref", "#/components/schemas/ObjectMeta");
        schemas.set(String.join(".", reversed) + "." + names.version() + "." + names.kind(), schema);
        return schema;
    }

    private static void prune(JsonNode value, JsonNode schema, String path, boolean resource, List<String> unknown) {
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                prune(list.get(i), schema.path("items"), path + "[" + i + "]", false, unknown);
            }
        } else if (value instanceof ObjectNode object) {
            boolean keeps = Json.truth(schema, "x-kubernetes-preserve-unknown-fields");
            boolean whole = resource || Json.truth(schema, "x-kubernetes-embedded-resource");
            JsonNode others = schema.path("additionalProperties");
            boolean open = keeps || others.isObject() || others.isBoolean() && others.booleanValue();
            List<String> dropped = new ArrayList<>();
            for (var entry : object.properties()) {
                String name = entry.getKey();
                JsonNode known = Json.at(schema, "properties", name);
                if (whole && COMMON.contains(name)) {
                    continue;
                } else if (known.isObject()) {
                    prune(entry.getValue(), known, join(path, name), false, unknown);
                } else if (others.isObject()) {
                    prune(entry.getValue(), others, join(path, name), false, unknown);
                } else if (!open) {
                    unknown.add("unknown field \"" + join(path, name) + "\"");
                    dropped.add(name);
                }
            }
            object.remove(dropped);
        }
    }

    /** Sets defaults, also in place of a null that is not allowed. */
    private static void complete(JsonNode value, JsonNode schema) {
        if (value instanceof ArrayNode list) {
            list.values().forEach(element -> complete(element, schema.path("items")));
        } else if (value instanceof ObjectNode object) {
            for (var property : schema.path("properties").properties()) {
                JsonNode otherwise = property.getValue().get("default");
                JsonNode now = object.get(property.getKey());
                boolean wrongNull = now != null && now.isNull() && !Json.truth(property.getValue(), "nullable");
                if (otherwise != null && (now == null || wrongNull)) {
                    object.set(property.getKey(), otherwise.deepCopy());
                }
            }
            for (var entry : object.properties()) {
                JsonNode known = Json.at(schema, "properties", entry.getKey());
                complete(entry.getValue(), known.isObject() ? known : schema.path("additionalProperties"));
            }
        }
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
