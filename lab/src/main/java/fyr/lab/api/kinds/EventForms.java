package fyr.lab.api.kinds;

import fyr.lab.api.object.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** An event is one object under two groups, {@code v1} and {@code events.k8s.io/v1}, which differ in the names of fields (pkg/apis/events/v1/conversion.go). */
public final class EventForms {
    private static final Map<String, String> SERIES = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "reportingComponent", "reportingController",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount");

    private EventForms() {}

    /** The event under the newer group. */
    public static ObjectNode series(ObjectNode core) {
        ObjectNode event = renamed(core, SERIES);
        if (!event.has("eventTime")) {
            event.putNull("eventTime");
        }
        return event.put("apiVersion", Resource.SERIES_EVENTS.apiVersion());
    }

    /** As it is stored. */
    public static ObjectNode core(ObjectNode series) {
        ObjectNode event = renamed(series, Map.of());
        SERIES.forEach((core, name) -> {
            if (event.has(name)) {
                event.set(core, event.remove(name));
            }
        });
        return event.put("apiVersion", Resource.EVENTS.apiVersion());
    }

    /** The name that a field of the newer group has in the store. */
    static String stored(String path) {
        String first = path.split("\\.", 2)[0];
        return SERIES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(first))
                .findFirst()
                .map(entry -> entry.getKey() + path.substring(first.length()))
                .orElse(path);
    }

    private static ObjectNode renamed(ObjectNode event, Map<String, String> names) {
        ObjectNode result = Json.object();
        event.properties()
                .forEach(entry -> result.set(names.getOrDefault(entry.getKey(), entry.getKey()), entry.getValue()));
        return result;
    }
}
