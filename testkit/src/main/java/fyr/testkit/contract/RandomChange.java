package fyr.testkit.contract;

import fyr.kernel.Delta;
import fyr.kernel.Kernel;
import fyr.kernel.TableId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A change of one table. */
public record RandomChange<K extends Comparable<? super K>, V>(TableId<K, V> table, Delta<K, V> delta) {

    /** A change of up to so many entries, of which every third is deleted. */
    static <K extends Comparable<? super K>, V> RandomChange<K, V> of(
            SplittableRandom random,
            int most,
            TableId<K, V> table,
            Function<SplittableRandom, K> keys,
            BiFunction<SplittableRandom, K, V> values) {
        SortedMap<K, V> upserts = new TreeMap<>();
        SortedSet<K> deletes = new TreeSet<>();
        int entries = random.nextInt(1, most + 1);
        for (int i = 0; i < entries; i++) {
            K key = keys.apply(random);
            if (random.nextInt(3) == 0) {
                deletes.add(key);
            } else {
                upserts.put(key, values.apply(random, key));
            }
        }
        deletes.removeAll(upserts.keySet());
        return new RandomChange<>(table, new Delta<>(upserts, deletes));
    }

    /** Makes the change. */
    public void apply(Kernel kernel) {
        kernel.table(table).apply(delta);
    }

    @Override
    public String toString() {
        return table + " + " + delta.upserts() + " - " + delta.deletes();
    }
}
