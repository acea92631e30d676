package fyr.kernel;

import fyr.kernel.KernelEvent.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Identifies one kind of kernel state, and says how it depends on other kinds. {@link Tables} has those of Fyr. Two identifiers are equal
 * if their names are.
 *
 * @param <K> what identifies an entry to the kernel
 * @param <V> everything else about it
 * @param name a short name for logs, metrics and plans: {@code routes}
 * @param writing in how many transactions a change is written
 * @param after what an entry may refer to: new entries are written after those of these tables, and unwanted ones are removed before
 * @param losesWith the tables with whose entries the kernel may remove entries of this one, mostly without an event
 * @param doubtfulAfter the events after which the contents are in doubt
 * @param polled whether the kernel reports too few of the changes that others make, so that the table is read regularly; that must be cheap
 * @param link the link that an entry cannot be without, if there is one
 */
public record TableId<K extends Comparable<? super K>, V>(
        String name,
        Writing writing,
        List<TableId<?, ?>> after,
        List<TableId<?, ?>> losesWith,
        Set<Subject> doubtfulAfter,
        boolean polled,
        BiFunction<K, V, Optional<String>> link) {

    /** How a change of a table is written. */
    public enum Writing {
        /** What is new is written before anything is removed from any table. */
        IN_TWO_STEPS,
        /** As one transaction, so that nobody sees the state between. */
        AT_ONCE
    }

    public TableId {
        after = List.copyOf(after);
        losesWith = List.copyOf(losesWith);
        doubtfulAfter = Set.copyOf(doubtfulAfter);
    }

    /** A table that depends on nothing. */
    public static <K extends Comparable<? super K>, V> TableId<K, V> named(String name) {
        return new TableId<>(
                name, Writing.IN_TWO_STEPS, List.of(), List.of(), Set.of(), false, (_, _) -> Optional.empty());
    }

    /** The same, written as one transaction. */
    public TableId<K, V> writtenAtOnce() {
        return new TableId<>(name, Writing.AT_ONCE, after, losesWith, doubtfulAfter, polled, link);
    }

    /** The same, written after these tables. */
    public TableId<K, V> writtenAfter(TableId<?, ?>... tables) {
        return new TableId<>(name, writing, List.of(tables), losesWith, doubtfulAfter, polled, link);
    }

    /** The same, whose entries may disappear with those of these tables. */
    public TableId<K, V> losingWith(TableId<?, ?>... tables) {
        return new TableId<>(name, writing, after, List.of(tables), doubtfulAfter, polled, link);
    }

    /** The same, in doubt after events about these subjects. */
    public TableId<K, V> inDoubtAfter(Subject... subjects) {
        return new TableId<>(name, writing, after, losesWith, Set.of(subjects), polled, link);
    }

    /** The same, read regularly. */
    public TableId<K, V> readRegularly() {
        return new TableId<>(name, writing, after, losesWith, doubtfulAfter, true, link);
    }

    /** The same, whose entries cannot be without these links. */
    public TableId<K, V> onLink(BiFunction<K, V, Optional<String>> of) {
        return new TableId<>(name, writing, after, losesWith, doubtfulAfter, polled, of);
    }

    /**
     * Sorts tables so that each comes after those that it refers to; otherwise the order stays as given.
     *
     * @param tables all tables of a kernel; a table that one of them refers to need not be among them
     */
    public static List<TableId<?, ?>> inOrder(Collection<TableId<?, ?>> tables) {
        List<TableId<?, ?>> sorted = new ArrayList<>();
        tables.forEach(table -> insert(table, tables, sorted));
        return List.copyOf(sorted);
    }

    /** References have no cycles: an identifier can refer only to those made before it. */
    private static void insert(TableId<?, ?> table, Collection<TableId<?, ?>> among, List<TableId<?, ?>> sorted) {
        if (!sorted.contains(table)) {
            table.after.forEach(before -> insert(before, among, sorted));
            if (among.contains(table)) {
                sorted.add(table);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableId<?, ?> table && name.equals(table.name);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
