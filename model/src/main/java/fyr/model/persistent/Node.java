package fyr.model.persistent;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A part of a {@link PersistentMap}: a branch of up to 32 parts, one entry, or the entries of one full hash. */
sealed interface Node<K, V> permits Branch, Leaf, Collision {

    /** Bits of the hash that one level of branches consumes. */
    int STEP = 5;

    /** Mixes the upper half into the lower one, which the first levels look at. */
    static int spread(Object key) {
        int hash = key.hashCode() * 0x9E3779B9; // Fibonacci hashing: neighbouring integers part at the first level
        return hash ^ hash >>> 15;
    }

    static <K, V> Node<K, V> empty() {
        return Branch.empty();
    }

    @Nullable
    V find(K key, int hash, int shift);

    /** With the key set to the value; this same node if it has that value already. */
    Node<K, V> with(K key, V value, int hash, int shift, Edit edit);

    /** Without a key; this same node if the key is not there, null if nothing is left. */
    @Nullable
    Node<K, V> remove(K key, int hash, int shift, Edit edit);

    void forEach(BiConsumer<? super K, ? super V> action);

    /** {@link #remove} at the root, which stays a branch when empty. */
    default Node<K, V> without(K key, int hash, int shift, Edit edit) {
        Node<K, V> left = remove(key, hash, shift, edit);
        return left == null ? empty() : left;
    }
}
