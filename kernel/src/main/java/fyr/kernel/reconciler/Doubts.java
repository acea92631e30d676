package fyr.kernel.reconciler;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.TableLook;
import fyr.model.persistent.PersistentMap;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parts of a table that may differ from what was last written: nothing, some entries, or anything. Only a portion of many doubtful
 * entries is read at a time, so that no change waits long for the repair of others.
 */
final class Doubts<K extends Comparable<? super K>, V> {

    private final KernelTable<K, V> table;
    private final TreeSet<K> keys = new TreeSet<>();
    private Optional<Portion<K, V>> underRepair = Optional.empty();
    private Optional<TableLook<K>> look = Optional.empty();

    /** Whether the table is read in steps. */
    private final boolean stepwise;

    private boolean everything = true;
    private boolean listed;
    private boolean lookAgain;

    /** A look has failed and none has finished since, so what it would have found is not known. */
    private boolean unseen;

    Doubts(KernelTable<K, V> table) {
        this.table = table;
        this.stepwise = table.look(PersistentMap.empty()).isPresent();
    }

    /**
     * Some entries as they are in the kernel.
     *
     * @param keys the keys that were read, and the keys inside those that are missing
     * @param actual those of them that exist
     */
    record Portion<K extends Comparable<? super K>, V>(SortedSet<K> keys, SortedMap<K, V> actual) {

        /** The part of a change that concerns these keys. */
        Delta<K, V> only(Delta<K, V> delta) {
            SortedMap<K, V> upserts = new TreeMap<>(delta.upserts());
            upserts.keySet().retainAll(keys);
            SortedSet<K> deletes = new TreeSet<>(delta.deletes());
            deletes.retainAll(keys);
            return new Delta<>(upserts, deletes);
        }
    }

    /** Whether the whole table is to be read at once. */
    boolean everything() {
        return everything;
    }

    boolean areReadable() {
        return everything || !keys.isEmpty();
    }

    void add(Collection<? extends K> doubtful) {
        keys.addAll(doubtful);
    }

    /** Everything was read. */
    void listed() {
        everything = false;
        listed = true;
        unseen = false;
    }

    /** Anything may differ from what is expected. */
    void suspectAll(PersistentMap<K, V> expected) {
        if (!listed || everything) {
            everything = true;
        } else if (look.isPresent()) {
            lookAgain = true;
        } else {
            look = table.look(expected);
            everything = look.isEmpty();
        }
    }

    boolean isLooking() {
        return look.isPresent();
    }

    /** Continues the look. A look that fails is over; {@link #lookAfterFailure} begins another one. */
    void look(long nanoseconds, PersistentMap<K, V> expected) {
        if (look.isEmpty()) {
            return;
        }
        boolean more;
        try {
            more = look.get().proceed(nanoseconds, keys::add);
        } catch (RuntimeException e) {
            unseen = true;
            look = Optional.empty();
            lookAgain = false;
            throw e;
        }
        if (!more) {
            unseen = false;
            look = lookAgain ? table.look(expected) : Optional.empty();
            lookAgain = false;
        }
    }

    boolean isUnseen() {
        return unseen;
    }

    /** Restarts the look that failed, unless that has been done. */
    void lookAfterFailure(PersistentMap<K, V> expected) {
        if (unseen && look.isEmpty()) {
            suspectAll(expected);
        }
    }

    /** Reads a portion of the doubtful entries; empty if nothing is in doubt. */
    Optional<Portion<K, V>> read(PersistentMap<K, V> expected) {
        underRepair = Optional.empty();
        if (!keys.isEmpty()) {
            SortedSet<K> some = new TreeSet<>();
            keys.stream().limit(Reconciler.PORTION).forEach(some::add);
            underRepair = Optional.of(withContents(some, table.read(some), expected));
        }
        return underRepair;
    }

    /** An entry that is missing or wrong does not contain what it should contain. */
    private Portion<K, V> withContents(SortedSet<K> asked, SortedMap<K, V> found, PersistentMap<K, V> expected) {
        SortedSet<K> all = new TreeSet<>(asked);
        SortedMap<K, V> actual = new TreeMap<>(found);
        for (K container : asked) {
            Optional<V> is = Optional.ofNullable(found.get(container));
            if (!is.equals(expected.get(container))) {
                table.lostWith(container, is)
                        .ifPresent(lost -> expected.forEach((key, _) -> {
                            if (lost.test(key)) {
                                all.add(key);
                                actual.remove(key);
                            }
                        }));
            }
        }
        return new Portion<>(all, actual);
    }

    /** The entries that were read last are as desired now. */
    void resolved() {
        underRepair.ifPresent(portion -> keys.removeAll(portion.keys()));
        underRepair = Optional.empty();
    }

    /** A change was refused, and may have been applied in part. */
    void failed(Delta<K, V> change, PersistentMap<K, V> expected) {
        underRepair = Optional.empty();
        if (stepwise && listed && change.upserts().size() + change.deletes().size() <= Reconciler.PORTION) {
            keys.addAll(change.upserts().keySet());
            keys.addAll(change.deletes());
        } else {
            suspectAll(expected);
        }
    }
}
