package fyr.kernel;

import java.util.SortedMap;

/**
 * One kind of kernel state as a table. Used by one thread at a time.
 *
 * @param <K> what names an entry to the kernel
 * @param <V> everything else about it, as far as Fyr sets it
 */
public interface KernelTable<K extends Comparable<? super K>, V> {

    /** A short name for logs and metrics: {@code routes}. */
    String name();

    /**
     * Reads the entries that are ours, in ascending order; nothing else is ever listed, and so nothing else is ever deleted. An entry with our key but with contents that Fyr would never write must differ
     * from every value a plan can hold, so that it is put right.
     *
     * @throws KernelException if the kernel refuses
     */
    SortedMap<K, V> list();

    /**
     * Makes the changes. Replaces entries that exist, creates the others; deleting what is absent is no error. Either all of the change
     * happens, or an exception tells what was refused and the table is to be listed anew. Entries that do not depend on a refused one are
     * changed all the same, except in a table whose changes are transactions.
     *
     * @throws KernelException the kernel's first refusal
     */
    void apply(Delta<K, V> delta);
}
