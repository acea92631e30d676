package fyr.kernel.reconciler;

import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.TableId;
import fyr.kernel.plan.KernelPlan;
import fyr.model.observation.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Keeps all tables of a node as the plan says. New entries are written first, in an order in which each finds what it refers to: a link
 * before its addresses, an address before a route that prefers it. Unwanted entries are removed last, in the opposite order: the kernel
 * removes whatever depends on a removed entry, and by then nothing depends on it. How tables depend on each other is said by their
 * identifiers ({@link TableId}, {@link fyr.kernel.Tables}).
 *
 * <p>Used by one thread.
 */
public final class NodeReconciler {

    /** What one change removes is seen in the next pass; more passes than there are tables that can lose entries would find nothing new. */
    private static final int PASSES = 3;

    private final List<NodeTable<?, ?>> tables = new ArrayList<>();
    private final Set<NodeTable<?, ?>> failed = new HashSet<>();
    private final SequencedSet<NodeTable<?, ?>> unread = new LinkedHashSet<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Consumer<Observation> observer;
    private Runnable stepped = () -> {};

    /** A reconciler for all tables of the kernel. */
    public NodeReconciler(Kernel kernel, Consumer<Observation> observer) {
        this.observer = observer;
        TableId.inOrder(kernel.tables()).forEach(id -> tables.add(table(kernel, id)));
    }

    private <K extends Comparable<? super K>, V> NodeTable<K, V> table(Kernel kernel, TableId<K, V> id) {
        return new NodeTable<>(id, new Reconciler<>(kernel.table(id), observer, failures::add));
    }

    /** Sets a callback that runs after each table and after each step of a look. */
    public void whenStepped(Runnable action) {
        stepped = action;
    }

    /**
     * Applies the plan to the kernel. A table that fails does not keep the others from being applied.
     *
     * @return whether everything is applied; if not, call this again after a while. More of a large table may be left to repair: see {@link
     *     #isInDoubt}.
     * @throws IllegalArgumentException if the plan has a table that the kernel does not have
     */
    public boolean reconcile(KernelPlan plan) {
        return reconcile(plan, _ -> Set.of());
    }

    /**
     * Like {@link #reconcile(KernelPlan)}, but does not report what was refused because links are gone that the caller knows how to do
     * without: the caller makes another plan.
     *
     * @param gone which of these links are gone; asked at most once, at the end, and only if something was refused for lack of a link
     */
    public boolean reconcile(KernelPlan plan, UnaryOperator<Set<String>> gone) {
        plan.ids().forEach(this::table);
        failed.clear();
        failures.clear();
        pass(plan);
        for (int pass = 1; pass < PASSES && hasLost(); pass++) {
            pass(plan);
        }
        report(gone);
        return failed.isEmpty() && !hasLost();
    }

    private void report(UnaryOperator<Set<String>> gone) {
        Set<String> suspects = new HashSet<>();
        failures.forEach(failure -> suspects.addAll(failure.suspects()));
        Set<String> missing = suspects.isEmpty() ? Set.of() : gone.apply(suspects);
        failures.forEach(failure -> failure.without(missing).ifPresent(observer));
    }

    /** Whether a table has lost something through a change of another table, which this call can restore. */
    private boolean hasLost() {
        return inDoubt().anyMatch(table -> !table.id().losesWith().isEmpty());
    }

    /** What is in doubt and was not refused, so that another attempt is worthwhile. */
    private Stream<NodeTable<?, ?>> inDoubt() {
        return tables.stream()
                .filter(table -> !failed.contains(table) && table.reconciler().isInDoubt());
    }

    private void pass(KernelPlan plan) {
        for (NodeTable<?, ?> table : tables) {
            switch (table.id().writing()) {
                case IN_TWO_STEPS -> table.put(plan);
                case AT_ONCE -> ended(table, table.reconcile(plan));
            }
            done(table);
        }
        for (NodeTable<?, ?> table : tables.reversed()) {
            if (table.id().writing() == TableId.Writing.IN_TWO_STEPS) {
                ended(table, table.reconciler().remove());
                done(table);
            }
        }
    }

    private void ended(NodeTable<?, ?> table, boolean successful) {
        if (!successful) {
            failed.add(table);
        }
    }

    private void done(NodeTable<?, ?> table) {
        stepped.run();
        if (table.reconciler().tookAway()) {
            tables.stream()
                    .filter(other -> other.id().losesWith().contains(table.id()))
                    .forEach(other -> other.reconciler().suspect());
        }
    }

    @SuppressWarnings("unchecked") // a table has the types of its identifier
    private <K extends Comparable<? super K>, V> NodeTable<K, V> table(TableId<K, V> id) {
        return (NodeTable<K, V>) tables.stream()
                .filter(table -> table.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this kernel has no table " + id));
    }

    /** The first thing that the last {@link #reconcile} could not do; empty if it did everything. */
    public Optional<String> refusal() {
        return tables.stream()
                .flatMap(table -> table.reconciler().refusal().stream())
                .findFirst();
    }

    /** Why the last change of a table was refused; empty if it was not. */
    public Optional<String> refusal(TableId<?, ?> table) {
        return table(table).reconciler().refusal();
    }

    /** Like {@link #refusal(TableId)}, but also empty if the refused entries are other than these; to find that out, the table is read once. */
    public <K extends Comparable<? super K>, V> Optional<String> refusal(
            TableId<K, V> table, BiPredicate<K, V> entries) {
        return table(table).reconciler().refusal(entries);
    }

    /** Notes which tables are in doubt after changes by others. */
    public void note(Set<Subject> changed) {
        tables.stream()
                .filter(table -> table.id().doubtfulAfter().stream().anyMatch(changed::contains))
                .forEach(table -> table.reconciler().suspect());
    }

    /** Notes which entries of a table others changed. If others can be inside one of them, the whole table is to be read. */
    public <K extends Comparable<? super K>> void note(TableId<K, ?> table, Collection<? extends K> changed) {
        table(table).reconciler().suspectWithContents(changed);
    }

    /** Everything is to be read again gradually, by steps of {@link #look}. */
    public void suspectAll() {
        unread.addAll(tables);
    }

    /** Whether something is to be read by {@link #look}. */
    public boolean isLooking() {
        return !unread.isEmpty()
                || tables.stream().anyMatch(table -> table.reconciler().isLooking());
    }

    /** Whether something is in doubt that {@link #reconcile} would read and repair now, and that was not refused before. */
    public boolean isInDoubt() {
        return inDoubt().findAny().isPresent();
    }

    /**
     * Reads the tables whose changes the kernel does not report, and asks the others whether they seem changed. Each is in doubt afterwards
     * if one of its entries has changed.
     */
    public void poll() {
        tables.forEach(table -> table.reconciler().glance());
        tables.stream()
                .filter(table -> table.id().polled())
                .forEach(table -> table.reconciler().check());
    }

    /**
     * Makes one step of reading everything: it either puts one table in doubt, which the next {@link #reconcile} reads, or reads a part of
     * a table that is too large for that.
     *
     * @param nanoseconds how long a part may take
     * @return false if the look failed: the next {@link #reconcile} restarts it, which is worthwhile after a pause
     */
    public boolean look(long nanoseconds) {
        boolean seen = true;
        if (!unread.isEmpty()) {
            unread.removeFirst().reconciler().suspect();
        } else {
            seen = tables.stream()
                    .map(NodeTable::reconciler)
                    .filter(Reconciler::isLooking)
                    .findFirst()
                    .map(table -> table.look(nanoseconds))
                    .orElse(true);
        }
        stepped.run();
        return seen;
    }

    /** Whether a look failed and none has succeeded since. */
    public boolean isUnseen() {
        return tables.stream().anyMatch(table -> table.reconciler().isUnseen());
    }
}
