package fyr.kernel.reconciler;

import fyr.kernel.Delta;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps one table in the desired state. As long as nobody else changes the table it only applies the difference between two desired states,
 * so its work is proportional to the change. It reads the table at the start; after that it reads only what is in doubt: single entries
 * where they are known, otherwise all. A large table is not read at once but in steps ({@link #look}).
 *
 * <p>Used by one thread.
 */
public final class Reconciler<K extends Comparable<? super K>, V> {

    /** How many doubtful entries are read, and repaired if necessary, in one round; that takes some ten milliseconds. */
    public static final int PORTION = 2_000;

    private static final System.Logger LOG = System.getLogger("fyr.reconciler");

    private final KernelTable<K, V> table;
    private final Consumer<Observation> observer;
    private final Consumer<Failure> failures;
    private final Drift<K, V> drift = new Drift<>();
    private final Doubts<K, V> doubts;
    private final Set<K> ownDoing = new HashSet<>();
    private PersistentMap<K, V> applied = PersistentMap.empty();
    private Optional<Refusal<K, V>> refusal = Optional.empty();
    private Attempt<K, V> attempt = new Attempt<>(PersistentMap.<K, V>empty());
    private boolean started;
    private boolean tookAway;

    /** Reports refused changes to the observer immediately. */
    public Reconciler(KernelTable<K, V> table, Consumer<Observation> observer) {
        this(table, observer, failure -> failure.without(Set.of()).ifPresent(observer));
    }

    /** @param failures takes refused changes instead of the observer */
    Reconciler(KernelTable<K, V> table, Consumer<Observation> observer, Consumer<Failure> failures) {
        this.table = table;
        this.observer = observer;
        this.failures = failures;
        this.doubts = new Doubts<>(table);
    }

    /** The table may differ from what was last written: the next {@link #reconcile} reads it, or {@link #look} begins if it is large. */
    public void suspect() {
        doubts.suspectAll(applied);
    }

    /** These entries, and what is inside them, may differ from what was last written: the next {@link #reconcile} reads them. */
    public void suspect(Collection<? extends K> keys) {
        doubts.add(keys);
    }

    /** Like {@link #suspect(Collection)}; the whole table if others may be inside one of these entries. */
    void suspectWithContents(Collection<? extends K> keys) {
        suspect(keys);
        if (keys.stream().anyMatch(key -> table.lostWith(key, Optional.empty()).isPresent())) {
            suspect();
        }
    }

    /**
     * Reads the table unless it is already in doubt. It is in doubt afterwards if an entry has changed. Missing entries are ignored here: a
     * setting disappears only with its link and cannot be restored.
     */
    public void check() {
        try {
            if (started && !isInDoubt() && isOtherwise(table.list())) {
                suspect();
            }
        } catch (RuntimeException e) {
            suspect();
        }
    }

    /** Puts the table in doubt if it seems to have been changed by others. */
    void glance() {
        try {
            if (started && !isInDoubt() && table.seemsChanged()) {
                suspect();
            }
        } catch (RuntimeException e) {
            suspect();
        }
    }

    private boolean isOtherwise(SortedMap<K, V> actual) {
        return actual.entrySet().stream()
                .anyMatch(entry -> applied.get(entry.getKey())
                        .filter(value -> !value.equals(entry.getValue()))
                        .isPresent());
    }

    /** Whether there are doubts that the next {@link #reconcile} resolves. */
    public boolean isInDoubt() {
        return doubts.areReadable();
    }

    /** Whether a look is to be continued. */
    public boolean isLooking() {
        return doubts.isLooking();
    }

    /**
     * Continues the look for about this long. What it finds is in doubt afterwards. A look that fails is restarted by the next {@link
     * #reconcile}.
     *
     * @return whether it did not fail
     */
    public boolean look(long nanoseconds) {
        try {
            doubts.look(nanoseconds, applied);
            return true;
        } catch (RuntimeException e) {
            observer.accept(new Observation.ApplyFailed(table.id().name(), "looking at it: " + reason(e)));
            return false;
        }
    }

    /** Whether a look failed and none has finished since: the table may differ from what is expected without anyone knowing. */
    public boolean isUnseen() {
        return doubts.isUnseen();
    }

    /**
     * Makes the table hold exactly the desired entries, among those that are ours, with one change.
     *
     * @return whether it does now; if not, call this again after a while
     */
    public boolean reconcile(PersistentMap<K, V> desired) {
        begin(desired);
        write(attempt.delta());
        return end();
    }

    /** The first half of {@link #reconcile}: writes what is new or has changed. {@link #remove} must follow. */
    public void put(PersistentMap<K, V> desired) {
        begin(desired);
        write(attempt.delta().additions());
    }

    /** The second half of {@link #reconcile}: removes what is no longer desired. */
    public boolean remove() {
        write(attempt.delta().removals());
        return end();
    }

    /** Whether something was removed since the last call, even if only to be replaced. */
    boolean tookAway() {
        boolean answer = tookAway;
        tookAway = false;
        return answer;
    }

    private void begin(PersistentMap<K, V> desired) {
        attempt = new Attempt<>(desired);
        try {
            doubts.lookAfterFailure(applied);
            if (doubts.everything()) {
                compareAll();
            } else {
                compareDoubtful();
            }
        } catch (RuntimeException e) {
            attempt.fail(e);
        }
    }

    private void compareAll() {
        SortedMap<K, V> actual = table.list();
        attempt.delta(Delta.between(actual, attempt.desired()));
        if (started) {
            reportRepaired(key -> isRight(key, actual));
            find(actual, attempt.delta());
        } else {
            applied = PersistentMap.of(actual);
        }
        doubts.listed();
    }

    private void find(SortedMap<K, V> actual, Delta<K, V> change) {
        drift.find(applied, actual, change, ownDoing, key -> table.describe(key, applied));
    }

    private boolean isRight(K key, SortedMap<K, V> actual) {
        return attempt.desired().get(key).equals(Optional.ofNullable(actual.get(key)));
    }

    private void reportRepaired(Predicate<K> right) {
        List<String> names = drift.takeRepaired(attempt.desired(), right);
        if (!names.isEmpty()) {
            observer.accept(Observation.DriftRepaired.of(table.id().name(), names));
        }
    }

    private void compareDoubtful() {
        Delta<K, V> delta = Delta.between(applied, attempt.desired());
        Optional<Doubts.Portion<K, V>> portion = doubts.read(applied);
        if (portion.isPresent()) {
            SortedMap<K, V> actual = portion.get().actual();
            delta = corrected(delta, portion.get());
            reportRepaired(key -> portion.get().keys().contains(key) && isRight(key, actual));
            find(actual, portion.get().only(delta));
        }
        attempt.delta(delta);
    }

    /** The change relative to what was applied, corrected by the entries that were read. */
    private Delta<K, V> corrected(Delta<K, V> delta, Doubts.Portion<K, V> portion) {
        SortedMap<K, V> upserts = new TreeMap<>(delta.upserts());
        TreeSet<K> replaced = new TreeSet<>(delta.replaced());
        TreeSet<K> deletes = new TreeSet<>(delta.deletes());
        for (K key : portion.keys()) {
            Optional<V> is = Optional.ofNullable(portion.actual().get(key));
            Optional<V> wanted = attempt.desired().get(key);
            upserts.remove(key);
            replaced.remove(key);
            deletes.remove(key);
            if (wanted.isEmpty()) {
                is.ifPresent(_ -> deletes.add(key));
            } else if (!wanted.equals(is)) {
                upserts.put(key, wanted.get());
                is.ifPresent(_ -> replaced.add(key));
            }
        }
        return new Delta<>(upserts, replaced, deletes);
    }

    private void write(Delta<K, V> part) {
        if (part.isEmpty()) {
            return;
        }
        tookAway |= !part.deletes().isEmpty() || !part.replaced().isEmpty();
        long start = System.nanoTime();
        try {
            table.apply(part);
        } catch (RuntimeException e) {
            attempt.fail(e);
        }
        attempt.spent(System.nanoTime() - start);
    }

    private boolean end() {
        Delta<K, V> delta = attempt.delta();
        if (attempt.failure().isPresent()) {
            failed(attempt.failure().get());
            return false;
        }
        reportRepaired(_ -> true);
        if (!delta.isEmpty()) {
            observer.accept(new Observation.Applied(
                    table.id().name(), delta.upserts().size(), delta.deletes().size(), attempt.spent()));
        }
        applied = attempt.desired();
        started = true;
        doubts.resolved();
        ownDoing.clear();
        refusal = Optional.empty();
        return true;
    }

    /** This includes errors that are bugs of ours and not refusals of the kernel: the tables after this one must not suffer from them. */
    private void failed(RuntimeException failure) {
        if (!(failure instanceof KernelException)) {
            LOG.log(System.Logger.Level.ERROR, table.id().name() + ": a defect of Fyr; tried again", failure);
        }
        // Kept until a change succeeds completely: a refused change may have been applied in part, and that part is
        // not drift.
        ownDoing.addAll(attempt.delta().upserts().keySet());
        ownDoing.addAll(attempt.delta().deletes());
        doubts.failed(attempt.delta(), applied);
        refusal = Optional.of(new Refusal<>(table, attempt.desired(), failure));
        failures.accept(
                new Failure(table.id().name(), failure, links(attempt.delta().upserts())));
    }

    private List<String> links(SortedMap<K, V> entries) {
        List<String> links = new ArrayList<>();
        entries.forEach((key, value) -> table.id().link().apply(key, value).ifPresent(links::add));
        return links;
    }

    /** Why the last change was refused; empty if it was not. */
    public Optional<String> refusal() {
        return refusal.map(Refusal::text);
    }

    /** Like {@link #refusal()}, but also empty if the refused entries are other than these; to find that out, the table is read once. */
    public Optional<String> refusal(BiPredicate<K, V> entries) {
        return refusal.filter(last -> last.concerns(entries)).map(Refusal::text);
    }

    static String reason(RuntimeException failure) {
        return failure instanceof KernelException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
