package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.TableLook;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A table in memory that records what was asked of it and can be told to refuse. It accepts every entry; its subclasses obey the rules of the
 * kernel's tables. Tests may read it while another thread uses it.
 */
public class FakeTable<K extends Comparable<? super K>, V> implements KernelTable<K, V> {

    /** The contents; tests may change them as an administrator would. */
    public final SortedMap<K, V> contents = new ConcurrentSkipListMap<>();

    /** Every change that was requested, including refused ones. */
    public final List<Delta<K, V>> deltas = new CopyOnWriteArrayList<>();

    /** How often the whole table was read. */
    public int lists;

    /** The looks to make in steps instead of reading the whole table; none for a table that is read at once. */
    public Optional<Supplier<TableLook<K>>> looks = Optional.empty();

    /** Whether the table notices by itself that it was changed. */
    public boolean seemsChanged;

    /** Called with every change that was requested, before it is made or refused. */
    public Consumer<Delta<K, V>> before = _ -> {};

    /** Called with every change that was made. */
    public Consumer<Delta<K, V>> afterwards = _ -> {};

    private final Deque<RuntimeException> refusals = new ArrayDeque<>();
    private final TableId<K, V> id;

    /** A table that depends on no other. */
    public FakeTable(String name) {
        this(TableId.named(name));
    }

    public FakeTable(TableId<K, V> id) {
        this.id = id;
    }

    /** Refuses the next change with this exception. */
    public void refuse(RuntimeException reason) {
        refusals.add(reason);
    }

    @Override
    public TableId<K, V> id() {
        return id;
    }

    @Override
    public SortedMap<K, V> list() {
        lists++;
        return new TreeMap<>(contents);
    }

    @Override
    public Optional<TableLook<K>> look(PersistentMap<K, V> expected) {
        return looks.map(Supplier::get);
    }

    @Override
    public boolean seemsChanged() {
        return seemsChanged;
    }

    @Override
    public final void apply(Delta<K, V> delta) {
        deltas.add(delta);
        before.accept(delta);
        if (!refusals.isEmpty()) {
            throw refusals.remove();
        }
        change(delta);
        afterwards.accept(delta);
    }

    /**
     * Makes a change as {@link KernelTable#apply} requires.
     *
     * @throws fyr.kernel.KernelException if the kernel would refuse it
     */
    protected void change(Delta<K, V> delta) {
        delta.deletes().forEach(contents::remove);
        contents.putAll(delta.upserts());
    }
}
