package fyr.apiserver.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The fields of every kind, read once from {@code schema.txt} (whose first lines explain the notation). */
public final class Schema {
    private static final Schema INSTANCE = load();

    private final Map<String, Map<String, Field>> types;

    private Schema(Map<String, Map<String, Field>> types) {
        this.types = types;
    }

    /** The schema of this version of the lab. */
    public static Schema instance() {
        return INSTANCE;
    }

    /** The fields of a type by name. */
    public Map<String, Field> fields(String type) {
        return types.getOrDefault(type, Map.of());
    }

    private static Schema load() {
        try (InputStream stream = Schema.class.getResourceAsStream("schema.txt")) {
            if (stream == null) {
                throw new IllegalStateException("schema.txt is not in the jar of the lab");
            }
            var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            Map<String, Map<String, Field>> types = new LinkedHashMap<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ");
                    types.put(words[0], parse(words));
                }
            }
            return new Schema(types);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Field> parse(String[] words) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            boolean required = words[i].charAt(colon - 1) == '!';
            String name = words[i].substring(0, required ? colon - 1 : colon);
            String type = words[i].substring(colon + 1);
            int equal = type.indexOf('=');
            Optional<JsonNode> otherwise = equal < 0
                    ? Optional.empty()
                    : Optional.of(JsonNodeFactory.instance.stringNode(type.substring(equal + 1)));
            fields.put(name, new Field(name, required, type(equal < 0 ? type : type.substring(0, equal)), otherwise));
        }
        return fields;
    }

    private static FieldType type(String text) {
        boolean retainKeys = text.endsWith("~");
        String body = retainKeys ? text.substring(0, text.length() - 1) : text;
        if (body.startsWith("[")) {
            int slash = body.indexOf('/');
            String key = slash < 0 ? "" : slash == body.length() - 1 ? "/" : body.substring(slash + 1);
            return new FieldType.Sequence(type(body.substring(1, slash < 0 ? body.length() : slash)), key, retainKeys);
        }
        if (body.startsWith("{")) {
            return new FieldType.Dictionary(type(body.substring(1)));
        }
        if (body.startsWith("@")) {
            return new FieldType.Struct(body.substring(1), retainKeys);
        }
        List<String> parts = new ArrayList<>(Arrays.asList(body.split("\\|")));
        return new FieldType.Scalar(body.charAt(0), List.copyOf(parts.subList(1, parts.size())));
    }
}
