package fyr.model.address;

import org.jspecify.annotations.Nullable;

/** An IPv4 address; {@code bits} holds the first octet in its most significant byte. */
public record Ipv4Address(int bits) implements IpAddress {

    /** Reads four bytes in network byte order. */
    static Ipv4Address of(byte[] bytes) {
        return new Ipv4Address(
                (bytes[0] & 255) << 24 | (bytes[1] & 255) << 16 | (bytes[2] & 255) << 8 | bytes[3] & 255);
    }

    /** Reads dotted decimal form: exactly four numbers of 0 to 255 without leading zeros (which others read as octal). */
    public static Ipv4Address parse(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: '" + text + "'");
        }
        int bits = 0;
        for (String octet : octets) {
            bits = bits << 8 | octet(octet, text);
        }
        return new Ipv4Address(bits);
    }

    private static int octet(String octet, String text) {
        boolean wellFormed = !octet.isEmpty()
                && octet.length() <= 3
                && octet.chars().allMatch(c -> c >= '0' && c <= '9')
                && (octet.length() == 1 || octet.charAt(0) != '0');
        int value = wellFormed ? Integer.parseInt(octet) : 256;
        if (value > 255) {
            throw new IllegalArgumentException("not an IPv4 address: '" + text + "'");
        }
        return value;
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ipv4Address(int otherBits) && bits == otherBits;
    }

    @Override
    public int hashCode() {
        return bits;
    }

    @Override
    public Family family() {
        return Family.IPV4;
    }

    @Override
    public byte[] toBytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    @Override
    public boolean bit(int position) {
        return (bits >>> 31 - position & 1) != 0;
    }

    @Override
    public Ipv4Address plus(long offset) {
        return new Ipv4Address((int) (bits + offset));
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
