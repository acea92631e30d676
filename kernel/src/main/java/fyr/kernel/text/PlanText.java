package fyr.kernel.text;

import fyr.kernel.Delta;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.persistent.PersistentMap;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;

/**
 * Plans and deltas as text: a section for each table, in the order in which tables are written, and in each a line for each entry in
 * ascending order. The nf_tables tables are written by {@link NftText}.
 */
public final class PlanText {

    private PlanText() {}

    /** A whole plan. */
    public static String of(KernelPlan plan) {
        StringBuilder text = new StringBuilder();
        List<TableId<?, ?>> ids =
                plan.ids().stream().sorted(Comparator.comparing(TableId::name)).toList();
        TableId.inOrder(ids).forEach(id -> section(plan, id, text));
        return text.toString();
    }

    private static <K extends Comparable<? super K>, V> void section(
            KernelPlan plan, TableId<K, V> id, StringBuilder text) {
        text.append(id.name()).append('\n').append(table(id, plan.table(id).sorted()));
    }

    /** The entries of one table. */
    public static <K extends Comparable<? super K>, V> String table(TableId<K, V> id, SortedMap<K, V> entries) {
        if (id.equals(Tables.NFT)) {
            @SuppressWarnings("unchecked") // a table has the types of its identifier
            SortedMap<NftKey, NftObject> objects = (SortedMap<NftKey, NftObject>) (SortedMap<?, ?>) entries;
            return NftText.tables(objects).indent(2);
        }
        StringBuilder text = new StringBuilder();
        entries.forEach(
                (key, value) -> text.append("  ").append(line(key, value)).append('\n'));
        return text.toString();
    }

    /**
     * A change of one table: {@code +} before what is new, {@code ~} before what replaces an entry, {@code -} before what goes.
     *
     * @param around the plan that the change leads to, in which sets are found by their names
     */
    public static <K extends Comparable<? super K>, V> String delta(
            TableId<K, V> id, Delta<K, V> delta, PersistentMap<K, V> around) {
        BiFunction<K, V, String> line = PlanText::line;
        java.util.function.Function<K, String> name = Object::toString;
        if (id.equals(Tables.NFT)) {
            @SuppressWarnings("unchecked") // a table has the types of its identifier
            PersistentMap<NftKey, NftObject> objects = (PersistentMap<NftKey, NftObject>) (PersistentMap<?, ?>) around;
            NftText text = new NftText(objects::get);
            line = (key, value) -> text.line((NftKey) key, (NftObject) value);
            name = key -> text.name((NftKey) key);
        }
        StringBuilder text = new StringBuilder();
        for (K key : delta.deletes()) {
            text.append("- ").append(name.apply(key)).append('\n');
        }
        for (var entry : delta.upserts().entrySet()) {
            text.append(delta.replaced().contains(entry.getKey()) ? "~ " : "+ ")
                    .append(line.apply(entry.getKey(), entry.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(Object key, Object value) {
        return Optional.of(value.toString())
                .filter(text -> !text.isEmpty())
                .map(text -> key + " " + text)
                .orElse(key.toString());
    }
}
