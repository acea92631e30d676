package fyr.cluster.read;

import java.util.List;
import java.util.Optional;

/** The result of reading one object. {@code key} is how a watch identifies the object. */
public sealed interface Reading<K, V> {

    /** The object's key. */
    K key();

    /** An object of ours. */
    record Valid<K, V>(K key, V value) implements Reading<K, V> {}

    /**
     * An object that concerns us, without a part that cannot be true or is not supported: one wrong address is no reason to drop a node.
     *
     * @param faults at least one
     */
    record Partial<K, V>(K key, V value, List<Fault> faults) implements Reading<K, V> {}

    /** An object that does not concern us, by its own labels or type. */
    record Foreign<K, V>(K key) implements Reading<K, V> {}

    /** An object that cannot be true; {@code field} in Kubernetes' notation, such as {@code spec.ports[0].port}. */
    record Invalid<K, V>(K key, String field, String what) implements Reading<K, V> {}

    /**
     * An object that cannot be true, of a kind that protects: ignoring it would allow what it denies. Its previous version stays in force.
     *
     * @param standIn what is in force if there is no previous version; empty if not even that can be read
     */
    record Doubtful<K, V>(K key, Optional<V> standIn, String field, String what) implements Reading<K, V> {}
}
