package fyr.cluster.read;

import fyr.cluster.client.ApiException;

/** One event of a watch. */
public sealed interface Event<K, V> {

    /** An object was added or changed. */
    record Changed<K, V>(Reading<K, V> reading, String version) implements Event<K, V> {}

    /** An object was deleted. */
    record Deleted<K, V>(K key, String version) implements Event<K, V> {}

    /**
     * Nothing happened up to this resource version.
     *
     * @param listed whether it ends the initial events of a streaming list
     */
    record Bookmark<K, V>(String version, boolean listed) implements Event<K, V> {}

    /** The server ends the watch with a Status. */
    record Failed<K, V>(ApiException status) implements Event<K, V> {}
}
