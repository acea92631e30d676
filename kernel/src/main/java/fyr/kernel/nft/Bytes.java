package fyr.kernel.nft;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable sequence of bytes as they stand in registers and in set elements. Ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {

    private static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;

    /** Zero until it is needed. */
    private int hash;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** No bytes. */
    public static Bytes none() {
        return NONE;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte... bytes) {
        return new Bytes(bytes.clone());
    }

    /** A 32-bit number in network byte order. */
    public static Bytes u32(int value) {
        return new Bytes(new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /** A 16-bit number in network byte order. */
    public static Bytes u16(int value) {
        return new Bytes(new byte[] {(byte) (value >>> 8), (byte) value});
    }

    /** A 32-bit number in the machine's byte order, as nf_tables keeps marks and generated numbers. All supported machines are little-endian. */
    public static Bytes host32(int value) {
        return new Bytes(new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)});
    }

    /** A single byte. */
    public static Bytes u8(int value) {
        return new Bytes(new byte[] {(byte) value});
    }

    /** The parts one after the other, each padded with zeros to a multiple of four bytes, as concatenated fields are kept in registers. */
    public static Bytes concatenate(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length += part.bytes.length + 3 & ~3;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.bytes, 0, joined, at, part.bytes.length);
            at += part.bytes.length + 3 & ~3;
        }
        return new Bytes(joined);
    }

    /** These bytes, padded to a multiple of four, and then a number in the machine's byte order. */
    public Bytes andHost32(int value) {
        int at = bytes.length + 3 & ~3;
        byte[] joined = Arrays.copyOf(bytes, at + Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            joined[at + i] = (byte) (value >>> Byte.SIZE * i);
        }
        return new Bytes(joined);
    }

    /** How many bytes. */
    public int length() {
        return bytes.length;
    }

    /** The bytes from one position up to another, not included. */
    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /** A copy. */
    public byte[] toArray() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    /** Not {@link Arrays#hashCode(byte[])}: addresses that follow each other would share a hash by dozens (one up, the next 31 down). */
    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = bytes.length;
            for (byte each : bytes) {
                known = (known ^ each & 0xff) * 0x01000193; // FNV-1a
            }
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
