package fyr.kernel.reconciler;

import fyr.kernel.KernelTable;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiPredicate;

/**
 * A change that was not made, or not wholly. Tables send all that can be sent, so most of it is there nevertheless; what is, tells the
 * table alone. It is read when somebody asks, and once.
 *
 * <p>Used by one thread.
 */
final class Refusal<K extends Comparable<? super K>, V> {

    private final KernelTable<K, V> table;
    private final PersistentMap<K, V> desired;
    private final String text;
    private Optional<SortedMap<K, V>> actual = Optional.empty();
    private boolean unreadable;

    Refusal(KernelTable<K, V> table, PersistentMap<K, V> desired, RuntimeException cause) {
        this.table = table;
        this.desired = desired;
        this.text = table.id() + ": " + Reconciler.reason(cause);
    }

    /** Table and reason. */
    String text() {
        return text;
    }

    /** Whether any of these entries is not there as desired, for all that is known. */
    boolean concerns(BiPredicate<K, V> entries) {
        if (actual.isEmpty() && !unreadable) {
            read();
        }
        boolean[] missing = {unreadable};
        actual.ifPresent(there -> desired.forEach(
                (key, value) -> missing[0] |= entries.test(key, value) && !value.equals(there.get(key))));
        return missing[0];
    }

    private void read() {
        try {
            actual = Optional.of(table.list());
        } catch (RuntimeException e) {
            unreadable = true;
        }
    }
}
