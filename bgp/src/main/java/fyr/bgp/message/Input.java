package fyr.bgp.message;

import fyr.bgp.path.Octets;

/** Reads numbers from a part of an OPEN. What ends too early is an unspecific error of the OPEN. */
final class Input {

    private final byte[] bytes;
    private final int end;
    private int at;

    Input(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int remaining() {
        return end - at;
    }

    int u8() {
        require(1);
        return bytes[at++] & 255;
    }

    int u16() {
        require(2);
        at += 2;
        return (bytes[at - 2] & 255) << 8 | bytes[at - 1] & 255;
    }

    int s32() {
        return u16() << 16 | u16();
    }

    long u32() {
        return s32() & 0xffffffffL;
    }

    Octets rest() {
        Octets rest = Octets.of(bytes, at, end);
        at = end;
        return rest;
    }

    /** The next bytes, which are skipped here. */
    Input part(int length) {
        require(length);
        at += length;
        return new Input(bytes, at - length, at);
    }

    /** What comes next, without moving on. */
    int peek() {
        require(1);
        return bytes[at] & 255;
    }

    private void require(int length) {
        if (remaining() < length) {
            throw NotificationException.of(ErrorCode.OPEN, ErrorCode.UNSPECIFIC, Octets.EMPTY, "OPEN ends too early");
        }
    }
}
