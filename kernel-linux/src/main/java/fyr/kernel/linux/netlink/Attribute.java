package fyr.kernel.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One attribute. Every reading method throws {@link MalformedMessage} if there are too few bytes.
 *
 * @param type without the flags NLA_F_NESTED and NLA_F_NET_BYTEORDER
 * @param data little endian; shared with the message, never written
 */
public record Attribute(int type, ByteBuffer data) {

    /** An unsigned byte. */
    public int u8() {
        return checked(1).get(0) & 0xff;
    }

    /** An unsigned number of two bytes. */
    public int u16() {
        return checked(2).getShort(0) & 0xffff;
    }

    /** A number of four bytes, signed or unsigned as its meaning demands. */
    public int u32() {
        return checked(4).getInt(0);
    }

    /** One of an array of numbers of four bytes. */
    public int u32At(int index) {
        return checked((index + 1) * Integer.BYTES).getInt(index * Integer.BYTES);
    }

    /** An unsigned number of two bytes in network order. */
    public int be16() {
        return Short.reverseBytes((short) u16()) & 0xffff;
    }

    /** A number of four bytes in network order. */
    public int be32() {
        return Integer.reverseBytes(u32());
    }

    /** Eight bytes in network order. */
    public long be64() {
        checked(Long.BYTES);
        return data.duplicate().order(ByteOrder.BIG_ENDIAN).getLong(0);
    }

    /** All bytes, a new array each time. */
    public byte[] bytes() {
        byte[] bytes = new byte[data.limit()];
        data.get(0, bytes);
        return bytes;
    }

    /** The text up to the first zero byte, or all of it. */
    public String string() {
        int end = 0;
        while (end < data.limit() && data.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end];
        data.get(0, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The attributes in this one. */
    public Attributes nested() {
        return Attributes.of(data.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    private ByteBuffer checked(int length) {
        if (data.limit() < length) {
            throw new MalformedMessage("attribute " + type + " has " + data.limit() + " bytes, less than " + length);
        }
        return data;
    }
}
