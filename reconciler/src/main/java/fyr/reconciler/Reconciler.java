package fyr.reconciler;

import fyr.kernel.Delta;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Keeps one table as it should be. As long as nobody interferes it only applies the difference between two desired states, so its work is
 * proportional to the change; it reads the table at the start, after a failure, and when told that something may have happened to it.
 *
 * <p>Used by one thread.
 */
public final class Reconciler<K extends Comparable<? super K>, V> {

    private final KernelTable<K, V> table;
    private final Consumer<Observation> observer;
    private PersistentMap<K, V> applied = PersistentMap.empty();
    private boolean known;
    private boolean started;

    public Reconciler(KernelTable<K, V> table, Consumer<Observation> observer) {
        this.table = table;
        this.observer = observer;
    }

    /** The table may not be as it was left: the next {@link #reconcile} reads it. */
    public void suspect() {
        known = false;
    }

    /** Whether the table is as it was left, for all that is known. */
    public boolean settled() {
        return known;
    }

    /**
     * Makes the table hold the desired entries, and no others of ours.
     *
     * @return whether it does now; if not, it is to be called again after a while
     */
    public boolean reconcile(PersistentMap<K, V> desired) {
        if (known && desired == applied) {
            return true;
        }
        long start = System.nanoTime();
        try {
            Delta<K, V> delta = known ? Delta.between(applied, desired) : compare(desired);
            if (!delta.isEmpty()) {
                table.apply(delta);
                observer.accept(new Observation.Applied(
                        table.name(), delta.upserts().size(), delta.deletes().size(), System.nanoTime() - start));
            }
            applied = desired;
            known = true;
            started = true;
            return true;
        } catch (KernelException e) {
            known = false;
            observer.accept(new Observation.ApplyFailed(table.name(), String.valueOf(e.getMessage())));
            return false;
        }
    }

    private Delta<K, V> compare(PersistentMap<K, V> desired) {
        SortedMap<K, V> actual = table.list();
        Delta<K, V> delta = Delta.between(actual, desired);
        if (started) {
            reportDrift(actual, delta);
        }
        return delta;
    }

    /** What differs from what was left is drift, whatever is desired now. */
    private void reportDrift(SortedMap<K, V> actual, Delta<K, V> delta) {
        for (K key : delta.upserts().keySet()) {
            applied.get(key)
                    .filter(left -> !left.equals(actual.get(key)))
                    .ifPresent(_ -> observer.accept(new Observation.DriftRepaired(table.name(), key.toString())));
        }
        for (K key : delta.deletes()) {
            if (!applied.containsKey(key)) {
                observer.accept(new Observation.DriftRepaired(table.name(), "extra " + key));
            }
        }
    }
}
