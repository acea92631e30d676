package fyr.cluster.manifest;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mapping that knows the line of each of its keys. */
final class LinedMap extends LinkedHashMap<String, @Nullable Object> {

    private static final long serialVersionUID = 1;

    private final transient Map<String, Integer> lines = new HashMap<>();

    void put(String key, @Nullable Object value, int line) {
        put(key, value);
        lines.put(key, line);
    }

    void putIfAbsent(String key, @Nullable Object value, int line) {
        if (!containsKey(key)) {
            put(key, value, line);
        }
    }

    int line(String key, int otherwise) {
        return lines.getOrDefault(key, otherwise);
    }
}
