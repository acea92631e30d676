package fyr.model.persistent;

import java.util.Iterator;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Up to 32 children, one for each occurring value of five bits of the hash; {@code bitmap} says which. */
final class Branch<K, V> implements Node<K, V> {

    final int bitmap;
    private final Node<K, V>[] children;

    Branch(int bitmap, Node<K, V>[] children) {
        this.bitmap = bitmap;
        this.children = children;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays cannot be generic
    static <K, V> Node<K, V>[] none() {
        return new Node[0];
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift & 31);
    }

    private int index(int bit) {
        return Integer.bitCount(bitmap & bit - 1);
    }

    /** The child at this bit, null if there is none. */
    @Nullable
    Node<K, V> child(int bit) {
        return (bitmap & bit) == 0 ? null : children[index(bit)];
    }

    /** The smallest tree that holds two parts with different hashes. */
    static <K, V> Node<K, V> join(Node<K, V> one, int oneHash, Leaf<K, V> two, int twoHash, int shift) {
        if (oneHash == twoHash) {
            return new Collision<>(oneHash, java.util.List.of((Leaf<K, V>) one, two));
        }
        Branch<K, V> branch = new Branch<>(0, none());
        int oneBit = bit(oneHash, shift);
        int twoBit = bit(twoHash, shift);
        return oneBit == twoBit
                ? branch.set(oneBit, join(one, oneHash, two, twoHash, shift + STEP))
                : branch.set(oneBit, one).set(twoBit, two);
    }

    private Branch<K, V> set(int bit, Node<K, V> child) {
        boolean present = (bitmap & bit) != 0;
        Node<K, V>[] copy = java.util.Arrays.copyOf(children, present ? children.length : children.length + 1);
        int index = index(bit);
        if (!present) {
            System.arraycopy(children, index, copy, index + 1, children.length - index);
        }
        copy[index] = child;
        return new Branch<>(bitmap | bit, copy);
    }

    @Override
    public @Nullable V find(K key, int hash, int shift) {
        Node<K, V> child = child(bit(hash, shift));
        return child == null ? null : child.find(key, hash, shift + STEP);
    }

    @Override
    public Node<K, V> with(K key, V value, int hash, int shift) {
        int bit = bit(hash, shift);
        Node<K, V> child = child(bit);
        return set(bit, child == null ? new Leaf<>(hash, key, value) : child.with(key, value, hash, shift + STEP));
    }

    @Override
    public @Nullable Node<K, V> remove(K key, int hash, int shift) {
        int bit = bit(hash, shift);
        Node<K, V> child = child(bit);
        Node<K, V> left = child == null ? null : child.remove(key, hash, shift + STEP);
        Branch<K, V> smaller = left == null ? clear(bit) : set(bit, left);
        if (smaller.children.length == 0) {
            return null;
        }
        // A single entry moves up, as if it had never had a neighbour: the shape depends on the entries only.
        boolean lone = shift > 0 && smaller.children.length == 1 && !(smaller.children[0] instanceof Branch);
        return lone ? smaller.children[0] : smaller;
    }

    private Branch<K, V> clear(int bit) {
        int index = index(bit);
        Node<K, V>[] copy = java.util.Arrays.copyOf(children, children.length - 1);
        System.arraycopy(children, index + 1, copy, index, copy.length - index);
        return new Branch<>(bitmap & ~bit, copy);
    }

    /** The children in order. */
    Iterator<Node<K, V>> parts() {
        return java.util.Arrays.asList(children).iterator();
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (Node<K, V> child : children) {
            child.forEach(action);
        }
    }
}
