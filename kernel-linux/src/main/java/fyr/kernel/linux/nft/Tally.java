package fyr.kernel.linux.nft;

import fyr.kernel.nft.NftKey;
import org.jspecify.annotations.Nullable;

/** How many elements there were, and a sum over them by which two collections can be compared, whatever their order. */
final class Tally {

    private int elements;
    private long sum;

    void add(NftKey.ElementKey element) {
        elements++;
        sum += mixed(element);
    }

    /** FNV-1a over the bytes, then mixed (the finalizer of MurmurHash3): sums of different elements meet once in 2^64. */
    private static long mixed(NftKey.ElementKey element) {
        long hash = 0xcbf29ce484222325L;
        for (byte part : element.key().toArray()) {
            hash = (hash ^ part) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tally that && elements == that.elements && sum == that.sum;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sum);
    }
}
