package fyr.cluster.read;

import java.util.Arrays;
import java.util.Objects;

/**
 * Gives equal values one instance, most of the time: pods of one template share their labels, ports and node names, endpoints of one node
 * their traits. A table that grows with what it has seen up to a fixed size; after that a newcomer takes the place of another value. Nothing
 * to clean up, no leak whatever the cluster does. For one thread.
 */
final class Interner {

    private static final int LEAST = 1 << 10;

    /** Three times the number of nodes that a cluster may have, and as much for what their pods have in common. */
    private static final int MOST = 1 << 15;

    /** So many places in a row may have a value. */
    private static final int PROBES = 16;

    private static final Object FREE = new Object();

    private Object[] slots = free(LEAST);
    private int used;

    private static Object[] free(int size) {
        Object[] slots = new Object[size];
        Arrays.fill(slots, FREE);
        return slots;
    }

    @SuppressWarnings("unchecked") // equal objects of a final or record class are of one class
    <T> T intern(T value) {
        int home = home(value);
        for (int probe = 0; probe < PROBES; probe++) {
            Object before = slots[next(home, probe)];
            if (before == FREE) {
                break;
            }
            if (before.getClass() == value.getClass() && before.equals(value)) {
                return (T) before;
            }
        }
        if (used > slots.length / 2 && slots.length < MOST) {
            grow();
        }
        put(value);
        return value;
    }

    private void put(Object value) {
        int home = home(value);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = next(home, probe);
            if (slots[slot] == FREE) {
                slots[slot] = value;
                used++;
                return;
            }
        }
        slots[home] = value;
    }

    private void grow() {
        Object[] before = slots;
        slots = free(2 * before.length);
        used = 0;
        for (Object value : before) {
            if (value != FREE) {
                put(value);
            }
        }
    }

    /** Texts that differ in their last characters only have hash codes in a row, which must not become places in a row. */
    private int home(Object value) {
        int hash = Objects.hashCode(value);
        int mixed = (hash ^ hash >>> 16) * 0x85ebca6b; // as in the finalizer of MurmurHash3
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return (mixed ^ mixed >>> 16) & slots.length - 1;
    }

    private int next(int home, int probe) {
        return home + probe & slots.length - 1;
    }
}
