package fyr.cluster.watch;

import java.util.Map;

/** What a watch heard of its kind. */
public sealed interface Change<K, V> {

    /** These are all objects there are. */
    record Replaced<K, V>(Map<K, V> all) implements Change<K, V> {}

    /** An object is new or another one. */
    record Upserted<K, V>(K key, V value) implements Change<K, V> {}

    /** There is no such object, or none of ours. */
    record Removed<K, V>(K key) implements Change<K, V> {}
}
