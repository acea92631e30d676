package fyr.cluster.read;

/** What came of reading one object. {@code key} is how a watch knows the object again. */
public sealed interface Reading<K, V> {

    /** The object's key. */
    K key();

    /** An object of ours. */
    record Valid<K, V>(K key, V value) implements Reading<K, V> {}

    /** An object that is none of our business, by its own labels or type. */
    record Foreign<K, V>(K key) implements Reading<K, V> {}

    /** An object that cannot be true; {@code field} in Kubernetes' notation, such as {@code spec.ports[0].port}. */
    record Invalid<K, V>(K key, String field, String what) implements Reading<K, V> {}
}
