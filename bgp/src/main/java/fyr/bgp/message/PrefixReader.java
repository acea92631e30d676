package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.PathPrefixes;

/** Reads the prefixes of one family (RFC 4271 section 4.3, RFC 7911 section 3). Bits beyond the length of a prefix have no meaning and are cleared. */
final class PrefixReader {

    /** What {@link #count} returns for bytes that are no prefixes. */
    static final int MALFORMED = -1;

    private PrefixReader() {}

    /** How many prefixes of at most so many bits there are; {@link #MALFORMED} as RFC 7606 section 5.3 defines it. */
    static int count(byte[] bytes, int from, int end, int bits, boolean withIds) {
        int head = withIds ? 4 : 0;
        int count = 0;
        int at = from;
        while (at < end) {
            at += head;
            if (at >= end) {
                return MALFORMED;
            }
            int length = bytes[at] & 255;
            at += 1 + (length + 7 >> 3);
            if (length > bits || at > end) {
                return MALFORMED;
            }
            count++;
        }
        return count;
    }

    /** Reads what {@link #count} has counted. */
    static PathPrefixes read(byte[] bytes, int from, int count, AddressFamily family, boolean withIds) {
        PathPrefixes.Builder prefixes = new PathPrefixes.Builder(family, count);
        boolean four = family.equals(AddressFamily.IPV4);
        int at = from;
        for (int i = 0; i < count; i++) {
            int id = 0;
            if (withIds) {
                id = (int) bits(bytes, at, 4);
                at += 4;
            }
            int length = bytes[at++] & 255;
            int size = length + 7 >> 3;
            long high = bits(bytes, at, Math.min(size, 8)) << 64 - 8 * Math.min(size, 8);
            if (four || length <= 64) {
                prefixes.add(size == 0 ? 0 : high & -1L << 64 - length, 0, length, id);
            } else {
                long low = bits(bytes, at + 8, size - 8) << 128 - 8 * size;
                prefixes.add(high, low & -1L << 128 - length, length, id);
            }
            at += size;
        }
        return prefixes.build();
    }

    private static long bits(byte[] bytes, int at, int size) {
        long bits = 0;
        for (int i = at; i < at + size; i++) {
            bits = bits << 8 | bytes[i] & 255;
        }
        return bits;
    }
}
