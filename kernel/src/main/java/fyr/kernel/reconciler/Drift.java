package fyr.kernel.reconciler;

import fyr.kernel.Delta;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Entries that were found to differ from what was last written, whatever is desired now, and that have not been repaired yet. Only a repair
 * shows that they were drift: an entry that went with its link cannot be written any more and is soon no longer desired.
 */
final class Drift<K extends Comparable<? super K>, V> {

    private final SequencedMap<K, Entry> found = new LinkedHashMap<>();

    /** @param extra whether nobody wanted the entry */
    private record Entry(String name, boolean extra) {}

    /**
     * Notes what is drift among the entries that are to be changed.
     *
     * @param left what was applied last
     * @param actual the actual state of the entries that the change concerns
     * @param ownDoing what a refused change of our own may have done
     * @param name of an entry
     */
    void find(
            PersistentMap<K, V> left, Map<K, V> actual, Delta<K, V> change, Set<K> ownDoing, Function<K, String> name) {
        for (K key : change.upserts().keySet()) {
            left.get(key)
                    .filter(value -> !ownDoing.contains(key) && !value.equals(actual.get(key)))
                    .ifPresent(_ -> found.put(key, new Entry(name.apply(key), false)));
        }
        for (K key : change.deletes()) {
            if (!left.containsKey(key) && !ownDoing.contains(key)) {
                found.put(key, new Entry("extra " + name.apply(key), true));
            }
        }
    }

    /**
     * Takes out the entries that are as desired now, and forgets those that are no longer desired.
     *
     * @param right whether an entry is known to be as desired
     * @return the names of those that were repaired
     */
    List<String> takeRepaired(PersistentMap<K, V> desired, Predicate<K> right) {
        List<String> repaired = new ArrayList<>();
        Iterator<Map.Entry<K, Entry>> entries = found.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<K, Entry> next = entries.next();
            boolean desiredNow = next.getValue().extra() || desired.containsKey(next.getKey());
            boolean isRight = right.test(next.getKey());
            if (desiredNow && isRight) {
                repaired.add(next.getValue().name());
            }
            if (!desiredNow || isRight) {
                entries.remove();
            }
        }
        return repaired;
    }
}
