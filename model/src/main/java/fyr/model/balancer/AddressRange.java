package fyr.model.balancer;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import fyr.model.address.SpecialAddresses;

/** Consecutive addresses of one family, both ends included. */
public record AddressRange(IpAddress first, IpAddress last) implements Comparable<AddressRange> {

    public AddressRange {
        if (first.family() != last.family()) {
            throw new IllegalArgumentException(first + " and " + last + " are of different families");
        }
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException(first + " comes after " + last);
        }
    }

    /** All addresses of a block. */
    public static AddressRange of(Prefix block) {
        return new AddressRange(block.address(), block.last());
    }

    /**
     * Reads {@code ADDRESS/LENGTH} or {@code ADDRESS-ADDRESS}, as in an IPAddressPool of MetalLB.
     *
     * @throws IllegalArgumentException if it is neither, or contains addresses that no machine can have
     */
    public static AddressRange parse(String text) {
        String clean = text.strip();
        int dash = clean.indexOf('-');
        if (dash < 0 && clean.indexOf('/') < 0) {
            throw new IllegalArgumentException(
                    "neither a block nor a range: '" + text + "'; a single address needs /32 or /128");
        }
        AddressRange range = dash < 0
                ? of(Prefix.parse(clean))
                : new AddressRange(
                        IpAddress.parse(clean.substring(0, dash).strip()),
                        IpAddress.parse(clean.substring(dash + 1).strip()));
        range.requireOrdinary();
        return range;
    }

    /** Special blocks are aligned, so it is enough to ask about the ends and about blocks between them. */
    private void requireOrdinary() {
        for (Prefix special : SpecialAddresses.blocks()) {
            if (overlaps(of(special))) {
                throw new IllegalArgumentException(
                        this + " contains addresses of " + special + ", which no machine can have");
            }
        }
    }

    /** The family of its addresses. */
    public Family family() {
        return first.family();
    }

    /** Whether the address lies in this range. */
    public boolean contains(IpAddress address) {
        return address.family() == family() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** Whether the ranges have an address in common. */
    public boolean overlaps(AddressRange other) {
        return other.family() == family() && first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** The number of its addresses, at most {@link Long#MAX_VALUE}. */
    public long size() {
        return switch (first) {
            case Ipv4Address(int from) ->
                last instanceof Ipv4Address(int to) ? Integer.toUnsignedLong(to) - Integer.toUnsignedLong(from) + 1 : 0;
            case Ipv6Address(long fromHigh, long fromLow) ->
                last instanceof Ipv6Address(long toHigh, long toLow)
                        ? size(toHigh - fromHigh, toLow - fromLow, toLow, fromLow)
                        : 0;
        };
    }

    private static long size(long high, long low, long toLow, long fromLow) {
        boolean borrow = Long.compareUnsigned(toLow, fromLow) < 0;
        boolean small = (borrow ? high - 1 : high) == 0 && low >= 0 && low != Long.MAX_VALUE;
        return small ? low + 1 : Long.MAX_VALUE;
    }

    @Override
    public int compareTo(AddressRange other) {
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : last.compareTo(other.last);
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
