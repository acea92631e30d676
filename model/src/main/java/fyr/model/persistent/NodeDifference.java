package fyr.model.persistent;

import org.jspecify.annotations.Nullable;

/** The walk behind {@link PersistentMap#differences}: two tries side by side, shared parts passed over. */
final class NodeDifference {

    private NodeDifference() {}

    static <K, V> void between(
            @Nullable Node<K, V> older,
            @Nullable Node<K, V> newer,
            PersistentMap.Difference<? super K, ? super V> visitor,
            int shift) {
        if (older == newer) {
            return;
        }
        if (older instanceof Branch<K, V> before && newer instanceof Branch<K, V> after) {
            for (int left = before.bitmap | after.bitmap; left != 0; left &= left - 1) {
                int bit = Integer.lowestOneBit(left);
                between(before.child(bit), after.child(bit), visitor, shift + Node.STEP);
            }
            return;
        }
        if (older != null) {
            older.forEach((key, before) -> {
                V after = newer == null ? null : newer.find(key, Node.spread(key), shift);
                if (before != after && !before.equals(after)) {
                    visitor.visit(key, before, after);
                }
            });
        }
        if (newer != null) {
            newer.forEach((key, after) -> {
                if (older == null || older.find(key, Node.spread(key), shift) == null) {
                    visitor.visit(key, null, after);
                }
            });
        }
    }
}
