package fyr.cluster.read;

import fyr.cluster.client.Status;
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
            Page page = new Page("", Optional.empty());
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        start(json, json.currentToken());
                        item.accept(kind.reader().read(cursor));
                    }
                } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    page = metadata(json);
                } else {
                    json.skipChildren();
                }
            }
            return page;
        }
    }

    private static Page metadata(JsonParser json) {
        String version = "";
        String next = "";
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "resourceVersion" -> version = json.getValueAsString("");
                case "continue" -> next = json.getValueAsString("");
                default -> json.skipChildren();
            }
        }
        return new Page(version, Optional.of(next).filter(some -> !some.isEmpty()));
    }

    /** Reads one object. */
    public Reading<K, V> one(byte[] object) {
        try (JsonParser json = parser(object)) {
            start(json, json.nextToken());
            return kind.reader().read(new JsonCursor(json, interner));
        }
    }

    /** Reads one line of a watch, in one pass if its type comes before its object, as servers send it. */
    public Event<K, V> event(byte[] line) {
        String type = "";
        try (JsonParser json = parser(line)) {
            start(json, json.nextToken());
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (field.equals("type")) {
                    type = json.getValueAsString("");
                } else if (field.equals("object") && !type.isEmpty()) {
                    return event(type, json, line);
                } else {
                    json.skipChildren();
                }
            }
        }
        try (JsonParser json = parser(line)) {
            start(json, json.nextToken());
            field(json, "object");
            return event(type, json, line);
        }
    }

    private Event<K, V> event(String type, JsonParser json, byte[] line) {
        start(json, json.currentToken());
        JsonCursor cursor = new JsonCursor(json, interner);
        return switch (type) {
            case "ADDED", "MODIFIED" -> {
                Reading<K, V> reading = kind.reader().read(cursor);
                yield new Event.Changed<>(reading, cursor.version());
            }
            case "DELETED" -> {
                K key = kind.reader().read(cursor).key();
                yield new Event.Deleted<>(key, cursor.version());
            }
            case "BOOKMARK" -> Bookmarks.read(cursor);
            case "ERROR" -> new Event.Failed<>(Status.inEvent(json, line));
            default -> throw new StreamReadException(json, "unknown type of watch event '" + Excerpt.of(type) + "'");
        };
    }

    private static JsonParser parser(byte[] line) {
        return JSON.createParser(ObjectReadContext.empty(), line);
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
