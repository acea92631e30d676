package fyr.compiler.feature;

import fyr.kernel.TableId;
import fyr.kernel.plan.KernelPlan;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The shares of all features in the plan of a node, and the plan that they make together. Immutable. */
public final class Features {

    /** By identifier; the value of an identifier has its type. */
    private final Map<FeatureId<?>, Feature<?>> shares;

    private final KernelPlan kernel;

    private Features(Map<FeatureId<?>, Feature<?>> shares, KernelPlan kernel) {
        this.shares = shares;
        this.kernel = kernel;
    }

    /** The shares of these features on a node of which nothing but its identity is known. */
    public static Features start(List<FeatureId<?>> ids, NodeIdentity identity) {
        Map<FeatureId<?>, Feature<?>> shares = new LinkedHashMap<>();
        KernelPlan kernel = KernelPlan.empty();
        for (FeatureId<?> id : ids) {
            Feature<?> first = id.start().apply(identity);
            shares.put(id, first);
            kernel = merged(kernel, KernelPlan.empty(), first.kernel());
        }
        return new Features(shares, kernel);
    }

    /** The shares for other inputs of the same node. */
    public Features next(FeatureInputs inputs) {
        Map<FeatureId<?>, Feature<?>> changed = new LinkedHashMap<>();
        KernelPlan whole = kernel;
        for (Map.Entry<FeatureId<?>, Feature<?>> share : shares.entrySet()) {
            Feature<?> next = share.getValue().next(inputs);
            changed.put(share.getKey(), next);
            whole = merged(whole, share.getValue().kernel(), next.kernel());
        }
        return new Features(changed, whole);
    }

    /** The share of a feature, one of those that this began with. */
    @SuppressWarnings("unchecked") // start() took both from one identifier, and next() keeps the type
    public <F extends Feature<F>> F get(FeatureId<F> id) {
        Feature<?> share = shares.get(id);
        if (share == null) {
            throw new IllegalArgumentException("no feature " + id);
        }
        return (F) share;
    }

    /** What all features want in the kernel. */
    public KernelPlan kernel() {
        return kernel;
    }

    /** Applies the change of one feature to the whole plan. Features have no key in common, so their order does not matter. */
    private static KernelPlan merged(KernelPlan whole, KernelPlan before, KernelPlan after) {
        Set<TableId<?, ?>> tables = new HashSet<>(before.ids());
        tables.addAll(after.ids());
        KernelPlan changed = whole;
        for (TableId<?, ?> table : tables) {
            changed = merged(changed, before, after, table);
        }
        return changed;
    }

    private static <K extends Comparable<? super K>, V> KernelPlan merged(
            KernelPlan whole, KernelPlan before, KernelPlan after, TableId<K, V> table) {
        PersistentMap<K, V> old = before.table(table);
        PersistentMap<K, V> now = after.table(table);
        return old == now ? whole : whole.with(table, merged(whole.table(table), old, now));
    }

    private static <K extends Comparable<? super K>, V> PersistentMap<K, V> merged(
            PersistentMap<K, V> whole, PersistentMap<K, V> before, PersistentMap<K, V> after) {
        if (after.size() > whole.size()) {
            // If much is new, as at the start, the other direction takes fewer steps. The result depends on the
            // entries alone, not on the direction.
            return others(whole, before, after);
        }
        MapEditor<K, V> merged = whole.edit();
        after.differences(before, merged);
        return merged.map();
    }

    private static <K extends Comparable<? super K>, V> PersistentMap<K, V> others(
            PersistentMap<K, V> whole, PersistentMap<K, V> before, PersistentMap<K, V> after) {
        MapEditor<K, V> merged = after.edit();
        whole.forEach((key, value) -> {
            if (!before.containsKey(key)) {
                merged.put(key, value);
            }
        });
        return merged.map();
    }
}
