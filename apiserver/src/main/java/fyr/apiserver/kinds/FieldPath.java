package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A JSONPath as columns of custom kinds have it: fields, elements, all elements, and elements with a field of some value. */
record FieldPath(List<Step> steps) {
    private static final Pattern STEP = Pattern.compile(
            "\\.([^.\\[\\]]+)|\\['([^']+)'\\]|\\[(\\d{1,6}|\\*)\\]|\\[\\?\\(@\\.([^=\\]]+?)\\s*==\\s*[\"']([^\"']*)[\"']\\)\\]");

    private interface Step {
        List<JsonNode> next(JsonNode node);
    }

    /** Throws {@link IllegalArgumentException} for what is no such path. */
    static FieldPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException("\"" + text + "\" is no path such as .spec.field");
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new FieldPath(List.copyOf(steps));
    }

    private static Step step(Matcher matcher) {
        if (matcher.group(1) != null || matcher.group(2) != null) {
            String name = (matcher.group(1) != null ? matcher.group(1) : matcher.group(2)).replace("\\", "");
            return node -> some(Json.at(node, name));
        } else if (matcher.group(3) != null) {
            String index = matcher.group(3);
            return node -> index.equals("*") ? List.copyOf(Json.items(node)) : some(node.path(Integer.parseInt(index)));
        }
        String[] field = matcher.group(4).split("\\.");
        String value = matcher.group(5);
        return node -> Json.items(node).stream()
                .filter(one -> Json.scalar(Json.at(one, field)).equals(value))
                .toList();
    }

    private static List<JsonNode> some(JsonNode node) {
        return node.isMissingNode() ? List.of() : List.of(node);
    }

    /** What is found first, as text; empty when nothing is. */
    String text(JsonNode object) {
        List<JsonNode> here = List.of(object);
        for (Step step : steps) {
            here = here.stream().flatMap(node -> step.next(node).stream()).toList();
        }
        return here.stream()
                .findFirst()
                .map(node -> node.isValueNode() ? Json.scalar(node) : node.toString())
                .orElse("");
    }
}
