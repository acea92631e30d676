package fyr.model.persistent;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PersistentMap} that changes in place, for many changes at once: a branch is copied at its first change only. The maps that it
 * began with and that {@link #map} returned never change. For one thread.
 */
public final class MapEditor<K, V> implements PersistentMap.Difference<K, V> {

    private PersistentMap<K, V> last;
    private Node<K, V> root;
    private Edit edit = new Edit();

    MapEditor(PersistentMap<K, V> last) {
        this.last = last;
        this.root = last.root();
    }

    /** The present value of this key. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(root.find(key, Node.spread(key), 0));
    }

    /** Sets the key to the value. */
    public void put(K key, V value) {
        root = root.with(key, Objects.requireNonNull(value), Node.spread(key), 0, edit);
    }

    /** Sets the key to the value, or removes it if there is none. */
    public void set(K key, Optional<? extends V> value) {
        if (value.isPresent()) {
            put(key, value.get());
        } else {
            remove(key);
        }
    }

    /** Sets all of these entries. */
    public void putAll(Map<? extends K, ? extends V> entries) {
        entries.forEach(this::put);
    }

    /** Removes the key, if it is there. */
    public void remove(K key) {
        root = root.without(key, Node.spread(key), 0, edit);
    }

    /** Removes those of these keys that are there. */
    public void removeAll(Iterable<? extends K> keys) {
        keys.forEach(this::remove);
    }

    /** Carries a difference between two other maps over to this one. */
    @Override
    public void visit(K key, @Nullable V before, @Nullable V after) {
        if (after == null) {
            remove(key);
        } else {
            put(key, after);
        }
    }

    /** The present entries. The editor can be used further, and this map stays as it is. */
    public PersistentMap<K, V> map() {
        last = last.edited(root, edit);
        edit = new Edit();
        return last;
    }
}
