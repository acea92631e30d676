package fyr.model.address;

import java.util.HexFormat;

/** A 48-bit Ethernet address in the lower bits of {@code bits}. */
public record MacAddress(long bits) implements Comparable<MacAddress> {

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
        }
    }

    /** Reads six bytes. */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != 6) {
            throw new IllegalArgumentException("an Ethernet address has 6 bytes, not " + bytes.length);
        }
        long bits = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 255;
        }
        return new MacAddress(bits);
    }

    /** Reads {@code 02:00:5e:10:00:01}. */
    public static MacAddress parse(String text) {
        try {
            return of(HexFormat.ofDelimiter(":").parseHex(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an Ethernet address: '" + text + "'", e);
        }
    }

    /** A locally administered unicast address with these lower 46 bits (IEEE 802: second-least bit of the first octet set, least clear). */
    public static MacAddress local(long seed) {
        return new MacAddress(seed & 0xfcff_ffff_ffffL | 0x0200_0000_0000L);
    }

    /** Six bytes in transmission order. */
    public byte[] toBytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (bits >>> 40 - 8 * i);
        }
        return bytes;
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
