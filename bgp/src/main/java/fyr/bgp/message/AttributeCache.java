package fyr.bgp.message;

import fyr.bgp.path.PathAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sets of attributes by the bytes that they were read from. Peers send the same ones again and again. Each set has one place, which the next one
 * with that place takes over, so there are never more than {@link #PLACES}.
 */
final class AttributeCache {

    static final int PLACES = 1024;

    /** Longer ones are rare, and the memory is bounded without them. */
    static final int LONGEST = 512;

    private final byte[][] keys = new byte[PLACES][];
    private final int[] hashes = new int[PLACES];
    private final @Nullable PathAttributes[] values = new PathAttributes[PLACES];

    static int hash(byte[] bytes, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    private static int place(int hash) {
        return (hash ^ hash >>> 10 ^ hash >>> 20) & PLACES - 1;
    }

    @Nullable
    PathAttributes find(byte[] bytes, int length, int hash) {
        int place = place(hash);
        PathAttributes value = values[place];
        boolean same = value != null
                && hashes[place] == hash
                && Arrays.equals(keys[place], 0, keys[place].length, bytes, 0, length);
        return same ? value : null;
    }

    void put(byte[] bytes, int length, int hash, PathAttributes value) {
        if (length <= LONGEST) {
            int place = place(hash);
            keys[place] = Arrays.copyOf(bytes, length);
            hashes[place] = hash;
            values[place] = value;
        }
    }
}
