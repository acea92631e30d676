package fyr.bgp.path;

import fyr.model.address.Ipv4Address;
import org.jspecify.annotations.Nullable;

/**
 * An extended community (RFC 4360): eight octets, the first in the most significant byte. Its text is {@code rt AS:VALUE} or
 * {@code soo AS:VALUE} for route targets and sites of origin, and hexadecimal for others. Ordered as an unsigned number.
 */
public record ExtendedCommunity(long value) implements Comparable<ExtendedCommunity> {

    private static final int TWO_OCTET_AS = 0;
    private static final int ADDRESS = 1;
    private static final int FOUR_OCTET_AS = 2;
    private static final int ROUTE_TARGET = 2;
    private static final int SITE_OF_ORIGIN = 3;

    /** The route target of an autonomous system; its number has 16 bits and the value 32, or the reverse (RFC 4360, 5668). */
    public static ExtendedCommunity routeTarget(long as, long local) {
        return ofAs(ROUTE_TARGET, as, local);
    }

    /** The site of origin in an autonomous system; ranges as of {@link #routeTarget}. */
    public static ExtendedCommunity siteOfOrigin(long as, long local) {
        return ofAs(SITE_OF_ORIGIN, as, local);
    }

    /** A route target that an address names, and a value of 0 to 65535. */
    public static ExtendedCommunity routeTarget(Ipv4Address address, int local) {
        Numbers.check(local, 0xffff, "value of an extended community");
        return new ExtendedCommunity(head(ADDRESS, ROUTE_TARGET) | (address.bits() & 0xffffffffL) << 16 | local);
    }

    private static ExtendedCommunity ofAs(int subtype, long as, long local) {
        Numbers.check(as, 0xffffffffL, "AS number of an extended community");
        Numbers.check(local, as > 0xffff ? 0xffff : 0xffffffffL, "value of an extended community");
        return as > 0xffff
                ? new ExtendedCommunity(head(FOUR_OCTET_AS, subtype) | as << 16 | local)
                : new ExtendedCommunity(head(TWO_OCTET_AS, subtype) | as << 32 | local);
    }

    private static long head(int type, int subtype) {
        return (long) type << 56 | (long) subtype << 48;
    }

    /** The first octet, 0 to 255. */
    public int type() {
        return (int) (value >>> 56);
    }

    /** The second octet, 0 to 255; without meaning for types that have none. */
    public int subtype() {
        return (int) (value >>> 48) & 255;
    }

    /** Whether the community is passed on to other autonomous systems. */
    public boolean isTransitive() {
        return (type() & 0x40) == 0;
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExtendedCommunity(long otherValue) && value == otherValue;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public int compareTo(ExtendedCommunity other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        boolean named = subtype() == ROUTE_TARGET || subtype() == SITE_OF_ORIGIN;
        String name = subtype() == ROUTE_TARGET ? "rt " : "soo ";
        return switch (named ? type() : -1) {
            case TWO_OCTET_AS -> name + (value >>> 32 & 0xffff) + ":" + (value & 0xffffffffL);
            case ADDRESS -> name + new Ipv4Address((int) (value >>> 16)) + ":" + (value & 0xffff);
            case FOUR_OCTET_AS -> name + (value >>> 16 & 0xffffffffL) + ":" + (value & 0xffff);
            default -> "0x%016x".formatted(value);
        };
    }
}
