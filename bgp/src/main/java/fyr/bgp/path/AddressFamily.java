package fyr.bgp.path;

import fyr.model.address.Family;
import org.jspecify.annotations.Nullable;

/**
 * A kind of destination (RFC 4760 section 3). Any pair of numbers may be told by a peer; routes are exchanged for {@link #IPV4} and
 * {@link #IPV6}. Ordered by AFI, then SAFI.
 *
 * @param afi address family identifier, 0 to 65535
 * @param safi subsequent address family identifier, 0 to 255
 */
public record AddressFamily(int afi, int safi) implements Comparable<AddressFamily> {

    /** IPv4 unicast. */
    public static final AddressFamily IPV4 = new AddressFamily(1, 1);

    /** IPv6 unicast. */
    public static final AddressFamily IPV6 = new AddressFamily(2, 1);

    public AddressFamily {
        if (afi < 0 || afi > 0xffff || safi < 0 || safi > 0xff) {
            throw new IllegalArgumentException("no address family: AFI " + afi + ", SAFI " + safi);
        }
    }

    /** The family with these numbers; the instance is {@link #IPV4} or {@link #IPV6} for theirs. */
    public static AddressFamily of(int afi, int safi) {
        if (safi == 1 && (afi == 1 || afi == 2)) {
            return afi == 1 ? IPV4 : IPV6;
        }
        return new AddressFamily(afi, safi);
    }

    /** The unicast routes of a family of the Internet Protocol. */
    public static AddressFamily of(Family family) {
        return switch (family) {
            case IPV4 -> IPV4;
            case IPV6 -> IPV6;
        };
    }

    /** Whether routes of this family can be exchanged. */
    public boolean isSupported() {
        return equals(IPV4) || equals(IPV6);
    }

    /**
     * The family of the addresses in prefixes.
     *
     * @throws IllegalStateException if this family is not supported
     */
    public Family addresses() {
        if (!isSupported()) {
            throw new IllegalStateException(this + " is not supported");
        }
        return afi == 1 ? Family.IPV4 : Family.IPV6;
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressFamily(int otherAfi, int otherSafi) && afi == otherAfi && safi == otherSafi;
    }

    @Override
    public int hashCode() {
        return afi << 8 | safi;
    }

    @Override
    public int compareTo(AddressFamily other) {
        return Integer.compare(hashCode(), other.hashCode());
    }

    @Override
    public String toString() {
        return equals(IPV4) ? "ipv4" : equals(IPV6) ? "ipv6" : "afi " + afi + " safi " + safi;
    }
}
