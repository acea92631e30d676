package fyr.bgp.message;

import fyr.bgp.path.Octets;
import java.util.Arrays;

/** Bytes that are being written. It grows as needed, and is used again. */
final class Output {

    private byte[] bytes = new byte[512];
    private int at;

    /** Forgets everything behind this position. */
    void back(int position) {
        at = position;
    }

    int position() {
        return at;
    }

    byte[] bytes() {
        return bytes;
    }

    void u8(int value) {
        ensure(1);
        bytes[at++] = (byte) value;
    }

    void u16(int value) {
        ensure(2);
        bytes[at++] = (byte) (value >>> 8);
        bytes[at++] = (byte) value;
    }

    void u32(int value) {
        ensure(4);
        bytes[at++] = (byte) (value >>> 24);
        bytes[at++] = (byte) (value >>> 16);
        bytes[at++] = (byte) (value >>> 8);
        bytes[at++] = (byte) value;
    }

    void u64(long value) {
        u32((int) (value >>> 32));
        u32((int) value);
    }

    void octets(Octets octets) {
        ensure(octets.length());
        octets.copyTo(bytes, at);
        at += octets.length();
    }

    void all(byte[] from, int start, int end) {
        ensure(end - start);
        System.arraycopy(from, start, bytes, at, end - start);
        at += end - start;
    }

    /** Skips this many bytes, to be written later. */
    void skip(int count) {
        ensure(count);
        at += count;
    }

    void u8At(int position, int value) {
        bytes[position] = (byte) value;
    }

    void u16At(int position, int value) {
        bytes[position] = (byte) (value >>> 8);
        bytes[position + 1] = (byte) value;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, at);
    }

    void ensure(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + more, bytes.length * 2));
        }
    }
}
