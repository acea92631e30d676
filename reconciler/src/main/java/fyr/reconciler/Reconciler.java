package fyr.reconciler;

import fyr.kernel.Delta;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Keeps one table as it should be. As long as nobody interferes it only applies the difference between two desired states, so its work is
 * proportional to the change; it reads the table at the start, after a failure, and when told that something may have happened to it.
 *
 * <p>Used by one thread.
 */
public final class Reconciler<K extends Comparable<? super K>, V> {

    private static final System.Logger LOG = System.getLogger("fyr.reconciler");

    private final KernelTable<K, V> table;
    private final Consumer<Observation> observer;
    private final Set<K> ownDoing = new HashSet<>();
    private PersistentMap<K, V> applied = PersistentMap.empty();
    private Optional<Refusal<K, V>> refusal = Optional.empty();
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
            write(start, known ? Delta.between(applied, desired) : compare(desired));
            applied = desired;
            known = true;
            started = true;
            ownDoing.clear();
            refusal = Optional.empty();
            return true;
        } catch (RuntimeException e) {
            // Also what is no refusal of the kernel but a defect of ours: the tables after this one are not to suffer
            // for it.
            known = false;
            if (!(e instanceof KernelException)) {
                LOG.log(System.Logger.Level.ERROR, table.name() + ": a defect of Fyr; tried again", e);
            }
            refusal = Optional.of(new Refusal<>(table, desired, e));
            observer.accept(new Observation.ApplyFailed(table.name(), reason(e)));
            return false;
        }
    }

    /** Why the last change was refused; empty if it was not. */
    public Optional<String> refusal() {
        return refusal.map(Refusal::text);
    }

    /** As {@link #refusal()}, but empty also if what was refused are other entries than these: then the table is read, once. */
    public Optional<String> refusal(BiPredicate<K, V> entries) {
        return refusal.filter(last -> last.concerns(entries)).map(Refusal::text);
    }

    private void write(long start, Delta<K, V> delta) {
        if (delta.isEmpty()) {
            return;
        }
        // Until it succeeds wholly: a refused change may have been made in part, and that part is no drift.
        ownDoing.addAll(delta.upserts().keySet());
        ownDoing.addAll(delta.deletes());
        table.apply(delta);
        observer.accept(new Observation.Applied(
                table.name(), delta.upserts().size(), delta.deletes().size(), System.nanoTime() - start));
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
        List<String> drift = new ArrayList<>();
        for (K key : delta.upserts().keySet()) {
            applied.get(key)
                    .filter(left -> !ownDoing.contains(key) && !left.equals(actual.get(key)))
                    .ifPresent(_ -> drift.add(key.toString()));
        }
        for (K key : delta.deletes()) {
            if (!applied.containsKey(key) && !ownDoing.contains(key)) {
                drift.add("extra " + key);
            }
        }
        if (!drift.isEmpty()) {
            observer.accept(Observation.DriftRepaired.of(table.name(), drift));
        }
    }

    static String reason(RuntimeException failure) {
        return failure instanceof KernelException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
