package fyr.compiler.claim;

import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;

/**
 * Who claims what: any number of claimants for each key. Nearly every key has one claimant, which needs no list. Immutable.
 *
 * @param sole the claimant of a key that nobody else claims
 * @param rivals all claimants of the other keys, in ascending order
 */
public record Claims<K, C extends Comparable<? super C>>(PersistentMap<K, C> sole, PersistentMap<K, List<C>> rivals) {

    static <K, C extends Comparable<? super C>> Claims<K, C> none() {
        return new Claims<K, C>(PersistentMap.empty(), PersistentMap.empty());
    }

    /** All that claim a key, in ascending order. */
    List<C> of(K key) {
        Optional<C> only = sole.get(key);
        return only.isPresent() ? List.of(only.get()) : rivals.get(key).orElse(List.of());
    }

    ClaimsEditor<K, C> edit() {
        return new ClaimsEditor<>(this);
    }
}
