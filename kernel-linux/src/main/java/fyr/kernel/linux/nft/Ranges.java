package fyr.kernel.linux.nft;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftObject;
import java.util.Optional;

/**
 * What the kernel keeps of ranges. A set with one key field has two entries for each: its first key, and the first one behind it. A set with
 * several fields has one entry with the first key and the last. Keys are unsigned numbers of fixed length.
 */
final class Ranges {

    private Ranges() {}

    /** Whether the set keeps each range in one entry. */
    static boolean areWhole(NftObject.Set set) {
        return set.interval() && set.key().size() > 1;
    }

    /** Whether the set keeps two entries for each range. */
    static boolean areSplit(NftObject.Set set) {
        return set.interval() && set.key().size() == 1;
    }

    /** The next key; empty behind the last one, where an interval needs no end. */
    static Optional<Bytes> after(Bytes key) {
        return step(key, 0xff, 0, 1);
    }

    /** The key before; empty before the first one. */
    static Optional<Bytes> before(Bytes key) {
        return step(key, 0, 0xff, -1);
    }

    /** The last key of this length. */
    static Bytes last(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        return Bytes.of(bytes);
    }

    private static Optional<Bytes> step(Bytes key, int carries, int wrapped, int change) {
        byte[] bytes = key.toArray();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if ((bytes[i] & 0xff) != carries) {
                bytes[i] += (byte) change;
                return Optional.of(Bytes.of(bytes));
            }
            bytes[i] = (byte) wrapped;
        }
        return Optional.empty();
    }
}
