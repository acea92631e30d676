package fyr.model.persistent;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of any number of entries whose versions share structure: {@link #with} and {@link #without} cost O(log n) and leave this
 * version as it is, and {@link #differences} visits only what two versions do not share. A hash trie (Bagwell, "Ideal Hash Trees", 2001):
 * the same entries always give the same shape, so two maps that were built separately compare as fast as their differences allow.
 *
 * <p>Iteration has no useful order; use {@link #sorted} for output. Keys must have a good {@code hashCode}. Safe on any thread.
 */
public final class PersistentMap<K, V> implements Iterable<Map.Entry<K, V>> {

    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(Node.empty(), 0);

    private final Node<K, V> root;
    private final int size;

    private PersistentMap(Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    /** The map without entries. */
    @SuppressWarnings("unchecked") // holds nothing, so it is of every type
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** The map with these entries. */
    public static <K, V> PersistentMap<K, V> of(Map<? extends K, ? extends V> entries) {
        PersistentMap<K, V> map = empty();
        return map.withAll(entries);
    }

    /** An editor that begins with these entries, for many changes at once. */
    public MapEditor<K, V> edit() {
        return new MapEditor<>(this);
    }

    /** This map with all of these entries set. */
    public PersistentMap<K, V> withAll(Map<? extends K, ? extends V> entries) {
        MapEditor<K, V> editor = edit();
        editor.putAll(entries);
        return editor.map();
    }

    /** This map without any of these keys. */
    public PersistentMap<K, V> withoutAll(Collection<? extends K> keys) {
        MapEditor<K, V> editor = edit();
        editor.removeAll(keys);
        return editor.map();
    }

    Node<K, V> root() {
        return root;
    }

    /** The map with another root, whose number of entries the edit has counted. */
    PersistentMap<K, V> edited(Node<K, V> changed, Edit edit) {
        if (changed == root) {
            return this;
        }
        int entries = size + edit.growth;
        return entries == 0 ? empty() : new PersistentMap<>(changed, entries);
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** Whether there is no entry. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The value of this key. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(find(key));
    }

    /** Whether there is a value for this key. */
    public boolean containsKey(K key) {
        return find(key) != null;
    }

    @Nullable
    V find(K key) {
        return root.find(key, Node.spread(key), 0);
    }

    /** This map with the key set to the value; this same instance if it has that value already. */
    public PersistentMap<K, V> with(K key, V value) {
        Edit edit = new Edit();
        return edited(root.with(key, Objects.requireNonNull(value), Node.spread(key), 0, edit), edit);
    }

    /** This map without the key; this same instance if it does not have it. */
    public PersistentMap<K, V> without(K key) {
        Edit edit = new Edit();
        return edited(root.without(key, Node.spread(key), 0, edit), edit);
    }

    /** Calls back for every entry, in no useful order. */
    public void forEach(BiConsumer<? super K, ? super V> action) {
        root.forEach(action);
    }

    /** Visits every key whose value differs (by {@code equals}) between an older map and this one. Shared structure is skipped. */
    public void differences(PersistentMap<K, V> older, Difference<? super K, ? super V> visitor) {
        NodeDifference.between(older.root, root, visitor, 0);
    }

    /** The matching entries, in ascending order of their keys; for printing and for tests. */
    public SortedMap<K, V> sorted(Predicate<? super K> filter) {
        SortedMap<K, V> sorted = new TreeMap<>();
        forEach((key, value) -> {
            if (filter.test(key)) {
                sorted.put(key, value);
            }
        });
        return sorted;
    }

    /** All entries in ascending order of their keys, which must be comparable. */
    public SortedMap<K, V> sorted() {
        return sorted(key -> true);
    }

    /** Iterates over the entries in no useful order and without copying them, so that a long iteration can be split into parts. */
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return new NodeIterator<>(root);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof PersistentMap<?, ?> map) || map.size != size) {
            return false;
        }
        @SuppressWarnings("unchecked") // keys of another type are simply not found
        PersistentMap<K, V> that = (PersistentMap<K, V>) map;
        boolean[] differ = {false};
        differences(that, (key, before, after) -> differ[0] = true);
        return !differ[0];
    }

    @Override
    public int hashCode() {
        int[] sum = {0};
        forEach((key, value) -> sum[0] += key.hashCode() ^ value.hashCode());
        return sum[0];
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach((key, value) -> text.append(text.length() > 1 ? ", " : "")
                .append(key)
                .append('=')
                .append(value));
        return text.append('}').toString();
    }

    /** Called for one key that differs between two versions; at least one of the values exists. */
    @FunctionalInterface
    public interface Difference<K, V> {
        /** {@code before} is null for a new key, {@code after} for a removed one. */
        void visit(K key, @Nullable V before, @Nullable V after);
    }
}
