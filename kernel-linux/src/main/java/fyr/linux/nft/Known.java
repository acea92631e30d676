package fyr.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be remembered of the kernel's tables: which sets hold intervals, and where each interval ends. An interval is deleted by
 * both of its ends, but a key names only one. Everything else the kernel is asked for, or says by itself when it refuses.
 */
final class Known {

    private final Set<NftKey.SetKey> intervalSets = new HashSet<>();
    private final Map<NftKey.ElementKey, Bytes> ends = new HashMap<>();

    void learn(Map<NftKey, NftObject> listing) {
        intervalSets.clear();
        ends.clear();
        listing.forEach(this::learn);
    }

    void learn(Delta<NftKey, NftObject> applied) {
        applied.deletes().forEach(key -> {
            switch (key) {
                case NftKey.ElementKey element -> ends.remove(element);
                case NftKey.SetKey set -> intervalSets.remove(set);
                case NftKey.TableKey(var family) -> intervalSets.removeIf(set -> set.family() == family);
                case NftKey.ChainKey _ -> {}
            }
        });
        applied.upserts().forEach(this::learn);
    }

    private void learn(NftKey key, NftObject object) {
        if (key instanceof NftKey.SetKey set && object instanceof NftObject.Set(_, _, _, boolean interval)) {
            if (interval) {
                intervalSets.add(set);
            } else {
                intervalSets.remove(set);
            }
        } else if (key instanceof NftKey.ElementKey element && object instanceof NftObject.Element(Optional<Bytes> last, _)) {
            last.ifPresentOrElse(end -> ends.put(element, end), () -> ends.remove(element));
        }
    }

    /** Where the interval ends that is in the kernel; empty if there is none, or if the set holds no intervals. */
    Optional<Bytes> end(NftKey.ElementKey key) {
        return Optional.ofNullable(ends.get(key));
    }

    /** Whether an element to be deleted is an interval that is not there. */
    boolean isAbsentInterval(NftKey.ElementKey key) {
        return intervalSets.contains(new NftKey.SetKey(key.family(), key.set())) && !ends.containsKey(key);
    }
}
