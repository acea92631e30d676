package fyr.cluster.watch;

import java.util.Map;
import java.util.Optional;

/** What a watch heard of its kind. */
public sealed interface Change<K, V> {

    /** These are all objects there are; {@code doubtful} ones as in {@link Doubtful}. */
    record Replaced<K, V>(Map<K, V> all, Map<K, Optional<V>> doubtful) implements Change<K, V> {}

    /** An object exists, but what it says cannot be read: what it said before stays, and if that is not known the stand-in holds. */
    record Doubtful<K, V>(K key, Optional<V> standIn) implements Change<K, V> {}

    /** An object is new or another one. */
    record Upserted<K, V>(K key, V value) implements Change<K, V> {}

    /** There is no such object, or none of ours. */
    record Removed<K, V>(K key) implements Change<K, V> {}
}
