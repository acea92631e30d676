package fyr.model.persistent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Walks a trie leaf by leaf. */
final class NodeIterator<K, V> implements Iterator<Map.Entry<K, V>> {

    /** For each part above the next leaf, the parts that come after. */
    private final Deque<Iterator<Node<K, V>>> path = new ArrayDeque<>();

    private Optional<Leaf<K, V>> next;

    NodeIterator(Node<K, V> root) {
        path.push(List.of(root).iterator());
        next = descend();
    }

    private Optional<Leaf<K, V>> descend() {
        while (!path.isEmpty()) {
            if (!path.element().hasNext()) {
                path.pop();
                continue;
            }
            switch (path.element().next()) {
                case Leaf<K, V> leaf -> {
                    return Optional.of(leaf);
                }
                case Branch<K, V> branch -> path.push(branch.parts());
                case Collision<K, V>(var _, List<Leaf<K, V>> leaves) ->
                    path.push(List.<Node<K, V>>copyOf(leaves).iterator());
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public Map.Entry<K, V> next() {
        Leaf<K, V> leaf = next.orElseThrow(NoSuchElementException::new);
        next = descend();
        return Map.entry(leaf.key(), leaf.value());
    }
}
