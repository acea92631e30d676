package fyr.model.persistent;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One entry. */
record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {

    boolean is(K other, int otherHash) {
        return hash == otherHash && key.equals(other);
    }

    @Override
    public @Nullable V find(K other, int otherHash, int shift) {
        return is(other, otherHash) ? value : null;
    }

    @Override
    public Node<K, V> with(K newKey, V newValue, int newHash, int shift, Edit edit) {
        boolean here = is(newKey, newHash);
        if (here && value == newValue) {
            return this;
        }
        Leaf<K, V> added = new Leaf<>(newHash, newKey, newValue);
        if (here) {
            return added;
        }
        edit.growth++;
        return Branch.join(this, hash, added, newHash, shift, edit);
    }

    @Override
    public @Nullable Node<K, V> remove(K other, int otherHash, int shift, Edit edit) {
        if (!is(other, otherHash)) {
            return this;
        }
        edit.growth--;
        return null;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        action.accept(key, value);
    }
}
