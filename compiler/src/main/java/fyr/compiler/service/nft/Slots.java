package fyr.compiler.service.nft;

import fyr.compiler.service.Backend;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which endpoint is in which slot: N endpoints have the slots 0 to N - 1, one each. The assignment is a function of the set of endpoints, so
 * it does not depend on history, and one endpoint more or less changes about 1.5 ln N slots (11 of 1,000, 15 of 10,000).
 *
 * <p>Each endpoint prefers the slots in a random order of its own, and they choose in the order of a hash. So an endpoint that is gone is
 * missed only by one that preferred its slot, whose slot is then taken by another one, and so on. The order of preference is made from a
 * sequence of hashes, each reduced to the number of slots by linear hashing (Litwin, VLDB 1980): one slot more changes few of these
 * numbers, whereas a modulus would change nearly all.
 */
final class Slots {

    /** So many preferences are random; who finds no free slot there takes the next one that is free. */
    private static final int PREFERENCES = 512;

    /** The lower bits of a sort key hold an index. */
    private static final long INDEX = (1L << 20) - 1;

    private static final int NOBODY = -1;

    private final int[] owners;
    private final int mask;

    private Slots(int slots) {
        owners = new int[slots];
        Arrays.fill(owners, NOBODY);
        mask = Math.max(1, Integer.highestOneBit(slots - 1) << 1) - 1;
    }

    /** The endpoint of each slot. The endpoints are at least one, each once, in any order; those beyond the largest tier get no slot. */
    static List<Backend> of(List<Backend> backends) {
        List<Backend> all = backends.size() > ServiceTier.LARGEST
                ? backends.stream().sorted().limit(ServiceTier.LARGEST).toList()
                : backends;
        Slots slots = new Slots(all.size());
        Backend[] ordered = inOrderOfChoice(all);
        for (int i = 0; i < ordered.length; i++) {
            slots.owners[slots.choice(hash(ordered[i]))] = i;
        }
        return IntStream.of(slots.owners).mapToObj(owner -> ordered[owner]).toList();
    }

    /** Sorted by hash. Where the hashes of two endpoints begin alike, their own order decides. */
    private static Backend[] inOrderOfChoice(List<Backend> backends) {
        long[] keys = new long[backends.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = mixed(hash(backends.get(i)) + 1) & ~INDEX | i;
        }
        Arrays.sort(keys);
        Backend[] ordered = new Backend[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ordered[i] = backends.get((int) (keys[i] & INDEX));
        }
        int from = 0;
        for (int to = 1; to <= keys.length; to++) {
            if (to == keys.length || (keys[to] & ~INDEX) != (keys[from] & ~INDEX)) {
                Arrays.sort(ordered, from, to);
                from = to;
            }
        }
        return ordered;
    }

    private int choice(long first) {
        long hash = first;
        for (int preference = 0; preference < PREFERENCES; preference++) {
            hash = mixed(hash);
            if (owners[within(hash)] == NOBODY) {
                return within(hash);
            }
        }
        int slot = within(hash);
        while (owners[slot] != NOBODY) {
            slot = slot + 1 == owners.length ? 0 : slot + 1;
        }
        return slot;
    }

    private int within(long hash) {
        int slot = (int) hash & mask;
        return slot < owners.length ? slot : slot & mask >> 1;
    }

    private static long hash(Backend backend) {
        return switch (backend.address()) {
            case Ipv4Address(int bits) -> mixed((long) bits << 16 | backend.port());
            case Ipv6Address(long high, long low) -> mixed(mixed(mixed(high) + low) + backend.port());
        };
    }

    /** One step of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mixed(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
