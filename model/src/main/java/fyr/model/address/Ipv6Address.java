package fyr.model.address;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An IPv6 address as its upper and lower 64 bits. Its text is the canonical form of RFC 5952. */
public record Ipv6Address(long high, long low) implements IpAddress {

    /** Reads sixteen bytes in network byte order. */
    static Ipv6Address of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Ipv6Address(buffer.getLong(), buffer.getLong());
    }

    /** Reads any textual form of RFC 4291 section 2.2, an embedded IPv4 address included; no zone. */
    public static Ipv6Address parse(String text) {
        return Ipv6Text.parse(text);
    }

    /** The 16-bit group at this position, 0 to 7 from the left. */
    int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> 48 - 16 * (index & 3)) & 0xffff;
    }

    int compareBits(Ipv6Address other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ipv6Address(long otherHigh, long otherLow) && low == otherLow && high == otherHigh;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    @Override
    public Family family() {
        return Family.IPV6;
    }

    @Override
    public byte[] toBytes() {
        byte[] bytes = new byte[16];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (high >>> 56 - Byte.SIZE * i);
            bytes[Long.BYTES + i] = (byte) (low >>> 56 - Byte.SIZE * i);
        }
        return bytes;
    }

    @Override
    public boolean bit(int position) {
        long half = position < 64 ? high : low;
        return (half >>> 63 - (position & 63) & 1) != 0;
    }

    @Override
    public Ipv6Address plus(long offset) {
        long sum = low + offset;
        boolean carried = offset >= 0 && Long.compareUnsigned(sum, low) < 0;
        boolean borrowed = offset < 0 && Long.compareUnsigned(sum, low) > 0;
        return new Ipv6Address(high + (carried ? 1 : borrowed ? -1 : 0), sum);
    }

    @Override
    public String toString() {
        return Ipv6Text.format(this);
    }
}
