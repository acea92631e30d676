package fyr.kernel;

import fyr.model.persistent.PersistentMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One kind of kernel state as a table. Used by one thread at a time.
 *
 * @param <K> what identifies an entry to the kernel
 * @param <V> everything else about it, as far as Fyr sets it
 */
public interface KernelTable<K extends Comparable<? super K>, V> {

    /** Which table it is. */
    TableId<K, V> id();

    /**
     * The name of an entry for logs and events.
     *
     * @param contents what the table should hold, if the name depends on other entries
     */
    default String describe(K key, PersistentMap<K, V> contents) {
        return key.toString();
    }

    /**
     * Reads the entries that are ours, in ascending order; nothing else is ever listed, and so nothing else is ever deleted. An entry with
     * our key but with contents that Fyr would never write must differ from every value that a plan can hold, so that it is repaired.
     *
     * @throws KernelException if the kernel refuses
     */
    SortedMap<K, V> list();

    /**
     * Reads the existing entries among these keys. In a large table the cost depends only on the number of keys.
     *
     * @throws KernelException if the kernel refuses
     */
    default SortedMap<K, V> read(SortedSet<K> keys) {
        SortedMap<K, V> entries = new TreeMap<>(list());
        entries.keySet().retainAll(keys);
        return entries;
    }

    /**
     * The entries that cannot exist because the entry that should contain them is missing or different, such as the elements of a set that
     * is gone. Empty if nothing is inside such an entry, or if everything inside may exist nevertheless.
     *
     * @param found the actual entry in place of the container
     */
    default Optional<Predicate<K>> lostWith(K container, Optional<V> found) {
        return Optional.empty();
    }

    /**
     * Reads the whole table in small steps, for a table whose {@link #list} would take too long; empty if {@code list} is good enough. The
     * table may be changed between the steps. A new look ends an earlier one.
     *
     * @param expected what the table should hold
     */
    default Optional<TableLook<K>> look(PersistentMap<K, V> expected) {
        return Optional.empty();
    }

    /**
     * Whether others seem to have changed the table, as far as that can be told at little cost; asked twice a second. For most tables the
     * kernel's events say so.
     *
     * @throws KernelException if it cannot be told
     */
    default boolean seemsChanged() {
        return false;
    }

    /**
     * Applies the changes. Replaces entries that exist and creates the others; deleting a missing entry is no error. Either the whole
     * change is applied, or an exception says what was refused and the table must be listed again. Entries that do not depend on a refused
     * one are changed all the same, except in a table whose changes are transactions.
     *
     * @throws KernelException the kernel's refusals as one, with the message of the first
     */
    void apply(Delta<K, V> delta);
}
