package fyr.agent.query;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A request: the path's segments and the parameters behind it.
 *
 * @param method such as GET
 */
record QueryRequest(String method, List<String> path, Map<String, String> parameters) {

    private static final int HEAD_MAX = 8192;

    /** A request that is not one. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Reads the head of a request (RFC 9112 section 3). Header fields are ignored, and a body is not read.
     *
     * @throws Malformed if it is too long or is no request
     */
    static QueryRequest read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.indexOf("\n\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new Malformed("the request ends within its head");
            }
            if (head.length() == HEAD_MAX) {
                throw new Malformed("the request's head is longer than " + HEAD_MAX + " bytes");
            }
            head.append((char) next);
        }
        return parse(head.toString().lines().findFirst().orElse(""));
    }

    static QueryRequest parse(String line) throws Malformed {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
            throw new Malformed("not a request of HTTP/1.1");
        }
        String[] target = words[1].split("\\?", 2);
        List<String> path = Arrays.stream(target[0].split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
        return new QueryRequest(words[0], path, target.length == 1 ? Map.of() : parameters(target[1]));
    }

    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> parts.length == 1 ? "" : parts[1], (first, _) -> first));
    }

    /** A parameter that is a number; empty if it is none. */
    OptionalLong number(String name) {
        return Optional.ofNullable(parameters.get(name))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }
}
