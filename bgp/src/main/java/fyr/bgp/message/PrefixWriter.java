package fyr.bgp.message;

import fyr.bgp.path.PathPrefixes;

/** Writes prefixes (RFC 4271 section 4.3, RFC 7911 section 3). */
final class PrefixWriter {

    /** The most bytes that one prefix takes: identifier, length, address. */
    static final int LARGEST = 4 + 1 + 16;

    private PrefixWriter() {}

    /** Writes prefixes from a position in the list on, as long as the output stays within {@code limit} bytes; returns the position of the first that was not written. */
    static int write(PathPrefixes prefixes, int from, boolean withIds, Output out, int limit) {
        int head = withIds ? 5 : 1;
        int index = from;
        while (index < prefixes.size()) {
            int length = prefixes.length(index);
            int size = length + 7 >> 3;
            if (out.position() + head + size > limit) {
                break;
            }
            if (withIds) {
                out.u32(prefixes.id(index));
            }
            out.u8(length);
            bits(prefixes.high(index), Math.min(size, 8), out);
            if (size > 8) {
                bits(prefixes.low(index), size - 8, out);
            }
            index++;
        }
        return index;
    }

    private static void bits(long bits, int size, Output out) {
        out.ensure(8);
        byte[] bytes = out.bytes();
        int at = out.position();
        for (int i = 0; i < size; i++) {
            bytes[at + i] = (byte) (bits >>> 56 - 8 * i);
        }
        out.back(at + size);
    }
}
