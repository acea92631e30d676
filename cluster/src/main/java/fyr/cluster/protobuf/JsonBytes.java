package fyr.cluster.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON in the making. */
final class JsonBytes {

    private static final int USUAL = 4 << 10;
    private static final int MOST_KEPT = 1 << 20;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[USUAL];
    private int length;
    private boolean comma;

    /** Begins anew. */
    void clear() {
        drain();
        comma = false;
    }

    /** Continues without the bytes that were taken. */
    void drain() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[USUAL]; // one huge object must not occupy memory for ever
        }
    }

    int length() {
        return length;
    }

    void copyTo(int from, byte[] target, int offset, int count) {
        System.arraycopy(bytes, from, target, offset, count);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    JsonBytes open(char bracket) {
        separate();
        append(bracket);
        comma = false;
        return this;
    }

    JsonBytes close(char bracket) {
        append(bracket);
        comma = true;
        return this;
    }

    JsonBytes name(String name) {
        text(name);
        append(':');
        comma = false;
        return this;
    }

    void literal(String word) {
        separate();
        for (int i = 0; i < word.length(); i++) {
            append(word.charAt(i));
        }
        comma = true;
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        text(utf8, 0, utf8.length);
    }

    /** UTF-8; invalid bytes become U+FFFD, as in the JSON of an API server. */
    void text(byte[] utf8, int from, int to) {
        for (int i = from; i < to; i++) {
            if (utf8[i] < 0) {
                byte[] valid =
                        new String(utf8, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
                quoted(valid, 0, valid.length);
                return;
            }
        }
        quoted(utf8, from, to);
    }

    private void quoted(byte[] utf8, int from, int to) {
        separate();
        append('"');
        for (int i = from; i < to; i++) {
            byte next = utf8[i];
            if (next >= 0 && next < ' ') {
                escaped(next);
            } else {
                if (next == '"' || next == '\\') {
                    append('\\');
                }
                append((char) (next & 255));
            }
        }
        append('"');
        comma = true;
    }

    private void escaped(byte control) {
        append('\\');
        append('u');
        append('0');
        append('0');
        append((char) HEX[control >> 4]);
        append((char) HEX[control & 15]);
    }

    /** A whole value, as it is. */
    void raw(byte[] json) {
        separate();
        reserve(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        comma = true;
    }

    private void separate() {
        if (comma) {
            append(',');
        }
    }

    private void append(char one) {
        reserve(1);
        bytes[length++] = (byte) one;
    }

    private void reserve(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
