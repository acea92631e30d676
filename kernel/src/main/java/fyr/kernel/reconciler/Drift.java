package fyr.kernel.reconciler;

import fyr.kernel.Delta;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Entries that differ from what was last written, whatever is desired now, and that are being repaired. */
record Drift(List<String> keys) {

    /**
     * @param left what was applied last
     * @param actual the actual state of the entries that the change concerns
     * @param ownDoing what a refused change of our own may have done
     * @param name of an entry
     */
    static <K extends Comparable<? super K>, V> Drift between(
            PersistentMap<K, V> left, Map<K, V> actual, Delta<K, V> change, Set<K> ownDoing, Function<K, String> name) {
        List<String> keys = new ArrayList<>();
        for (K key : change.upserts().keySet()) {
            left.get(key)
                    .filter(value -> !ownDoing.contains(key) && !value.equals(actual.get(key)))
                    .ifPresent(_ -> keys.add(name.apply(key)));
        }
        for (K key : change.deletes()) {
            if (!left.containsKey(key) && !ownDoing.contains(key)) {
                keys.add("extra " + name.apply(key));
            }
        }
        return new Drift(keys);
    }

    void report(String table, Consumer<Observation> observer) {
        if (!keys.isEmpty()) {
            observer.accept(Observation.DriftRepaired.of(table, keys));
        }
    }
}
