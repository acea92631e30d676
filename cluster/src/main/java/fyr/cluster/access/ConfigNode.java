package fyr.cluster.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mapping inside a kubeconfig file that knows the way to itself, so that every complaint names file and field. */
record ConfigNode(String file, String path, Map<?, ?> values) {

    static ConfigNode root(String file, @Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return new ConfigNode(file, "", map);
        }
        throw new AccessException(file, "not a kubeconfig: no mapping at the top");
    }

    String where(String field) {
        return file + ": " + path + field;
    }

    AccessException error(String field, String what) {
        return new AccessException(where(field), what);
    }

    boolean has(String field) {
        return values.get(field) != null;
    }

    Optional<String> text(String field) {
        Object value = values.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            throw error(field, "must be a text");
        }
        return Optional.of(value.toString());
    }

    String required(String field) {
        return text(field).filter(text -> !text.isEmpty()).orElseThrow(() -> error(field, "is missing"));
    }

    boolean flag(String field) {
        return text(field).map(Boolean::parseBoolean).orElse(false);
    }

    /** The {@code inner} part of the entry called {@code name} in a list of {@code {name, inner}}. */
    ConfigNode named(String list, String name, String inner) {
        if (values.get(list) instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof Map<?, ?> map && name.equals(String.valueOf(map.get("name")))) {
                    return inner(list + "[" + name + "].", map.get(inner), inner);
                }
            }
        }
        throw error(list, "no entry named '" + name + "'");
    }

    private ConfigNode inner(String way, @Nullable Object value, String inner) {
        if (value instanceof Map<?, ?> map) {
            return new ConfigNode(file, path + way + inner + ".", map);
        }
        throw error(way + inner, "is missing");
    }
}
