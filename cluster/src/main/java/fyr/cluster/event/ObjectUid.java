package fyr.cluster.event;

import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Finds {@code metadata.uid} in an object. */
final class ObjectUid {

    private static final JsonFactory JSON = new JsonFactory();

    private ObjectUid() {}

    static Optional<String> of(byte[] object) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), object)) {
            return enter(json, "metadata") && enter(json, "uid")
                    ? Optional.of(json.getValueAsString("")).filter(uid -> !uid.isEmpty())
                    : Optional.empty();
        }
    }

    /** Advances to the value of a field of the object that starts at the next token or the current one. */
    private static boolean enter(JsonParser json, String field) {
        if (json.currentToken() != JsonToken.START_OBJECT && json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
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
}
