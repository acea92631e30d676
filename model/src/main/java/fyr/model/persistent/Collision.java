package fyr.model.persistent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Two or more entries whose keys share all 32 bits of the hash. */
record Collision<K, V>(int hash, List<Leaf<K, V>> leaves) implements Node<K, V> {

    @Override
    public @Nullable V find(K key, int keyHash, int shift) {
        for (Leaf<K, V> leaf : leaves) {
            if (leaf.is(key, keyHash)) {
                return leaf.value();
            }
        }
        return null;
    }

    @Override
    public Node<K, V> with(K key, V value, int keyHash, int shift, Edit edit) {
        Leaf<K, V> added = new Leaf<>(keyHash, key, value);
        if (keyHash != hash) {
            edit.growth++;
            return Branch.join(this, hash, added, keyHash, shift, edit);
        }
        if (find(key, keyHash, shift) == value) {
            return this;
        }
        List<Leaf<K, V>> all = others(key);
        all.add(added);
        edit.growth += all.size() - leaves.size();
        return new Collision<>(hash, List.copyOf(all));
    }

    @Override
    public Node<K, V> remove(K key, int keyHash, int shift, Edit edit) {
        if (find(key, keyHash, shift) == null) {
            return this;
        }
        edit.growth--;
        List<Leaf<K, V>> rest = others(key);
        return rest.size() == 1 ? rest.getFirst() : new Collision<>(hash, List.copyOf(rest));
    }

    private List<Leaf<K, V>> others(K key) {
        List<Leaf<K, V>> others = new ArrayList<>(leaves);
        others.removeIf(leaf -> leaf.key().equals(key));
        return others;
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        leaves.forEach(leaf -> leaf.forEach(action));
    }
}
