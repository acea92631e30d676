package fyr.cluster.read;

import java.util.List;
import java.util.Optional;

/** What came of reading one object. {@code key} is how a watch knows the object again. */
public sealed interface Reading<K, V> {

    /** The object's key. */
    K key();

    /** An object of ours. */
    record Valid<K, V>(K key, V value) implements Reading<K, V> {}

    /**
     * An object of ours without a part of it that cannot be true or is not supported: one odd address is no reason to forget a node.
     *
     * @param faults at least one
     */
    record Partial<K, V>(K key, V value, List<Fault> faults) implements Reading<K, V> {}

    /** An object that is none of our business, by its own labels or type. */
    record Foreign<K, V>(K key) implements Reading<K, V> {}

    /** An object that cannot be true; {@code field} in Kubernetes' notation, such as {@code spec.ports[0].port}. */
    record Invalid<K, V>(K key, String field, String what) implements Reading<K, V> {}

    /**
     * An object that cannot be true, of a kind that protects: to forget it would open what it closes. What it said before holds.
     *
     * @param standIn what holds if nothing was known of it before; empty if not even that can be read
     */
    record Doubtful<K, V>(K key, Optional<V> standIn, String field, String what) implements Reading<K, V> {}
}
