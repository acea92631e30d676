package fyr.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels of an object, in ascending order of their keys. */
public record Labels(SortedMap<String, String> values) {

    private static final Labels NONE = new Labels(new TreeMap<>());

    public Labels {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** No label at all. */
    public static Labels none() {
        return NONE;
    }

    /** These labels. */
    public static Labels of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Labels(new TreeMap<>(values));
    }

    /** The value of a label. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
