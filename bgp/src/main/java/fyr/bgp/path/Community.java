package fyr.bgp.path;

import org.jspecify.annotations.Nullable;

/** A community (RFC 1997), as in {@code 64500:120}. Ordered as an unsigned number. */
public record Community(int value) implements Comparable<Community> {

    /** RFC 8326: the path is about to go away; prefer any other. */
    public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff0000);

    /** RFC 9494: the path was kept beyond the restart time of the peer that announced it; prefer any other. */
    public static final Community LLGR_STALE = new Community(0xffff0006);

    /** RFC 9494: the path is not to be kept beyond the restart time. */
    public static final Community NO_LLGR = new Community(0xffff0007);

    /** RFC 7999: drop packets to this destination. */
    public static final Community BLACKHOLE = new Community(0xffff029a);

    /** RFC 1997: not to be announced outside the autonomous system or its confederation. */
    public static final Community NO_EXPORT = new Community(0xffffff01);

    /** RFC 1997: not to be announced to any peer. */
    public static final Community NO_ADVERTISE = new Community(0xffffff02);

    /** RFC 1997: not to be announced to external peers, members of a confederation included. */
    public static final Community NO_EXPORT_SUBCONFED = new Community(0xffffff03);

    /** The community of an autonomous system; both numbers 0 to 65535. */
    public static Community of(int as, int local) {
        Numbers.check(as, 0xffff, "AS number of a community");
        Numbers.check(local, 0xffff, "value of a community");
        return new Community(as << 16 | local);
    }

    /**
     * Reads {@code AS:VALUE}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Community parse(String text) {
        long[] parts = Numbers.parse(text, 2, 0xffff, "community");
        return of((int) parts[0], (int) parts[1]);
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Community(int otherValue) && value == otherValue;
    }

    @Override
    public int hashCode() {
        return value;
    }

    @Override
    public int compareTo(Community other) {
        return Integer.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return (value >>> 16) + ":" + (value & 0xffff);
    }
}
