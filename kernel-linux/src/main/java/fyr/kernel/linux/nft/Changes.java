package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A change as the steps of a transaction, in the order that references require: tables, sets, chains without rules, the rules of new chains
 * without hook, elements (which may refer to chains), all other rules (which refer to sets and chains); then deletions in the opposite
 * order. This order is also safe for traffic when the change has to be split into several transactions: new objects are complete before a
 * rule leads to them, and deleted objects are no longer used.
 *
 * <p>The rules of new chains come before elements because the kernel goes through all elements of a map for each chain whose first rule with
 * that map is added (nf_tables_bind_set), while a new element is only compared with the list of these rules (nft_add_set_elem). The maps of
 * Services are looked up in 40 chains each. No packet comes to a new chain until elements or other rules lead there.
 *
 * @param delta what is wanted
 * @param replaced elements that exist with another value: each is deleted and added in one transaction
 * @param absent what is to be deleted but does not exist
 */
record Changes(Delta<NftKey, NftObject> delta, Set<NftKey> replaced, Set<NftKey> absent) {

    /** Elements in one message: 500 with IPv6 addresses in key and value stay below the 64 KiB of their common attribute. */
    private static final int ELEMENTS = 400;

    /** Up to this many elements each get a message of their own, so that a refusal names the element. */
    private static final int FEW = 64;

    Changes {
        replaced = Set.copyOf(replaced);
        absent = Set.copyOf(absent);
    }

    List<Step> steps(Known known) {
        List<Step> steps = new ArrayList<>();
        create(steps);
        writeRules(steps, (name, chain) -> isUnused(name, chain, known));
        writeElements(steps, known);
        writeRules(steps, (name, chain) -> !isUnused(name, chain, known));
        delete(steps, known);
        return steps;
    }

    private void create(List<Step> steps) {
        List<Step> sets = new ArrayList<>();
        List<Step> chains = new ArrayList<>();
        delta.upserts().forEach((key, object) -> {
            switch (key) {
                case NftKey.TableKey table -> steps.add(Messages.newTable(table));
                case NftKey.SetKey set -> sets.add(newSet(set, object, sets.size() + 1));
                case NftKey.ChainKey chain ->
                    chains.add(Messages.newChain(
                            chain, as(object, NftObject.Chain.class).hook()));
                case NftKey.ElementKey _ -> {}
            }
        });
        steps.addAll(sets);
        steps.addAll(chains);
    }

    private static Step newSet(NftKey.SetKey key, NftObject object, int id) {
        return switch (object) {
            case NftObject.Meter meter -> Messages.newMeter(key, meter, id);
            case NftObject.Memory memory -> Messages.newMemory(key, memory, id);
            default -> Messages.newSet(key, as(object, NftObject.Set.class), id);
        };
    }

    private void writeElements(List<Step> steps, Known known) {
        List<Map.Entry<NftKey.ElementKey, NftObject.Element>> replacing = new ArrayList<>();
        List<Map.Entry<NftKey.ElementKey, NftObject.Element>> added = new ArrayList<>();
        delta.upserts().forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey element) {
                (isReplaced(element, known) ? replacing : added)
                        .add(Map.entry(element, as(object, NftObject.Element.class)));
            }
        });
        replaceElements(steps, replacing, known);
        batches(added, Map.Entry::getKey, batch -> steps.add(newElements(batch, known)));
    }

    /**
     * Old values are deleted directly before new ones are added. Deleted intervals are deleted here too, because new ones may overlap them.
     */
    private void replaceElements(
            List<Step> steps, List<Map.Entry<NftKey.ElementKey, NftObject.Element>> elements, Known known) {
        List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> intervals = deletable(known);
        intervals.removeIf(entry -> entry.getValue().isEmpty());
        batches(intervals, Map.Entry::getKey, batch -> steps.add(deleteElements(batch, known)));
        elements.forEach(entry -> {
            steps.add(deleteElements(List.of(Map.entry(entry.getKey(), known.end(entry.getKey()))), known));
            steps.add(newElements(List.of(entry), known).joinedToPrevious());
        });
    }

    private Step newElements(List<Map.Entry<NftKey.ElementKey, NftObject.Element>> elements, Known known) {
        return Messages.newElements(
                elements, known.keepsRangesWhole(elements.getFirst().getKey(), delta));
    }

    private Step deleteElements(List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> elements, Known known) {
        return Messages.deleteElements(
                elements, known.keepsRangesWhole(elements.getFirst().getKey(), delta));
    }

    private boolean isReplaced(NftKey.ElementKey key, Known known) {
        return replaced.contains(key) || known.end(key).isPresent();
    }

    private void writeRules(List<Step> steps, BiPredicate<NftKey.ChainKey, NftObject.Chain> which) {
        delta.upserts().forEach((key, object) -> {
            if (key instanceof NftKey.ChainKey name) {
                NftObject.Chain chain = as(object, NftObject.Chain.class);
                if (which.test(name, chain)) {
                    steps.add(Messages.flushChain(name));
                    chain.rules().forEach(rule -> steps.add(Messages.newRule(name, rule)));
                }
            }
        });
    }

    /** Whether no packet comes to the chain until later steps lead there. */
    private static boolean isUnused(NftKey.ChainKey name, NftObject.Chain chain, Known known) {
        return chain.hook().isEmpty() && !known.isThere(name);
    }

    private void delete(List<Step> steps, Known known) {
        List<Step> chains = new ArrayList<>();
        List<Step> sets = new ArrayList<>();
        List<Step> tables = new ArrayList<>();
        for (NftKey key : delta.deletes()) {
            if (isGone(key)) {
                continue;
            }
            switch (key) {
                case NftKey.TableKey table -> tables.add(Messages.deleteTable(table));
                case NftKey.SetKey set -> sets.add(Messages.deleteSet(set));
                case NftKey.ChainKey chain -> {
                    steps.add(Messages.flushChain(chain));
                    chains.add(Messages.deleteChain(chain));
                }
                case NftKey.ElementKey _ -> {}
            }
        }
        List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> elements = deletable(known);
        elements.removeIf(entry -> entry.getValue().isPresent());
        batches(elements, Map.Entry::getKey, batch -> steps.add(deleteElements(batch, known)));
        steps.addAll(chains);
        steps.addAll(sets);
        steps.addAll(tables);
    }

    private List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> deletable(Known known) {
        List<Map.Entry<NftKey.ElementKey, Optional<Bytes>>> elements = new ArrayList<>();
        for (NftKey key : delta.deletes()) {
            if (key instanceof NftKey.ElementKey element && !isGone(key) && !known.isAbsentInterval(element)) {
                elements.add(Map.entry(element, known.end(element)));
            }
        }
        return elements;
    }

    /** Whether something to be deleted does not exist, or is deleted with the table or set that it is in. */
    private boolean isGone(NftKey key) {
        boolean withTable =
                !(key instanceof NftKey.TableKey) && delta.deletes().contains(new NftKey.TableKey(key.family()));
        boolean withSet = key instanceof NftKey.ElementKey(var family, var set, var _)
                && delta.deletes().contains(new NftKey.SetKey(family, set));
        return absent.contains(key) || withTable || withSet;
    }

    /** Splits a list into pieces, each of elements of one set. */
    private static <T> void batches(List<T> items, Function<T, NftKey.ElementKey> key, Consumer<List<T>> each) {
        int most = items.size() <= FEW ? 1 : ELEMENTS;
        for (int from = 0; from < items.size(); ) {
            NftKey.ElementKey first = key.apply(items.get(from));
            int to = from;
            while (to < items.size() && to - from < most && sameSet(first, key.apply(items.get(to)))) {
                to++;
            }
            each.accept(items.subList(from, to));
            from = to;
        }
    }

    private static boolean sameSet(NftKey.ElementKey one, NftKey.ElementKey other) {
        return one.family() == other.family() && one.set().equals(other.set());
    }

    private static <T extends NftObject> T as(NftObject object, Class<T> type) {
        if (!type.isInstance(object)) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + object);
        }
        return type.cast(object);
    }
}
