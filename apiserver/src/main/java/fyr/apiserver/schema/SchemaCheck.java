package fyr.apiserver.schema;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks a value against a structural schema, in the words of Kubernetes. */
final class SchemaCheck {
    private static final int MOST_FAULTS = 100;

    private final List<Fault> faults;
    private final Budget budget;

    SchemaCheck(List<Fault> faults, Budget budget) {
        this.faults = faults;
        this.budget = budget;
    }

    void check(JsonNode value, JsonNode schema, String path) {
        if (!schema.isObject() || faults.size() >= MOST_FAULTS) {
            return;
        }
        budget.spend(path);
        if (value.isNull()) {
            if (!Json.truth(schema, "nullable") && schema.has("type")) {
                mistyped("null", Json.text(schema, "type"), path);
            }
            return;
        }
        if (!typed(value, schema, path)) {
            return;
        }
        closed(value, schema, path);
        number(value, schema, path);
        text(value, schema, path);
        if (value instanceof ArrayNode list) {
            list(list, schema, path);
        } else if (value instanceof ObjectNode object) {
            object(object, schema, path);
        }
        combined(value, schema, path);
    }

    private boolean typed(JsonNode value, JsonNode schema, String path) {
        if (Json.truth(schema, "x-kubernetes-int-or-string")) {
            boolean right = value.isString() || value.isIntegralNumber();
            if (!right) {
                mistyped(type(value), "integer,string", path);
            }
            return right;
        }
        String type = Json.text(schema, "type");
        boolean right = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            default -> true;
        };
        if (!right) {
            mistyped(type(value), type, path);
        }
        return right;
    }

    private void mistyped(String found, String wanted, String path) {
        faults.add(new Fault(
                path,
                "FieldValueTypeInvalid",
                "Invalid value: \"" + found + "\": " + path + " in body must be of type " + wanted + ": \"" + found
                        + "\""));
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }

    private void closed(JsonNode value, JsonNode schema, String path) {
        if (schema.get("enum") instanceof ArrayNode all
                && all.values().stream().noneMatch(one -> Json.same(one, value))) {
            String allowed = all.values().stream()
                    .map(one -> one.isString() ? one.toString() : "\"" + one + "\"")
                    .collect(Collectors.joining(", "));
            faults.add(Fault.unsupported(path, value.isString() ? value.stringValue() : value.toString(), allowed));
        }
    }

    private void number(JsonNode value, JsonNode schema, String path) {
        if (!value.isNumber()) {
            return;
        }
        if (schema.path("minimum").isNumber()) {
            int order = value.decimalValue().compareTo(schema.path("minimum").decimalValue());
            boolean open = Json.truth(schema, "exclusiveMinimum");
            if (order < 0 || open && order == 0) {
                should(value, path, "be greater than " + (open ? "" : "or equal to ") + schema.path("minimum"));
            }
        }
        if (schema.path("maximum").isNumber()) {
            int order = value.decimalValue().compareTo(schema.path("maximum").decimalValue());
            boolean open = Json.truth(schema, "exclusiveMaximum");
            if (order > 0 || open && order == 0) {
                should(value, path, "be less than " + (open ? "" : "or equal to ") + schema.path("maximum"));
            }
        }
        JsonNode step = schema.path("multipleOf");
        if (step.isNumber()
                && step.decimalValue().signum() > 0
                && value.decimalValue().remainder(step.decimalValue()).signum() != 0) {
            should(value, path, "be a multiple of " + step);
        }
    }

    private void should(Object value, String path, String what) {
        faults.add(Fault.invalid(path, value, path + " in body should " + what));
    }

    private void text(JsonNode value, JsonNode schema, String path) {
        if (!value.isString()) {
            return;
        }
        String text = value.stringValue();
        long length = text.codePointCount(0, text.length());
        long most = Json.number(schema, Long.MAX_VALUE, "maxLength");
        long least = Json.number(schema, 0, "minLength");
        if (length > most) {
            faults.add(new Fault(path, "FieldValueTooLong", "Too long: may not be more than " + most + " bytes"));
        }
        if (length < least) {
            should(text, path, "be at least " + least + " chars long");
        }
        String pattern = Json.text(schema, "pattern");
        if (!pattern.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= 65_536) {
            matches(text, pattern, path);
        } else if (!pattern.isEmpty()) {
            faults.add(Fault.invalid(path, "", "is too long to be matched with a pattern"));
        }
    }

    private void matches(String text, String pattern, String path) {
        try {
            if (!BoundedPattern.of(pattern).finds(text, budget)) {
                should(text, path, "match '" + pattern + "'");
            }
        } catch (IllegalStateException | IllegalArgumentException unknown) {
            faults.add(Fault.invalid(path, text, "'" + pattern + "' cannot be matched: " + unknown.getMessage()));
        }
    }

    private void list(ArrayNode list, JsonNode schema, String path) {
        long most = Json.number(schema, Long.MAX_VALUE, "maxItems");
        long least = Json.number(schema, 0, "minItems");
        if (list.size() > most) {
            faults.add(new Fault(
                    path, "FieldValueTooMany", "Too many: " + list.size() + ": must have at most " + most + " items"));
        }
        if (list.size() < least) {
            should(list.size(), path, "have at least " + least + " items");
        }
        List<String> keys = Json.texts(schema, "x-kubernetes-list-map-keys");
        String type = Json.text(schema, "x-kubernetes-list-type");
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            Object identity = keys.stream().map(element::path).toList();
            boolean unique = type.equals("map") || type.equals("set");
            if (unique && !seen.add(type.equals("map") ? identity : element)) {
                faults.add(Fault.duplicate(path + "[" + i + "]", element.toString()));
            }
            check(element, schema.path("items"), path + "[" + i + "]");
        }
    }

    private void object(ObjectNode object, JsonNode schema, String path) {
        for (String name : Json.texts(schema, "required")) {
            if (!object.has(name)) {
                faults.add(Fault.required(StructuralSchema.join(path, name), ""));
            }
        }
        if (object.size() > Json.number(schema, Long.MAX_VALUE, "maxProperties")) {
            should(object.size(), path, "have at most " + schema.path("maxProperties") + " properties");
        }
        if (object.size() < Json.number(schema, 0, "minProperties")) {
            should(object.size(), path, "have at least " + schema.path("minProperties") + " properties");
        }
        for (var entry : object.properties()) {
            JsonNode known = Json.at(schema, "properties", entry.getKey());
            boolean metadata = path.isEmpty() && entry.getKey().equals("metadata");
            if (!metadata) {
                check(
                        entry.getValue(),
                        known.isObject() ? known : schema.path("additionalProperties"),
                        StructuralSchema.join(path, entry.getKey()));
            }
        }
    }

    private void combined(JsonNode value, JsonNode schema, String path) {
        Json.items(schema, "allOf").forEach(one -> check(value, one, path));
        long any = fitting(value, schema, "anyOf", path);
        if (schema.has("anyOf") && any == 0) {
            faults.add(Fault.invalid(path, shown(value), path + " in body must validate at least one schema (anyOf)"));
        }
        long one = fitting(value, schema, "oneOf", path);
        if (schema.has("oneOf") && one != 1) {
            faults.add(
                    Fault.invalid(path, shown(value), path + " in body must validate one and only one schema (oneOf)"));
        }
        if (schema.path("not").isObject() && fits(value, schema.path("not"), path)) {
            faults.add(Fault.invalid(path, shown(value), path + " in body must not validate the schema (not)"));
        }
    }

    private static String shown(JsonNode value) {
        return value.isObject() ? "object" : value.isArray() ? "array" : Json.scalar(value);
    }

    private long fitting(JsonNode value, JsonNode schema, String field, String path) {
        return Json.items(schema, field).stream()
                .filter(one -> fits(value, one, path))
                .count();
    }

    private boolean fits(JsonNode value, JsonNode schema, String path) {
        List<Fault> found = new ArrayList<>();
        new SchemaCheck(found, budget).check(value, schema, path);
        return found.isEmpty();
    }
}
