package fyr.apiserver.http;

import fyr.apiserver.object.StatusException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The parameters of a request; the first of a name counts. */
record Query(Map<String, String> parameters) {

    static Query parse(Optional<String> raw) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : raw.orElse("").split("&")) {
            int equal = pair.indexOf('=');
            if (!pair.isEmpty()) {
                parameters.putIfAbsent(
                        decode(equal < 0 ? pair : pair.substring(0, equal)),
                        equal < 0 ? "" : decode(pair.substring(equal + 1)));
            }
        }
        return new Query(parameters);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StatusException.badRequest("the query is not well encoded: " + text);
        }
    }

    String text(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** As the API server reads booleans (apimachinery's Convert_Slice_string_To_bool): whatever is there and says neither false nor 0 is true. */
    boolean truth(String name) {
        return parameters.containsKey(name) && !isFalse(name);
    }

    /** Whether it is there and says no. */
    boolean isFalse(String name) {
        String value = text(name);
        return value.equals("0") || value.equalsIgnoreCase("false");
    }

    Optional<Long> number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.matches("\\d{1,18}")) {
            throw StatusException.badRequest("invalid " + name + ": \"" + value + "\" is no number");
        }
        return Optional.of(Long.parseLong(value));
    }
}
