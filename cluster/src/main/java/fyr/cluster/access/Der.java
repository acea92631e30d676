package fyr.cluster.access;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The few bits of the distinguished encoding rules (X.690) that wrapping a private key in PKCS#8 (RFC 5208) takes. */
final class Der {

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = bytes("020100");

    private Der() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** PrivateKeyInfo { version 0, algorithm, key }. */
    static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return sequence(VERSION, algorithm, element(OCTETS, key));
    }

    static byte[] sequence(byte[]... elements) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] element : elements) {
            content.writeBytes(element);
        }
        return element(SEQUENCE, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 128) {
            element.write(content.length);
        } else {
            element.write(0x82); // two bytes of length follow: no key is longer than 65,535 bytes
            element.write(content.length >>> 8);
            element.write(content.length);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }

    /** What is inside the outermost element. */
    static byte[] content(byte[] element) {
        int header = header(element, 0);
        return Arrays.copyOfRange(element, header, header + length(element, 0));
    }

    /** The content of the first of these consecutive elements that has this tag. */
    static Optional<byte[]> find(byte[] elements, int tag) {
        int position = 0;
        while (position < elements.length) {
            int start = position + header(elements, position);
            int length = length(elements, position);
            if ((elements[position] & 255) == tag) {
                return Optional.of(Arrays.copyOfRange(elements, start, start + length));
            }
            position = start + length;
        }
        return Optional.empty();
    }

    private static int header(byte[] bytes, int position) {
        int first = bytes[position + 1] & 255;
        return first < 128 ? 2 : 2 + (first & 127);
    }

    private static int length(byte[] bytes, int position) {
        int first = bytes[position + 1] & 255;
        if (first < 128) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 127); i++) {
            length = length << 8 | bytes[position + 2 + i] & 255;
        }
        if (length < 0 || length > bytes.length) {
            throw new IndexOutOfBoundsException(length);
        }
        return length;
    }
}
