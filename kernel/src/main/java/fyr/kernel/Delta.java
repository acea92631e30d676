package fyr.kernel;

import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The change from one state to another: entries to add or replace, and keys to remove, both in ascending order.
 *
 * @param replaced those of the upserts that, as far as is known, exist with another value: a hint for tables that have to remove such an
 *     entry before they can add it
 */
public record Delta<K extends Comparable<? super K>, V>(
        SortedMap<K, V> upserts, SortedSet<K> replaced, SortedSet<K> deletes) {

    public Delta {
        upserts = SortedEntries.copyOf(upserts);
        replaced = Collections.unmodifiableSortedSet(new TreeSet<>(replaced));
        deletes = Collections.unmodifiableSortedSet(new TreeSet<>(deletes));
    }

    /** A change for which it is not known what it replaces. */
    public Delta(SortedMap<K, V> upserts, SortedSet<K> deletes) {
        this(upserts, Collections.emptySortedSet(), deletes);
    }

    /** The change from an earlier desired state to a later one, in time proportional to their difference. */
    public static <K extends Comparable<? super K>, V> Delta<K, V> between(
            PersistentMap<K, V> before, PersistentMap<K, V> after) {
        List<Map.Entry<K, V>> upserts = new ArrayList<>();
        SortedSet<K> replaced = new TreeSet<>();
        SortedSet<K> deletes = new TreeSet<>();
        after.differences(before, (key, was, is) -> {
            if (is == null) {
                deletes.add(key);
            } else {
                upserts.add(Map.entry(key, is));
            }
            if (was != null && is != null) {
                replaced.add(key);
            }
        });
        return new Delta<>(SortedEntries.of(upserts), replaced, deletes);
    }

    /** The change from the actual to the desired state, comparing everything. */
    public static <K extends Comparable<? super K>, V> Delta<K, V> between(
            Map<K, V> actual, PersistentMap<K, V> desired) {
        List<Map.Entry<K, V>> upserts = new ArrayList<>();
        SortedSet<K> replaced = new TreeSet<>();
        SortedSet<K> deletes = new TreeSet<>();
        actual.forEach((key, is) -> {
            Optional<V> wanted = desired.get(key);
            if (wanted.isEmpty()) {
                deletes.add(key);
            } else if (!wanted.get().equals(is)) {
                upserts.add(Map.entry(key, wanted.get()));
                replaced.add(key);
            }
        });
        if (actual.size() - deletes.size() < desired.size()) {
            desired.forEach((key, value) -> {
                if (!actual.containsKey(key)) {
                    upserts.add(Map.entry(key, value));
                }
            });
        }
        return new Delta<>(SortedEntries.of(upserts), replaced, deletes);
    }

    /** No change. */
    public static <K extends Comparable<? super K>, V> Delta<K, V> none() {
        return new Delta<>(new TreeMap<K, V>(), new TreeSet<K>());
    }

    /** The part that adds and replaces. */
    public Delta<K, V> additions() {
        return new Delta<>(upserts, replaced, new TreeSet<K>());
    }

    /** The part that removes. */
    public Delta<K, V> removals() {
        return new Delta<>(new TreeMap<K, V>(), deletes);
    }

    /** Whether nothing has to change. */
    public boolean isEmpty() {
        return upserts.isEmpty() && deletes.isEmpty();
    }
}
