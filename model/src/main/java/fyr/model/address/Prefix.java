package fyr.model.address;

/**
 * A block of addresses, as in {@code 10.244.1.0/24}. {@code address} is its first one: bits beyond {@code length} are zero.
 *
 * @param length 0 to 32 or 0 to 128
 */
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {

    public Prefix {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0.."
                    + address.family().bits());
        }
        if (!sameBits(address, address, length)) {
            throw new IllegalArgumentException(address + "/" + length + " has bits set beyond its length");
        }
    }

    /** The block of this length that contains the address. */
    public static Prefix containing(IpAddress address, int length) {
        return switch (address) {
            case Ipv4Address(int bits) ->
                new Prefix(new Ipv4Address(length == 0 ? 0 : bits & -1 << 32 - length), length);
            case Ipv6Address(long high, long low) ->
                new Prefix(
                        new Ipv6Address(masked(high, Math.min(length, 64)), masked(low, Math.max(length - 64, 0))),
                        length);
        };
    }

    private static long masked(long bits, int length) {
        return length == 0 ? 0 : bits & -1L << 64 - length;
    }

    /** Whether an address, without its bits beyond the length, is the other one. It makes no object, because it is called very often. */
    private static boolean sameBits(IpAddress address, IpAddress first, int length) {
        return switch (address) {
            case Ipv4Address(int bits) ->
                first instanceof Ipv4Address(int wanted) && (length == 0 ? 0 : bits & -1 << 32 - length) == wanted;
            case Ipv6Address(long high, long low) ->
                first instanceof Ipv6Address(long wantedHigh, long wantedLow)
                        && masked(high, Math.min(length, 64)) == wantedHigh
                        && masked(low, Math.max(length - 64, 0)) == wantedLow;
        };
    }

    /** The block that contains only this address. */
    public static Prefix single(IpAddress address) {
        return new Prefix(address, address.family().bits());
    }

    /** The block of all addresses of a family. */
    public static Prefix all(Family family) {
        return switch (family) {
            case IPV4 -> new Prefix(new Ipv4Address(0), 0);
            case IPV6 -> new Prefix(new Ipv6Address(0, 0), 0);
        };
    }

    /** Reads {@code address/length}. Bits beyond the length are cleared, as Kubernetes and the kernel do. */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a prefix, the length is missing: '" + text + "'");
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not a prefix length: '" + text + "'");
        }
        int length = Integer.parseInt(digits);
        if (length > address.family().bits()) {
            throw new IllegalArgumentException("prefix length of '" + text + "' is above "
                    + address.family().bits());
        }
        return containing(address, length);
    }

    /** The family of this block. */
    public Family family() {
        return address.family();
    }

    /** Whether the address lies in this block; never across families. */
    public boolean contains(IpAddress other) {
        return sameBits(other, address, length);
    }

    /** Whether the other block lies entirely in this one. */
    public boolean contains(Prefix other) {
        return other.length >= length && contains(other.address);
    }

    /** Whether the blocks have any address in common. */
    public boolean overlaps(Prefix other) {
        return contains(other) || other.contains(this);
    }

    /** The last address of this block. */
    public IpAddress last() {
        return switch (address) {
            case Ipv4Address(int bits) -> new Ipv4Address(length == 32 ? bits : bits | -1 >>> length);
            case Ipv6Address(long high, long low) ->
                new Ipv6Address(
                        length >= 64 ? high : high | -1L >>> length,
                        length == 128 ? low : length <= 64 ? -1L : low | -1L >>> length - 64);
        };
    }

    @Override
    public int compareTo(Prefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
