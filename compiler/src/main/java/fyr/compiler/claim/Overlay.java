package fyr.compiler.claim;

import fyr.model.persistent.PersistentMap;
import java.util.Map;

/**
 * A map with different values for a few of its keys. It shares everything else with the map, so that two versions compare as fast as
 * before.
 */
final class Overlay {

    private Overlay() {}

    static <K, V> PersistentMap<K, V> of(PersistentMap<K, V> heard, PersistentMap<K, V> instead) {
        PersistentMap<K, V> granted = heard;
        for (Map.Entry<K, V> entry : instead) {
            granted = granted.with(entry.getKey(), entry.getValue());
        }
        return granted;
    }
}
