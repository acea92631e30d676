package fyr.kernel;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in one array, in ascending order of its keys. A first change of the packet rules has hundreds of thousands of entries:
 * to sort them once is faster than to insert each into a tree, and a list takes less memory. Safe on any thread.
 */
final class SortedEntries<K extends Comparable<? super K>, V> extends AbstractMap<K, V> implements SortedMap<K, V> {

    private final List<Map.Entry<K, V>> entries;

    private SortedEntries(List<Map.Entry<K, V>> entries) {
        this.entries = entries;
    }

    /** A map with these entries, which may have any order; no two of them have the same key. */
    static <K extends Comparable<? super K>, V> SortedEntries<K, V> of(List<Map.Entry<K, V>> entries) {
        List<Map.Entry<K, V>> sorted = new ArrayList<>(entries);
        sorted.sort(Map.Entry.comparingByKey());
        return new SortedEntries<>(sorted);
    }

    /** A copy of a map; the map itself if it cannot change. */
    static <K extends Comparable<? super K>, V> SortedEntries<K, V> copyOf(SortedMap<K, V> map) {
        if (map instanceof SortedEntries<K, V> same) {
            return same;
        }
        List<Map.Entry<K, V>> entries = new ArrayList<>(map.size());
        map.forEach((key, value) -> entries.add(Map.entry(key, value)));
        return of(entries);
    }

    /** Where the key is or would be. */
    private int position(K key) {
        int from = 0;
        int to = entries.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (entries.get(middle).getKey().compareTo(key) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    @Override
    @SuppressWarnings("unchecked") // a map with an order throws ClassCastException for a key of another type
    public @Nullable V get(@Nullable Object key) {
        K wanted = (K) Objects.requireNonNull(key);
        int at = position(wanted);
        boolean found = at < entries.size() && entries.get(at).getKey().compareTo(wanted) == 0;
        return found ? entries.get(at).getValue() : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        entries.forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return Collections.unmodifiableList(entries).iterator();
            }

            @Override
            public int size() {
                return entries.size();
            }
        };
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("from " + from + " to " + to);
        }
        return new SortedEntries<>(entries.subList(position(from), position(to)));
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        return new SortedEntries<>(entries.subList(0, position(to)));
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        return new SortedEntries<>(entries.subList(position(from), entries.size()));
    }

    @Override
    public K firstKey() {
        return entries.getFirst().getKey();
    }

    @Override
    public K lastKey() {
        return entries.getLast().getKey();
    }
}
