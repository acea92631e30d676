package fyr.model.persistent;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Up to 32 children, one for each occurring value of five bits of the hash; {@code bitmap} says which. Only the edit that created a branch
 * writes to it.
 */
final class Branch<K, V> implements Node<K, V> {

    int bitmap;
    private Node<K, V>[] children;
    private final Edit creator;

    private Branch(int bitmap, Node<K, V>[] children, Edit creator) {
        this.bitmap = bitmap;
        this.children = children;
        this.creator = creator;
    }

    /** A branch without children. */
    static <K, V> Branch<K, V> empty() {
        return new Branch<>(0, array(0), new Edit());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays cannot be generic
    private static <K, V> Node<K, V>[] array(int length) {
        return new Node[length];
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
    static <K, V> Node<K, V> join(Node<K, V> one, int oneHash, Leaf<K, V> two, int twoHash, int shift, Edit edit) {
        if (oneHash == twoHash) {
            return new Collision<>(oneHash, List.of((Leaf<K, V>) one, two));
        }
        int oneBit = bit(oneHash, shift);
        int twoBit = bit(twoHash, shift);
        Node<K, V>[] children = array(oneBit == twoBit ? 1 : 2);
        if (oneBit == twoBit) {
            children[0] = join(one, oneHash, two, twoHash, shift + STEP, edit);
        } else {
            boolean inOrder = Integer.compareUnsigned(oneBit, twoBit) < 0;
            children[0] = inOrder ? one : two;
            children[1] = inOrder ? two : one;
        }
        return new Branch<>(oneBit | twoBit, children, edit);
    }

    @Override
    public @Nullable V find(K key, int hash, int shift) {
        Node<K, V> child = child(bit(hash, shift));
        return child == null ? null : child.find(key, hash, shift + STEP);
    }

    @Override
    public Node<K, V> with(K key, V value, int hash, int shift, Edit edit) {
        int bit = bit(hash, shift);
        Node<K, V> child = child(bit);
        if (child == null) {
            edit.growth++;
            return added(bit, new Leaf<>(hash, key, value), edit);
        }
        return replaced(bit, child, child.with(key, value, hash, shift + STEP, edit), edit);
    }

    @Override
    public @Nullable Node<K, V> remove(K key, int hash, int shift, Edit edit) {
        int bit = bit(hash, shift);
        Node<K, V> child = child(bit);
        if (child == null) {
            return this;
        }
        Node<K, V> left = child.remove(key, hash, shift + STEP, edit);
        Branch<K, V> smaller = left == null ? cleared(bit, edit) : replaced(bit, child, left, edit);
        if (smaller.children.length == 0) {
            return null;
        }
        // A single entry moves up, as if it had never had a neighbour: the shape depends on the entries only.
        boolean lone = shift > 0 && smaller.children.length == 1 && !(smaller.children[0] instanceof Branch);
        return lone ? smaller.children[0] : smaller;
    }

    private Branch<K, V> added(int bit, Node<K, V> child, Edit edit) {
        int index = index(bit);
        Node<K, V>[] more = Arrays.copyOf(children, children.length + 1);
        System.arraycopy(children, index, more, index + 1, children.length - index);
        more[index] = child;
        return holding(bitmap | bit, more, edit);
    }

    private Branch<K, V> replaced(int bit, Node<K, V> before, Node<K, V> after, Edit edit) {
        if (before == after) {
            return this;
        }
        Node<K, V>[] own = creator == edit ? children : children.clone();
        own[index(bit)] = after;
        return holding(bitmap, own, edit);
    }

    private Branch<K, V> cleared(int bit, Edit edit) {
        int index = index(bit);
        Node<K, V>[] fewer = Arrays.copyOf(children, children.length - 1);
        System.arraycopy(children, index + 1, fewer, index, fewer.length - index);
        return holding(bitmap & ~bit, fewer, edit);
    }

    private Branch<K, V> holding(int newBitmap, Node<K, V>[] newChildren, Edit edit) {
        if (creator != edit) {
            return new Branch<>(newBitmap, newChildren, edit);
        }
        bitmap = newBitmap;
        children = newChildren;
        return this;
    }

    /** The children in order. */
    Iterator<Node<K, V>> parts() {
        return Arrays.asList(children).iterator();
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (Node<K, V> child : children) {
            child.forEach(action);
        }
    }
}
