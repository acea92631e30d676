package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which objects a list or watch is about: the label and field selectors of a request. Immutable. */
public final class Selector {
    /** Selects everything. */
    public static final Selector ALL = new Selector(List.of());

    private static final Pattern SET =
            Pattern.compile("\\s*([^\\s!=,()]+)\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern EQUAL = Pattern.compile("\\s*([^\\s!=,()<>]+)\\s*(==|=|!=)\\s*([^\\s!=,()<>]*)\\s*");
    private static final Pattern ORDER = Pattern.compile("\\s*([^\\s!=,()<>]+)\\s*([<>])\\s*(-?\\d{1,18})\\s*");
    private static final Pattern EXISTS = Pattern.compile("\\s*(!?)\\s*([^\\s!=,()<>]+)\\s*");

    private final List<Predicate<JsonNode>> terms;

    private Selector(List<Predicate<JsonNode>> terms) {
        this.terms = List.copyOf(terms);
    }

    /** Whether the object is selected. */
    public boolean matches(JsonNode object) {
        for (Predicate<JsonNode> term : terms) {
            if (!term.test(object)) {
                return false;
            }
        }
        return true;
    }

    /** Parses the two query parameters, either may be empty; a 400 when they make no sense for the kind. */
    public static Selector parse(Resource resource, String labels, String fields) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : split(labels)) {
            Predicate<Map<String, String>> label = label(term);
            terms.add(object -> label.test(Json.map(object, "metadata", "labels")));
        }
        terms.addAll(FieldSelector.parse(resource, fields));
        return terms.isEmpty() ? ALL : new Selector(terms);
    }

    /** Whether a {@code LabelSelector} object of a manifest selects these labels; the empty object selects all. */
    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        for (var wanted : Json.map(selector, "matchLabels").entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (JsonNode expression : Json.items(selector, "matchExpressions")) {
            String value = labels.get(Json.text(expression, "key"));
            List<String> values = Json.texts(expression, "values");
            boolean holds = switch (Json.text(expression, "operator")) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static List<String> split(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth <= 0 || i == text.length())) {
                if (!text.substring(start, i).isBlank()) {
                    terms.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return terms;
    }

    private static Predicate<Map<String, String>> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String key = set.group(1);
            List<String> values =
                    Arrays.stream(set.group(3).split(",")).map(String::strip).toList();
            boolean in = set.group(2).equalsIgnoreCase("in");
            return labels -> labels.containsKey(key) && values.contains(labels.get(key)) == in
                    || !in && !labels.containsKey(key);
        }
        Matcher equal = EQUAL.matcher(term);
        if (equal.matches()) {
            boolean is = !equal.group(2).equals("!=");
            String key = equal.group(1);
            String value = equal.group(3);
            return labels -> value.equals(labels.get(key)) == is;
        }
        Matcher order = ORDER.matcher(term);
        if (order.matches()) {
            long bound = Long.parseLong(order.group(3));
            return labels -> compares(
                    labels.getOrDefault(order.group(1), ""), order.group(2).equals("<"), bound);
        }
        Matcher exists = EXISTS.matcher(term);
        if (exists.matches()) {
            boolean is = exists.group(1).isEmpty();
            return labels -> labels.containsKey(exists.group(2)) == is;
        }
        throw StatusException.badRequest("unable to parse requirement: '" + term + "' is no label selector");
    }

    private static boolean compares(String value, boolean below, long bound) {
        if (!value.matches("-?\\d{1,18}")) {
            return false;
        }
        return below ? Long.parseLong(value) < bound : Long.parseLong(value) > bound;
    }
}
