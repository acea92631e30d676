package fyr.agent.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer.
 *
 * @param status of HTTP
 */
record QueryAnswer(int status, JsonNode body) {

    static QueryAnswer of(JsonNode body) {
        return new QueryAnswer(200, body);
    }

    static QueryAnswer error(int status, String message) {
        return new QueryAnswer(status, object().put("error", message));
    }

    /** An object that says which version of the documents it belongs to. */
    static ObjectNode object() {
        return JsonMapper.shared().createObjectNode().put("version", QueryHandler.VERSION);
    }

    /** The whole response; the connection ends with it. */
    ByteBuffer bytes() {
        byte[] content = (body.toString() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + " " + (status == 200 ? "OK" : "Refused")
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + content.length)
                .put(head)
                .put(content)
                .flip();
    }
}
