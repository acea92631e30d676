package fyr.bgp.path;

import org.jspecify.annotations.Nullable;

/** A large community (RFC 8092), as in {@code 64500:1:2}: three unsigned 32-bit numbers. Ordered by them. */
public record LargeCommunity(int global, int local1, int local2) implements Comparable<LargeCommunity> {

    /** The community of an autonomous system; all numbers 0 to 4294967295. */
    public static LargeCommunity of(long global, long local1, long local2) {
        Numbers.check(global, 0xffffffffL, "AS number of a large community");
        Numbers.check(local1, 0xffffffffL, "value of a large community");
        Numbers.check(local2, 0xffffffffL, "value of a large community");
        return new LargeCommunity((int) global, (int) local1, (int) local2);
    }

    /**
     * Reads {@code AS:VALUE:VALUE}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static LargeCommunity parse(String text) {
        long[] parts = Numbers.parse(text, 3, 0xffffffffL, "large community");
        return of(parts[0], parts[1], parts[2]);
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LargeCommunity(int otherGlobal, int other1, int other2)
                && global == otherGlobal
                && local1 == other1
                && local2 == other2;
    }

    @Override
    public int hashCode() {
        return (31 * global + local1) * 31 + local2;
    }

    @Override
    public int compareTo(LargeCommunity other) {
        int byGlobal = Integer.compareUnsigned(global, other.global);
        int byFirst = byGlobal != 0 ? byGlobal : Integer.compareUnsigned(local1, other.local1);
        return byFirst != 0 ? byFirst : Integer.compareUnsigned(local2, other.local2);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(global) + ":" + Integer.toUnsignedString(local1) + ":"
                + Integer.toUnsignedString(local2);
    }
}
