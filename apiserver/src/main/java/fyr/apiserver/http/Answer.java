package fyr.apiserver.http;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request is answered with.
 *
 * @param warnings for people, each shown by {@code kubectl} on a line of its own
 */
record Answer(int code, String contentType, ObjectNode body, List<String> warnings) {
    static final String JSON = "application/json";

    static Answer ok(ObjectNode body) {
        return new Answer(200, JSON, body, List.of());
    }
}
