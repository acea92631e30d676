package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be remembered about the kernel's tables: sets and chains (there are few), because some changes to them are impossible and
 * some kernels ignore those silently; and where each interval ends, because deleting an interval requires both of its ends, but a key names
 * only one. All other elements need not be remembered: the kernel refuses what does not fit.
 */
final class Known {

    private final Map<NftKey, NftObject> structure = new HashMap<>();
    private final Map<NftKey.ElementKey, Bytes> ends = new HashMap<>();

    void learn(Map<NftKey, NftObject> listing) {
        structure.clear();
        ends.clear();
        listing.forEach(this::learn);
    }

    void learn(Delta<NftKey, NftObject> applied) {
        applied.deletes().forEach(this::forget);
        applied.upserts().forEach(this::learn);
    }

    /** Updates some entries; those that are not among the present ones are absent. */
    void learn(Collection<NftKey> keys, Map<NftKey, NftObject> present) {
        keys.stream().filter(key -> !present.containsKey(key)).forEach(this::forget);
        present.forEach(this::learn);
    }

    private void forget(NftKey key) {
        switch (key) {
            case NftKey.ElementKey element -> ends.remove(element);
            case NftKey.TableKey(var family) -> {
                structure.keySet().removeIf(inTable -> inTable.family() == family);
                ends.keySet().removeIf(inTable -> inTable.family() == family);
            }
            case NftKey.SetKey set -> forget(set);
            case NftKey.ChainKey chain -> structure.remove(chain);
        }
    }

    private void forget(NftKey.SetKey set) {
        if (structure.remove(set) instanceof NftObject.Set(var _, var _, var _, boolean interval) && interval) {
            ends.keySet().removeIf(element -> setOf(element).equals(set));
        }
    }

    private void learn(NftKey key, NftObject object) {
        switch (key) {
            case NftKey.ElementKey element -> {
                if (object instanceof NftObject.Element(Optional<Bytes> last, var _) && last.isPresent()) {
                    ends.put(element, last.get());
                } else {
                    ends.remove(element);
                }
            }
            case NftKey.TableKey _ -> {}
            case NftKey.SetKey _, NftKey.ChainKey _ -> structure.put(key, object);
        }
    }

    /** Whether an existing object would have to be deleted before it can be as wanted. */
    boolean isInTheWay(Delta<NftKey, NftObject> wanted) {
        return wanted.upserts().entrySet().stream().anyMatch(entry -> switch (structure.get(entry.getKey())) {
            case null -> false;
            case NftObject.Set set -> !set.equals(entry.getValue());
            case NftObject.Meter meter -> !meter.equals(entry.getValue());
            case NftObject.Memory memory -> !memory.equals(entry.getValue());
            case NftObject.Chain(Optional<NftHook> hook, var _) ->
                !(entry.getValue() instanceof NftObject.Chain(Optional<NftHook> other, var _)
                        && place(other).equals(place(hook)));
            // In a chain with a rule of somebody else, its own rules are restored in place.
            case NftObject.Foreign _ -> !(entry.getKey() instanceof NftKey.ChainKey);
            case NftObject.Table _, NftObject.Element _ -> false;
        });
    }

    /** A hook without its policy, which can be changed. */
    private static Optional<NftHook> place(Optional<NftHook> hook) {
        return hook.map(present -> new NftHook(present.type(), present.point(), present.priority(), false));
    }

    /** Whether the chain existed when it was last looked at. */
    boolean isThere(NftKey.ChainKey chain) {
        return structure.containsKey(chain);
    }

    /** Whether the element's set, which a change may make, keeps each range in one entry. */
    boolean keepsRangesWhole(NftKey.ElementKey element, Delta<NftKey, NftObject> change) {
        NftKey.SetKey set = setOf(element);
        return Optional.ofNullable(change.upserts().get(set))
                .or(() -> Optional.ofNullable(structure.get(set)))
                .map(type -> type instanceof NftObject.Set of && Ranges.areWhole(of))
                .orElse(false);
    }

    /** Where the interval in the kernel ends; empty if there is none, or if the set holds no intervals. */
    Optional<Bytes> end(NftKey.ElementKey key) {
        return Optional.ofNullable(ends.get(key));
    }

    /** Whether an element to be deleted is an interval that does not exist. */
    boolean isAbsentInterval(NftKey.ElementKey key) {
        return structure.get(setOf(key)) instanceof NftObject.Set(var _, var _, var _, boolean interval)
                && interval
                && !ends.containsKey(key);
    }

    private static NftKey.SetKey setOf(NftKey.ElementKey key) {
        return new NftKey.SetKey(key.family(), key.set());
    }
}
