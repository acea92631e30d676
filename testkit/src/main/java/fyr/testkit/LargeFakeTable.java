package fyr.testkit;

import fyr.kernel.TableLook;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A table in memory that is read one entry at a time. The values of keys that end with a slash are containers: keys that begin with such a
 * key are inside it.
 */
public class LargeFakeTable extends FakeTable<String, String> {

    /** The keys of each read. */
    public final List<SortedSet<String>> reads = new ArrayList<>();

    /** How many steps looks have made. */
    public int steps;

    public LargeFakeTable(String name) {
        super(name);
    }

    @Override
    public SortedMap<String, String> read(SortedSet<String> keys) {
        reads.add(new TreeSet<>(keys));
        SortedMap<String, String> found = new TreeMap<>(contents);
        found.keySet().retainAll(keys);
        return found;
    }

    @Override
    public Optional<Predicate<String>> lostWith(String container, Optional<String> found) {
        return container.endsWith("/") && found.isEmpty()
                ? Optional.of(key -> key.startsWith(container) && !key.equals(container))
                : Optional.empty();
    }

    @Override
    public Optional<TableLook<String>> look(PersistentMap<String, String> expected) {
        SortedSet<String> left = new TreeSet<>(contents.keySet());
        left.addAll(expected.sorted().keySet());
        return Optional.of(new TableLook<>() {
            @Override
            public boolean proceed(long nanoseconds, Consumer<? super String> doubtful) {
                steps++;
                if (!left.isEmpty()) {
                    String key = left.removeFirst();
                    if (!expected.get(key).equals(Optional.ofNullable(contents.get(key)))) {
                        doubtful.accept(key);
                    }
                }
                return !left.isEmpty();
            }
        });
    }
}
