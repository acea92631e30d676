package fyr.model.address;

/**
 * An address of one of the two families. Ordered: all of IPv4 before all of IPv6, each as unsigned numbers.
 * Immutable; safe on any thread.
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

    /** The family of this address. */
    Family family();

    /** The address in network byte order, 4 or 16 bytes; a new array each time. */
    byte[] toBytes();

    /** Whether the bit at this position is set; bit 0 is the most significant one. */
    boolean bit(int position);

    /** This address plus an offset, wrapping around at the end of the family. */
    IpAddress plus(long offset);

    /** Reads an address in textual form (RFC 4291 section 2.2 for IPv6), without zone or brackets. */
    static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
    }

    /** Reads 4 or 16 bytes in network byte order. */
    static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> Ipv4Address.of(bytes);
            case 16 -> Ipv6Address.of(bytes);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    @Override
    default int compareTo(IpAddress other) {
        return switch (this) {
            case Ipv4Address(int a) -> other instanceof Ipv4Address(int b) ? Integer.compareUnsigned(a, b) : -1;
            case Ipv6Address mine -> other instanceof Ipv6Address theirs ? mine.compareBits(theirs) : 1;
        };
    }
}
