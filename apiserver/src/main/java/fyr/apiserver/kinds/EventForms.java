package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** An event is one object under two groups, {@code v1} and {@code events.k8s.io/v1}, which differ in the names of fields (pkg/apis/events/v1/conversion.go). */
final class EventForms {
    private static final Map<String, String> SERIES = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "reportingComponent", "reportingController",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount");

    /** The fields that selectors of events may name. */
    static final List<SelectableField> SELECTABLE = Stream.concat(
                    selectable("involvedObject", "reportingComponent").stream(),
                    Stream.of(new SelectableField("source", "source.component", "")))
            .toList();

    /** The same in the newer group. */
    static final List<SelectableField> SERIES_SELECTABLE = selectable("regarding", "reportingController");

    private EventForms() {}

    /** The event under the newer group. */
    static ObjectNode series(ObjectNode core) {
        ObjectNode event = renamed(core, SERIES);
        if (!event.has("eventTime")) {
            event.putNull("eventTime");
        }
        return event.put("apiVersion", Kinds.SERIES_EVENTS.apiVersion());
    }

    /** As it is stored. */
    static ObjectNode core(ObjectNode series) {
        ObjectNode event = renamed(series, Map.of());
        SERIES.forEach((core, name) -> {
            if (event.has(name)) {
                event.set(core, event.remove(name));
            }
        });
        return event.put("apiVersion", Kinds.EVENTS.apiVersion());
    }

    /** The name that a field of the newer group has in the store. */
    private static String stored(String path) {
        String first = path.split("\\.", 2)[0];
        return SERIES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(first))
                .findFirst()
                .map(entry -> entry.getKey() + path.substring(first.length()))
                .orElse(path);
    }

    private static List<SelectableField> selectable(String object, String controller) {
        return Stream.concat(
                        Stream.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
                                .map(field -> object + "." + field),
                        Stream.of("reason", controller, "type"))
                .map(field -> new SelectableField(field, stored(field), ""))
                .toList();
    }

    private static ObjectNode renamed(ObjectNode event, Map<String, String> names) {
        ObjectNode result = Json.object();
        event.properties()
                .forEach(entry -> result.set(names.getOrDefault(entry.getKey(), entry.getKey()), entry.getValue()));
        return result;
    }
}
