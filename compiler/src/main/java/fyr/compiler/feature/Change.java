package fyr.compiler.feature;

import fyr.model.persistent.PersistentMap;
import org.jspecify.annotations.Nullable;

/** A map while differences are carried over to it; lives within one call. */
final class Change<K, V> {

    PersistentMap<K, V> map;

    Change(PersistentMap<K, V> map) {
        this.map = map;
    }

    void visit(K key, @Nullable V before, @Nullable V after) {
        map = after == null ? map.without(key) : map.with(key, after);
    }
}
