package fyr.cluster.manifest;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** JSON documents, one or several in a text, to trees. Jackson's own limits on depth (500) and lengths hold. */
final class JsonText {

    private JsonText() {}

    static List<Manifest> read(String text, String file) {
        List<Manifest> manifests = new ArrayList<>();
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                int line = json.currentTokenLocation().getLineNr();
                Manifests.add(value(json, token), file, line, manifests);
            }
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new ManifestException(file + line, "not JSON: " + e.getOriginalMessage());
        }
        return manifests;
    }

    private static @Nullable Object value(JsonParser json, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
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

    private static Map<String, @Nullable Object> object(JsonParser json) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            map.put(name, value(json, json.nextToken()));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser json) {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            list.add(value(json, token));
        }
        return list;
    }
}
