package fyr.apiserver.patch;

import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Patch, RFC 6902, with JSON Pointers, RFC 6901. */
final class JsonPatch {
    private static final int MOST = 10_000;

    private JsonPatch() {}

    /** The target with all operations applied; neither is changed. A 422 when an operation does not fit, as Kubernetes answers. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw StatusException.badRequest("a JSON patch is a list of operations");
        }
        if (operations.size() > MOST) {
            throw StatusException.of(413, "RequestEntityTooLarge", "a JSON patch has at most " + MOST + " operations");
        }
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            result = step(result, operation);
        }
        return result;
    }

    private static JsonNode step(JsonNode root, JsonNode operation) {
        String path = pointer(operation, "path");
        return switch (Json.text(operation, "op")) {
            case "add" -> add(root, path, value(operation));
            case "remove" -> remove(root, path);
            case "replace" -> add(remove(root, path), path, value(operation));
            case "copy" ->
                add(root, path, read(root, pointer(operation, "from")).deepCopy());
            case "move" -> move(root, pointer(operation, "from"), path);
            case "test" -> {
                if (!Json.same(read(root, path), value(operation))) {
                    throw misfit("testing value " + path + " failed");
                }
                yield root;
            }
            default -> throw misfit("unexpected operation \"" + Json.text(operation, "op") + "\"");
        };
    }

    private static JsonNode move(JsonNode root, String from, String to) {
        JsonNode moved = read(root, from);
        return add(remove(root, from), to, moved);
    }

    private static String pointer(JsonNode operation, String field) {
        JsonNode pointer = Json.at(operation, field);
        if (!pointer.isString()
                || !pointer.stringValue().isEmpty() && !pointer.stringValue().startsWith("/")) {
            throw misfit("\"" + field + "\" is no JSON pointer");
        }
        return pointer.stringValue();
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw misfit("\"value\" is missing");
        }
        return value.deepCopy();
    }

    private static List<String> steps(String pointer) {
        return Arrays.stream(pointer.substring(1).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    private static JsonNode read(JsonNode root, String pointer) {
        JsonNode here = root;
        if (!pointer.isEmpty()) {
            for (String step : steps(pointer)) {
                here = enter(here, step, pointer);
            }
        }
        return here;
    }

    private static JsonNode enter(JsonNode here, String step, String pointer) {
        JsonNode next =
                here instanceof ArrayNode list ? list.get(index(step, list.size() - 1, pointer)) : here.get(step);
        if (next == null) {
            throw misfit("path " + pointer + " is not there");
        }
        return next;
    }

    private static JsonNode add(JsonNode root, String pointer, JsonNode value) {
        if (pointer.isEmpty()) {
            return value;
        }
        List<String> steps = steps(pointer);
        switch (read(root, parent(pointer))) {
            case ObjectNode object -> object.set(steps.getLast(), value);
            case ArrayNode list -> {
                String last = steps.getLast();
                list.insert(last.equals("-") ? list.size() : index(last, list.size(), pointer), value);
            }
            default -> throw misfit("path " + pointer + " is not in an object or list");
        }
        return root;
    }

    private static JsonNode remove(JsonNode root, String pointer) {
        if (pointer.isEmpty()) {
            return Json.object();
        }
        read(root, pointer);
        String last = steps(pointer).getLast();
        switch (read(root, parent(pointer))) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode list -> list.remove(index(last, list.size() - 1, pointer));
            default -> throw misfit("path " + pointer + " is not in an object or list");
        }
        return root;
    }

    private static String parent(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    private static int index(String step, int largest, String pointer) {
        int index = step.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(step) : -1;
        if (index < 0 || index > largest) {
            throw misfit("path " + pointer + " has no element " + step);
        }
        return index;
    }

    private static StatusException misfit(String why) {
        return StatusException.of(
                422, "Invalid", "the server rejected our request due to an error in our request: " + why);
    }
}
