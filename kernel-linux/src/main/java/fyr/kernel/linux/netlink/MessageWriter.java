package fyr.kernel.linux.netlink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes one netlink message, or several after one another, with code in the same structure: lengths and padding cannot be forgotten.
 * Numbers are in host order, which is little endian on every machine Fyr runs on, or in network order for {@code be...}.
 *
 * <p>A message begins with {@link #message}; fixed structures follow by the {@code put...} methods, then attributes. Not for use by several
 * threads.
 */
public final class MessageWriter {

    private byte[] bytes = new byte[256];
    private int length;
    private int start = -1;

    /** A writer with nothing in it. */
    public MessageWriter() {}

    /** A writer that has begun a message. The sequence number is filled in by the socket that sends it. */
    public static MessageWriter of(int type, int flags) {
        return new MessageWriter().message(type, flags, 0);
    }

    /** Ends the message being written, if any, and begins one with struct nlmsghdr. */
    public MessageWriter message(int type, int flags, int sequence) {
        finish();
        start = length;
        return put32(0).put16(type).put16(flags).put32(sequence).put32(0);
    }

    /** One byte of a fixed structure. */
    public MessageWriter put8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Two bytes of a fixed structure. */
    public MessageWriter put16(int value) {
        room(2);
        bytes[length] = (byte) value;
        bytes[length + 1] = (byte) (value >> 8);
        length += 2;
        return this;
    }

    /** Four bytes of a fixed structure. */
    public MessageWriter put32(int value) {
        room(4);
        for (int i = 0; i < 4; i++) {
            bytes[length++] = (byte) (value >> 8 * i);
        }
        return this;
    }

    /** Four bytes of a fixed structure in network order. */
    public MessageWriter putBe32(int value) {
        return put32(Integer.reverseBytes(value));
    }

    /** Two bytes of a fixed structure in network order. */
    public MessageWriter putBe16(int value) {
        return put8(value >> 8).put8(value);
    }

    /** Bytes of a fixed structure. */
    public MessageWriter put(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** An attribute of one byte. */
    public MessageWriter u8(int type, int value) {
        return attribute(type, 1).put8(value).pad();
    }

    /** An attribute of two bytes. */
    public MessageWriter u16(int type, int value) {
        return attribute(type, 2).put16(value).pad();
    }

    /** An attribute of four bytes. */
    public MessageWriter u32(int type, int value) {
        return attribute(type, 4).put32(value);
    }

    /** An attribute of two bytes in network order. */
    public MessageWriter be16(int type, int value) {
        return attribute(type, 2).putBe16(value).pad();
    }

    /** An attribute of four bytes in network order. */
    public MessageWriter be32(int type, int value) {
        return attribute(type, 4).putBe32(value);
    }

    /** An attribute of eight bytes, the highest first. */
    public MessageWriter be64(int type, long value) {
        return attribute(type, 8).putBe32((int) (value >>> 32)).putBe32((int) value);
    }

    /** An attribute of any bytes. */
    public MessageWriter bytes(int type, byte[] value) {
        return attribute(type, value.length).put(value).pad();
    }

    /** A text with the zero byte that the kernel expects behind it. */
    public MessageWriter string(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return bytes(type, Arrays.copyOf(text, text.length + 1));
    }

    /** An attribute made of attributes (NLA_F_NESTED). */
    public MessageWriter nested(int type, Consumer<MessageWriter> content) {
        int from = length;
        attribute(type | Netlink.NLA_F_NESTED, 0);
        content.accept(this);
        int size = length - from;
        requireShort(type, size);
        bytes[from] = (byte) size;
        bytes[from + 1] = (byte) (size >> 8);
        return this;
    }

    /** An attribute made of one attribute of any bytes: the same as nesting that one, but without a function for each of many. */
    public MessageWriter nested(int type, int inner, byte[] value) {
        int padded = value.length + 3 & ~3;
        return attribute(type | Netlink.NLA_F_NESTED, Netlink.NLA_HDRLEN + padded)
                .bytes(inner, value);
    }

    /** Everything written so far, the last message ended. */
    public byte[] toBytes() {
        finish();
        return Arrays.copyOf(bytes, length);
    }

    private MessageWriter attribute(int type, int size) {
        requireShort(type, size + Netlink.NLA_HDRLEN);
        return put32(size + Netlink.NLA_HDRLEN | type << 16);
    }

    private static void requireShort(int type, int size) {
        if (size > 0xffff) {
            throw new IllegalArgumentException(
                    "attribute " + (type & Netlink.NLA_TYPE_MASK) + " has " + size + " bytes, more than 65535");
        }
    }

    private MessageWriter pad() {
        while (length % 4 != 0) {
            put8(0);
        }
        return this;
    }

    private void finish() {
        if (start >= 0) {
            pad();
            int size = length - start;
            for (int i = 0; i < 4; i++) {
                bytes[start + i] = (byte) (size >> 8 * i);
            }
        }
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
