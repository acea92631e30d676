package fyr.kernel.linux.nft;

import fyr.kernel.nft.Bytes;
import java.util.Optional;

/** Keys of interval sets as unsigned numbers of fixed length. The kernel keeps the first key of an interval and the first one behind it. */
final class Intervals {

    private Intervals() {}

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
