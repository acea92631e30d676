package fyr.apiserver.object;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events of the core group. What happens again is the same event with a higher count: its name is made of what it says, so whoever records one needs
 * to remember nothing.
 */
public final class Events {
    private static final List<String> REFERENCE = List.of("apiVersion", "kind");
    private static final List<String> METADATA = List.of("namespace", "name", "uid");
    private static final int LONGEST = 1024;

    private Events() {}

    /** What is to be told of an object. */
    public record News(boolean warning, String reason, String message) {}

    /** The event that says so for the first time. */
    public static ObjectNode first(JsonNode object, News news, String component, String host, Instant now) {
        String message =
                news.message().substring(0, Math.min(LONGEST, news.message().length()));
        ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        ObjectNode involved = event.putObject("involvedObject");
        REFERENCE.forEach(field -> involved.put(field, Json.text(object, field)));
        METADATA.forEach(field -> involved.put(field, Json.text(object, "metadata", field)));
        String namespace = Json.namespace(object);
        long sum = (Json.uid(object) + "\n" + news.reason() + "\n" + message + "\n" + component).hashCode();
        event.putObject("metadata")
                .put("name", Json.name(object) + "." + Long.toHexString(sum & 0xffffffffL))
                .put("namespace", namespace.isEmpty() ? "default" : namespace);
        event.put("type", news.warning() ? "Warning" : "Normal")
                .put("reason", news.reason())
                .put("message", message)
                .put("reportingComponent", component)
                .put("reportingInstance", host);
        event.putObject("source").put("component", component).put("host", host);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return event.put("firstTimestamp", time).put("lastTimestamp", time).put("count", 1);
    }

    /** The merge patch that says it again. */
    public static ObjectNode again(JsonNode event, Instant now) {
        return Json.object()
                .put("count", Json.number(event, 1, "count") + 1)
                .put("lastTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
