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
    public Node<K, V> with(K newKey, V newValue, int newHash, int shift) {
        Leaf<K, V> added = new Leaf<>(newHash, newKey, newValue);
        return is(newKey, newHash) ? added : Branch.join(this, hash, added, newHash, shift);
    }

    @Override
    public @Nullable Node<K, V> remove(K other, int otherHash, int shift) {
        return is(other, otherHash) ? null : this;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        action.accept(key, value);
    }
}
