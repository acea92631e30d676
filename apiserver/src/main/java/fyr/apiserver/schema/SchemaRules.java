package fyr.apiserver.schema;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a structural schema must be like, so that objects can be checked with it in bounded time. */
public final class SchemaRules {
    private static final int DEEPEST = 64;
    private static final int LARGEST = 50_000;
    private static final List<String> TYPES = List.of("object", "array", "string", "boolean", "number", "integer");

    private final List<Fault> faults;
    private int nodes;
    private boolean expressions;

    private SchemaRules(List<Fault> faults) {
        this.faults = faults;
    }

    /** Adds what is wrong with a schema at this path of a definition. */
    public static void check(JsonNode schema, String path, List<Fault> faults) {
        SchemaRules rules = new SchemaRules(faults);
        if (!Json.text(schema, "type").equals("object")) {
            faults.add(Fault.invalid(path + ".type", Json.text(schema, "type"), "must be object at the root"));
        }
        rules.schema(schema, path, 0, true);
    }

    /** Whether a schema has rules in CEL, which a lab does not evaluate. */
    public static boolean hasExpressions(JsonNode schema) {
        SchemaRules rules = new SchemaRules(new ArrayList<>());
        rules.schema(schema, "", 0, false);
        return rules.expressions;
    }

    private void schema(JsonNode schema, String path, int depth, boolean structural) {
        if (++nodes > LARGEST || depth > DEEPEST) {
            if (nodes == LARGEST + 1 || depth == DEEPEST + 1) {
                faults.add(Fault.forbidden(
                        path, "a schema has at most " + LARGEST + " parts and " + DEEPEST + " levels in a lab"));
            }
            return;
        }
        expressions |= schema.has("x-kubernetes-validations");
        type(schema, path, structural);
        pattern(schema, path);
        for (var property : schema.path("properties").properties()) {
            schema(property.getValue(), path + ".properties[" + property.getKey() + "]", depth + 1, structural);
        }
        if (schema.path("items").isObject()) {
            schema(schema.path("items"), path + ".items", depth + 1, structural);
        }
        if (schema.path("additionalProperties").isObject()) {
            schema(schema.path("additionalProperties"), path + ".additionalProperties", depth + 1, structural);
        }
        for (String combined : List.of("allOf", "anyOf", "oneOf")) {
            int i = 0;
            for (JsonNode one : Json.items(schema, combined)) {
                schema(one, path + "." + combined + "[" + i++ + "]", depth + 1, false);
            }
        }
        if (schema.path("not").isObject()) {
            schema(schema.path("not"), path + ".not", depth + 1, false);
        }
    }

    private void type(JsonNode schema, String path, boolean structural) {
        String type = Json.text(schema, "type");
        boolean free = Json.truth(schema, "x-kubernetes-int-or-string")
                || Json.truth(schema, "x-kubernetes-preserve-unknown-fields");
        if (type.isEmpty() && structural && !free) {
            faults.add(Fault.required(path + ".type", "must not be empty for specified object fields"));
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            faults.add(Fault.unsupported(path + ".type", type, "\"" + String.join("\", \"", TYPES) + "\""));
        }
        if (type.equals("array") && structural && !schema.path("items").isObject()) {
            faults.add(Fault.required(path + ".items", "must be specified"));
        }
        if (schema.has("$ref")) {
            faults.add(Fault.forbidden(path + ".$ref", "$ref is not supported"));
        }
    }

    private void pattern(JsonNode schema, String path) {
        String pattern = Json.text(schema, "pattern");
        try {
            BoundedPattern.of(pattern);
        } catch (IllegalArgumentException wrong) {
            faults.add(Fault.invalid(
                    path + ".pattern",
                    pattern,
                    "must be a valid regular expression, but isn't: " + wrong.getMessage()));
        }
    }
}
