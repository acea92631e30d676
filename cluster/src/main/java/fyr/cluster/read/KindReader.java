package fyr.cluster.read;

import fyr.cluster.client.Status;
import fyr.cluster.protobuf.Schemas;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads lists and watch events of one kind; throws {@link tools.jackson.core.JacksonException} if something is not JSON or does not have
 * the structure of the Kubernetes API. Keeps repeated strings (labels, names) between calls, so it is for one thread.
 */
public final class KindReader<K, V> {

    private static final JsonFactory JSON = new JsonFactory();

    private final Kind<K, V> kind;
    private final Interner interner = new Interner();

    public KindReader(Kind<K, V> kind) {
        this.kind = kind;
    }

    /** The end of a page of a list: the list's resource version, and where to continue if there is more. */
    public record Page(String version, Optional<String> next) {}

    /** Reads a list, calling back for every item as it arrives. */
    public Page list(InputStream body, Consumer<Reading<K, V>> item) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            JsonCursor cursor = new JsonCursor(json, interner);
            start(json, json.nextToken());
            String[] versionAndNext = {"", ""};
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        start(json, json.currentToken());
                        item.accept(kind.reader().read(cursor));
                    }
                } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    metadata(json, versionAndNext);
                } else {
                    json.skipChildren();
                }
            }
            return new Page(versionAndNext[0], Optional.of(versionAndNext[1]).filter(next -> !next.isEmpty()));
        }
    }

    private static void metadata(JsonParser json, String[] versionAndNext) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "resourceVersion" -> versionAndNext[0] = json.getValueAsString("");
                case "continue" -> versionAndNext[1] = json.getValueAsString("");
                default -> json.skipChildren();
            }
        }
    }

    /** Reads one object. */
    public Reading<K, V> one(byte[] object) {
        try (JsonParser json = parser(object)) {
            start(json, json.nextToken());
            return kind.reader().read(new JsonCursor(json, interner));
        }
    }

    /** Reads one line of a watch. */
    public Event<K, V> event(byte[] line) {
        String type = type(line);
        try (JsonParser json = object(line)) {
            return switch (type) {
                case "ADDED", "MODIFIED" -> {
                    Reading<K, V> reading = kind.reader().read(new JsonCursor(json, interner));
                    yield new Event.Changed<>(reading, version(line));
                }
                case "DELETED" ->
                    new Event.Deleted<>(
                            kind.reader().read(new JsonCursor(json, interner)).key(), version(line));
                case "BOOKMARK" -> new Event.Bookmark<>(version(line), endsInitialEvents(line));
                case "ERROR" -> new Event.Failed<>(Status.inEvent(line));
                default ->
                    throw new StreamReadException(json, "unknown type of watch event '" + Excerpt.of(type) + "'");
            };
        }
    }

    private static String type(byte[] line) {
        try (JsonParser json = parser(line)) {
            return find(json, "type") ? json.getValueAsString("") : "";
        }
    }

    private static JsonParser object(byte[] line) {
        JsonParser json = parser(line);
        start(json, find(json, "object") ? json.currentToken() : null);
        return json;
    }

    private static String version(byte[] line) {
        try (JsonParser json = object(line)) {
            return field(json, "metadata")
                            && json.currentToken() == JsonToken.START_OBJECT
                            && field(json, "resourceVersion")
                    ? json.getValueAsString("")
                    : "";
        }
    }

    private static boolean endsInitialEvents(byte[] line) {
        try (JsonParser json = object(line)) {
            return field(json, "metadata")
                    && json.currentToken() == JsonToken.START_OBJECT
                    && field(json, "annotations")
                    && json.currentToken() == JsonToken.START_OBJECT
                    && field(json, Schemas.INITIAL_EVENTS_END)
                    && json.getValueAsString("").equals("true");
        }
    }

    private static JsonParser parser(byte[] line) {
        return JSON.createParser(ObjectReadContext.empty(), line);
    }

    private static boolean find(JsonParser json, String field) {
        start(json, json.nextToken());
        return field(json, field);
    }

    /** Advances to the value of this field of the object, with the parser at the object's start or at one of its fields. */
    private static boolean field(JsonParser json, String field) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = json.currentName().equals(field);
            json.nextToken();
            if (found) {
                return true;
            }
            json.skipChildren();
        }
        return false;
    }

    private static void start(JsonParser json, @Nullable JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            throw new StreamReadException(json, "an object was expected, not " + token);
        }
    }
}
