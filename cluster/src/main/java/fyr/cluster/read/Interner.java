package fyr.cluster.read;

import java.util.Objects;

/**
 * Gives equal values one instance, most of the time: pods of one template share their labels, ports and node names. A table of fixed size
 * in which a newcomer takes the place of whoever had its slot: nothing to clean up, no leak whatever the cluster does. For one thread.
 */
final class Interner {

    private static final int SLOTS = 1 << 13;

    private final Object[] slots = new Object[SLOTS];

    Interner() {
        java.util.Arrays.fill(slots, ""); // equal to nothing that is worth sharing
    }

    @SuppressWarnings("unchecked") // equal objects of a final or record class are of one class
    <T> T intern(T value) {
        int hash = Objects.hashCode(value);
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Object before = slots[slot];
        if (before.getClass() == value.getClass() && before.equals(value)) {
            return (T) before;
        }
        slots[slot] = value;
        return value;
    }
}
