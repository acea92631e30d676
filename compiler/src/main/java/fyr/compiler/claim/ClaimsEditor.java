package fyr.compiler.claim;

import fyr.model.persistent.MapEditor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link Claims} while many of them change; lives within one call. */
final class ClaimsEditor<K, C extends Comparable<? super C>> {

    private final MapEditor<K, C> sole;
    private final MapEditor<K, List<C>> rivals;

    ClaimsEditor(Claims<K, C> before) {
        this.sole = before.sole().edit();
        this.rivals = before.rivals().edit();
    }

    /** Adds a claimant to those of a key, if it is not one of them. */
    void add(K key, C claimant) {
        List<C> all = all(key);
        if (all.isEmpty()) {
            sole.put(key, claimant);
        } else if (!all.contains(claimant)) {
            all.add(claimant);
            all.sort(null);
            set(key, all);
        }
    }

    /** Removes a claimant from those of a key, if it is one of them. */
    void remove(K key, C claimant) {
        List<C> all = all(key);
        if (all.remove(claimant)) {
            set(key, all);
        }
    }

    Claims<K, C> claims() {
        return new Claims<>(sole.map(), rivals.map());
    }

    private List<C> all(K key) {
        List<C> all = new ArrayList<>(2);
        sole.get(key).ifPresentOrElse(all::add, () -> rivals.get(key).ifPresent(all::addAll));
        return all;
    }

    private void set(K key, List<C> all) {
        sole.set(
                key, Optional.of(all).filter(claimants -> claimants.size() == 1).map(List::getFirst));
        rivals.set(
                key, Optional.of(all).filter(claimants -> claimants.size() > 1).map(List::copyOf));
    }
}
