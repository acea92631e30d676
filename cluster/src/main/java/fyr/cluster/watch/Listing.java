package fyr.cluster.watch;

import fyr.cluster.read.Fault;
import fyr.cluster.read.Reading;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A list while it is read, page by page or event by event; in the latter case the last event about an object counts. */
final class Listing<K, V> {

    private final Map<K, V> all = new HashMap<>();
    private final Map<K, Optional<V>> doubtful = new HashMap<>();
    private final Set<K> refused = new HashSet<>();
    private final Function<K, Optional<V>> known;
    private final Complaints<K> complaints;

    /**
     * @param known the object now known by a key; an equal new one is dropped while it is still young
     */
    Listing(Function<K, Optional<V>> known, Complaints<K> complaints) {
        this.known = known;
        this.complaints = complaints;
    }

    void add(Reading<K, V> reading) {
        remove(reading.key());
        switch (reading) {
            case Reading.Valid<K, V>(K key, V value) -> keep(key, value);
            case Reading.Partial<K, V>(K key, V value, List<Fault> faults) -> {
                keep(key, value);
                refused.add(key);
                complaints.about(key, faults);
            }
            case Reading.Foreign<K, V> _ -> {} // none of ours
            case Reading.Invalid<K, V>(K key, String field, String what) -> complain(key, field, what);
            case Reading.Doubtful<K, V>(K key, Optional<V> standIn, String field, String what) -> {
                doubtful.put(key, standIn);
                complain(key, field, what + Complaints.notEnforced(standIn));
            }
        }
    }

    /** There is no such object. */
    void remove(K key) {
        all.remove(key);
        doubtful.remove(key);
        refused.remove(key);
    }

    private void keep(K key, V value) {
        all.put(key, known.apply(key).filter(value::equals).orElse(value));
    }

    private void complain(K key, String field, String what) {
        refused.add(key);
        complaints.about(key, field, what);
    }

    int size() {
        return all.size();
    }

    /** The list, whole now. */
    Change<K, V> done() {
        complaints.only(refused);
        return new Change.Replaced<>(all, doubtful);
    }
}
