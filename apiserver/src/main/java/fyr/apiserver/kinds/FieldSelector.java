package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The {@code fieldSelector} of a request (apimachinery's fields package): terms {@code field=value}, {@code ==} and {@code !=}, with {@code
 * \} before special characters.
 */
final class FieldSelector {
    private static final Pattern TERM = Pattern.compile("([^=!\\\\]+)(!=|==|=)((?:[^,=\\\\]|\\\\[,=\\\\])*)");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private static final List<SelectableField> EVERYWHERE =
            List.of(SelectableField.of("metadata.name"), SelectableField.of("metadata.namespace"));

    private FieldSelector() {}

    static List<Predicate<JsonNode>> parse(Resource resource, String text) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : split(text)) {
            terms.add(term(resource, term));
        }
        return terms;
    }

    /** At commas that no backslash precedes. */
    private static List<String> split(String text) {
        List<String> terms = new ArrayList<>();
        int start = 0;
        for (Matcher comma = COMMA.matcher(text); comma.find(); ) {
            int slashes = 0;
            for (int i = comma.start() - 1; i >= start && text.charAt(i) == '\\'; i--) {
                slashes++;
            }
            if (slashes % 2 == 0) {
                terms.add(text.substring(start, comma.start()));
                start = comma.end();
            }
        }
        terms.add(text.substring(start));
        terms.removeIf(String::isBlank);
        return terms;
    }

    private static Predicate<JsonNode> term(Resource resource, String term) {
        Matcher matcher = TERM.matcher(term);
        if (!matcher.matches()) {
            throw StatusException.badRequest(
                    "invalid field selector: '" + term + "'; can only be field=value or field!=value");
        }
        String field = matcher.group(1).strip();
        SelectableField selected = Stream.concat(EVERYWHERE.stream(), resource.selectable().stream())
                .filter(one -> one.name().equals(field))
                .findFirst()
                .orElseThrow(() -> StatusException.badRequest("field label not supported: " + field));
        boolean is = !matcher.group(2).equals("!=");
        String value = ESCAPED.matcher(matcher.group(3)).replaceAll("$1");
        String[] path = selected.path().split("\\.");
        return object -> {
            String found = Json.scalar(Json.at(object, path));
            return (found.isEmpty() ? selected.otherwise() : found).equals(value) == is;
        };
    }
}
