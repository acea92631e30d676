package fyr.kernel.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as it was received.
 *
 * @param sender the port of the socket that caused it, 0 for the kernel itself; the receiver's own in an answer
 * @param payload what follows struct nlmsghdr, little endian, from position 0 to its limit
 */
public record Message(int type, int flags, int sequence, int sender, ByteBuffer payload) {

    /**
     * Reads all messages of a datagram.
     *
     * @throws MalformedMessage if a length does not fit
     */
    public static List<Message> parse(byte[] datagram) {
        ByteBuffer data = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        List<Message> messages = new ArrayList<>();
        for (int at = 0; at + Netlink.NLMSG_HDRLEN <= datagram.length; ) {
            int length = data.getInt(at);
            if (length < Netlink.NLMSG_HDRLEN || length > datagram.length - at) {
                throw new MalformedMessage(
                        "a message at byte " + at + " of " + datagram.length + " claims " + length + " bytes");
            }
            ByteBuffer payload = data.slice(at + Netlink.NLMSG_HDRLEN, length - Netlink.NLMSG_HDRLEN)
                    .order(ByteOrder.LITTLE_ENDIAN);
            messages.add(new Message(
                    data.getShort(at + 4) & 0xffff,
                    data.getShort(at + 6) & 0xffff,
                    data.getInt(at + 8),
                    data.getInt(at + 12),
                    payload));
            at += Netlink.align(length);
        }
        return messages;
    }

    /** A byte of the family's fixed structure. */
    public int u8(int offset) {
        return payload.get(checked(offset, 1)) & 0xff;
    }

    /** Two bytes of the family's fixed structure. */
    public int u16(int offset) {
        return payload.getShort(checked(offset, 2)) & 0xffff;
    }

    /** Four bytes of the family's fixed structure. */
    public int u32(int offset) {
        return payload.getInt(checked(offset, 4));
    }

    /** The attributes behind a fixed structure of this length. */
    public Attributes attributes(int headerLength) {
        int from = Netlink.align(headerLength);
        if (from > payload.limit()) {
            return Attributes.none();
        }
        return Attributes.of(payload.slice(from, payload.limit() - from));
    }

    private int checked(int offset, int length) {
        if (offset + length > payload.limit()) {
            throw new MalformedMessage(
                    "a message of type " + type + " has " + payload.limit() + " bytes, less than " + (offset + length));
        }
        return offset;
    }
}
