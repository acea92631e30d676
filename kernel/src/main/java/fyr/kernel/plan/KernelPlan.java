package fyr.kernel.plan;

import fyr.kernel.TableId;
import fyr.model.persistent.PersistentMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The desired contents of every table of {@link fyr.kernel.Kernel}. Immutable. */
public final class KernelPlan {

    private static final KernelPlan EMPTY = new KernelPlan(Map.of());

    /** The contents by table; those of an identifier have its types. */
    private final Map<TableId<?, ?>, PersistentMap<?, ?>> tables;

    private KernelPlan(Map<TableId<?, ?>, PersistentMap<?, ?>> tables) {
        this.tables = Map.copyOf(tables);
    }

    /** Every table empty. */
    public static KernelPlan empty() {
        return EMPTY;
    }

    /** The same with other contents of one table. */
    public <K extends Comparable<? super K>, V> KernelPlan with(TableId<K, V> table, PersistentMap<K, V> contents) {
        Map<TableId<?, ?>, PersistentMap<?, ?>> changed = new HashMap<>(tables);
        if (contents.isEmpty()) {
            changed.remove(table);
        } else {
            changed.put(table, contents);
        }
        return new KernelPlan(changed);
    }

    /** The desired contents of a table. */
    @SuppressWarnings("unchecked") // with() took them together
    public <K extends Comparable<? super K>, V> PersistentMap<K, V> table(TableId<K, V> table) {
        return (PersistentMap<K, V>) tables.getOrDefault(table, PersistentMap.empty());
    }

    /** The tables that are not to be empty. */
    public Set<TableId<?, ?>> ids() {
        return tables.keySet();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KernelPlan plan && tables.equals(plan.tables);
    }

    @Override
    public int hashCode() {
        return tables.hashCode();
    }

    @Override
    public String toString() {
        return tables.toString();
    }
}
