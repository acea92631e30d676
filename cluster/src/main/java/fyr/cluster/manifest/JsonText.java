package fyr.cluster.manifest;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;

/** Parses JSON documents, one or several in a text, to trees. Jackson's own limits on depth (500) and lengths apply. */
final class JsonText {

    private final JsonParser json;
    private final int firstLine;

    private JsonText(JsonParser json, int firstLine) {
        this.json = json;
        this.firstLine = firstLine;
    }

    static List<Manifest> read(Document document) {
        List<Manifest> manifests = new ArrayList<>();
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), document.text())) {
            JsonText reader = new JsonText(json, document.line());
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                int line = reader.line();
                Manifests.add(reader.value(token), document.file(), line, manifests);
            }
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            throw document.error(location == null ? 1 : location.getLineNr(), "not JSON: " + e.getOriginalMessage());
        }
        return manifests;
    }

    private int line() {
        return json.currentTokenLocation().getLineNr() + firstLine - 1;
    }

    private @Nullable Object value(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_NUMBER_INT -> integer(json.getBigIntegerValue());
            default -> json.getString();
        };
    }

    static Number integer(BigInteger number) {
        return number.bitLength() < 64 ? (Number) number.longValue() : (Number) number;
    }

    private LinedMap object() {
        LinedMap map = new LinedMap();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            int line = line();
            map.put(name, value(json.nextToken()), line);
        }
        return map;
    }

    private LinedList array() {
        LinedList list = new LinedList();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            int line = line();
            list.add(value(token), line);
        }
        return list;
    }
}
