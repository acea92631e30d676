package fyr.compiler.masquerade;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prefixes as elements of an interval set, whose elements must not overlap: of nested prefixes only the outermost is an element. Two
 * prefixes are either nested or disjoint, so the elements depend only on the prefixes, and adding or removing a prefix changes only what it
 * contains.
 *
 * @param set the name of the set
 * @param counts how often each prefix was added
 * @param objects the elements, and whatever else is stored with them
 */
record Blocks(String set, PrefixMap<Integer> counts, PersistentMap<NftKey, NftObject> objects) {

    Blocks add(Prefix prefix) {
        int times = counts.get(prefix).orElse(0);
        PersistentMap<NftKey, NftObject> next = objects;
        if (times == 0 && !isCovered(prefix)) {
            for (Prefix inner : outermostWithin(prefix)) {
                next = next.without(key(inner));
            }
            next = next.with(key(prefix), element(prefix));
        }
        return new Blocks(set, counts.with(prefix, times + 1), next);
    }

    /** Removes a prefix that was added before. */
    Blocks remove(Prefix prefix) {
        int times = counts.get(prefix).orElseThrow();
        if (times > 1) {
            return new Blocks(set, counts.with(prefix, times - 1), objects);
        }
        Blocks rest = new Blocks(set, counts.without(prefix), objects);
        PersistentMap<NftKey, NftObject> next = objects;
        if (!rest.isCovered(prefix)) {
            next = next.without(key(prefix));
            for (Prefix inner : rest.outermostWithin(prefix)) {
                next = next.with(key(inner), element(inner));
            }
        }
        return new Blocks(set, rest.counts, next);
    }

    /** Whether another prefix contains this one. */
    private boolean isCovered(Prefix prefix) {
        return counts.firstOverlapping(prefix)
                .filter(first ->
                        !first.getKey().equals(prefix) && first.getKey().contains(prefix))
                .isPresent();
    }

    private List<Prefix> outermostWithin(Prefix prefix) {
        List<Prefix> outermost = new ArrayList<>();
        counts.overlapping(prefix).forEach(inner -> {
            if (outermost.isEmpty() || !outermost.getLast().contains(inner.getKey())) {
                outermost.add(inner.getKey());
            }
        });
        return outermost;
    }

    private NftKey key(Prefix prefix) {
        return new NftKey.ElementKey(prefix.family(), set, bytes(prefix.address()));
    }

    private static NftObject element(Prefix prefix) {
        return new NftObject.Element(Optional.of(bytes(prefix.last())), new NftData.None());
    }

    private static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
