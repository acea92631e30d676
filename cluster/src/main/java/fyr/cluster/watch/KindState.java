package fyr.cluster.watch;

import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one kind as far as heard. An object that comes again without a difference stays the instance it was. One thread applies
 * changes; any thread may read.
 */
public final class KindState<K, V> {

    private final PersistentMap.Difference<K, V> listener;
    private volatile PersistentMap<K, V> objects = PersistentMap.empty();
    private final Set<K> standIns = new HashSet<>();
    private boolean listed;

    /** The listener is told of every object that differs, on the thread that applies. */
    public KindState(PersistentMap.Difference<K, V> listener) {
        this.listener = listener;
    }

    /** The objects now. */
    public PersistentMap<K, V> objects() {
        return objects;
    }

    /** The object now known by this key. */
    public Optional<V> known(K key) {
        return objects.get(key);
    }

    /** Whether everything was heard at least once. */
    public boolean listed() {
        return listed;
    }

    /** Takes a change over; false if it changes nothing. */
    public boolean apply(Change<K, V> change) {
        PersistentMap<K, V> before = objects;
        boolean first = !listed && change instanceof Change.Replaced<K, V>;
        switch (change) {
            case Change.Replaced<K, V> replaced -> replace(replaced);
            case Change.Upserted<K, V>(K key, V value) -> upsert(key, value);
            case Change.Doubtful<K, V>(K key, Optional<V> standIn) -> doubt(key, standIn);
            case Change.Removed<K, V>(K key) -> remove(key);
        }
        return first || objects != before;
    }

    private void replace(Change.Replaced<K, V> replaced) {
        List<K> gone = new ArrayList<>();
        objects.forEach((key, value) -> {
            if (!replaced.all().containsKey(key) && !replaced.doubtful().containsKey(key)) {
                gone.add(key);
            }
        });
        gone.forEach(this::remove);
        replaced.all().forEach(this::upsert);
        replaced.doubtful().forEach(this::doubt);
        listed = true;
    }

    private void doubt(K key, Optional<V> standIn) {
        if (!objects.containsKey(key) || standIns.contains(key)) {
            standIn.ifPresent(value -> {
                upsert(key, value);
                standIns.add(key);
            });
        }
    }

    private void upsert(K key, V value) {
        standIns.remove(key);
        Optional<V> before = objects.get(key);
        if (before.filter(value::equals).isEmpty()) {
            objects = objects.with(key, value);
            tell(key, before.orElse(null), value);
        }
    }

    private void remove(K key) {
        standIns.remove(key);
        Optional<V> before = objects.get(key);
        if (before.isPresent()) {
            objects = objects.without(key);
            tell(key, before.get(), null);
        }
    }

    private void tell(K key, @Nullable V before, @Nullable V after) {
        listener.visit(key, before, after);
    }
}
