package fyr.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tables of a kernel by their identifiers. Immutable. */
public final class KernelTables {

    private final Map<TableId<?, ?>, KernelTable<?, ?>> tables = new LinkedHashMap<>();

    private KernelTables(Collection<KernelTable<?, ?>> tables) {
        tables.forEach(table -> {
            if (this.tables.put(table.id(), table) != null) {
                throw new IllegalArgumentException("two tables named " + table.id());
            }
        });
    }

    /**
     * The given tables.
     *
     * @throws IllegalArgumentException if two have the same identifier
     */
    public static KernelTables of(Collection<KernelTable<?, ?>> tables) {
        return new KernelTables(tables);
    }

    /** The identifiers, in the order of the tables. */
    public Collection<TableId<?, ?>> ids() {
        return Collections.unmodifiableCollection(tables.keySet());
    }

    /**
     * The table of an identifier.
     *
     * @throws IllegalArgumentException if there is none
     */
    @SuppressWarnings("unchecked") // a table has the types of its identifier
    public <K extends Comparable<? super K>, V> KernelTable<K, V> table(TableId<K, V> id) {
        return (KernelTable<K, V>) Optional.ofNullable(tables.get(id))
                .orElseThrow(() -> new IllegalArgumentException("this kernel has no table " + id));
    }
}
