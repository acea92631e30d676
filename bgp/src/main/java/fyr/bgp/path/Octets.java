package fyr.bgp.path;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes as a value. Immutable; safe on any thread. */
public final class Octets {

    /** No bytes. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** A copy of the bytes from {@code from} to before {@code to}. */
    public static Octets of(byte[] bytes, int from, int to) {
        return from == to ? EMPTY : new Octets(Arrays.copyOfRange(bytes, from, to));
    }

    /** Reads hexadecimal digits, two for each byte; blanks between them are skipped. */
    public static Octets ofHex(String text) {
        return of(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    /** How many bytes these are. */
    public int length() {
        return bytes.length;
    }

    /** The unsigned byte at this position. */
    public int at(int position) {
        return bytes[position] & 255;
    }

    /** The bytes; a new array each time. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Copies all bytes into the array at a position. */
    public void copyTo(byte[] target, int position) {
        System.arraycopy(bytes, 0, target, position, bytes.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
