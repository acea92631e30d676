package fyr.kernel.linux.packet;

import fyr.model.address.Ipv6Address;
import fyr.model.address.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A neighbour solicitation or advertisement, in its frame (RFC 4861 sections 4.3 and 4.4).
 *
 * @param destination of the frame
 * @param type 135 asks, 136 answers
 * @param flags of an advertisement: router, solicited, override
 * @param mac in the option that belongs to the type; that of the frame's sender if there is none
 */
public record NeighbourFrame(
        MacAddress destination,
        MacAddress source,
        Ipv6Address sender,
        Ipv6Address receiver,
        int type,
        int flags,
        Ipv6Address target,
        MacAddress mac) {

    static final int SOLICITATION = 135;
    static final int ADVERTISEMENT = 136;
    static final int SOLICITED = 0x4000_0000;
    static final int OVERRIDE = 0x2000_0000;

    private static final int ETHERNET = 14;
    private static final int IPV6 = 40;
    private static final int MESSAGE = ETHERNET + IPV6;
    private static final int BODY = 24;
    private static final int OPTION = 8;
    private static final int LENGTH = MESSAGE + BODY + OPTION;
    private static final int ICMPV6 = 58;
    private static final int SOURCE_OPTION = 1;
    private static final int TARGET_OPTION = 2;
    private static final Ipv6Address UNSPECIFIED = Ipv6Address.parse("::");
    private static final Ipv6Address ALL_NODES = Ipv6Address.parse("ff02::1");
    private static final Ipv6Address SOLICITED_NODE = Ipv6Address.parse("ff02::1:ff00:0");

    /** Reads a frame; empty if it is none of these, or does not pass the checks of RFC 4861 section 7.1. */
    public static Optional<NeighbourFrame> read(byte[] frame) {
        if (frame.length < MESSAGE + BODY) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int length = bytes.getShort(ETHERNET + 4) & 0xffff;
        int type = frame[MESSAGE] & 0xff;
        boolean plain = (bytes.getShort(12) & 0xffff) == PacketSocket.ETH_P_IPV6
                && (frame[ETHERNET] & 0xf0) == 0x60
                && frame[ETHERNET + 6] == ICMPV6
                && (frame[ETHERNET + 7] & 0xff) == 255
                && (type == SOLICITATION || type == ADVERTISEMENT)
                && frame[MESSAGE + 1] == 0
                && length >= BODY
                && MESSAGE + length <= frame.length;
        if (!plain || checksum(frame, length) != 0 || (frame[MESSAGE + 8] & 0xff) == 0xff || (frame[6] & 1) != 0) {
            return Optional.empty();
        }
        int wanted = type == SOLICITATION ? SOURCE_OPTION : TARGET_OPTION;
        return options(frame, MESSAGE + BODY, MESSAGE + length, wanted)
                .map(mac -> new NeighbourFrame(
                        mac(frame, 0),
                        mac(frame, 6),
                        ipv6(frame, ETHERNET + 8),
                        ipv6(frame, ETHERNET + 24),
                        type,
                        bytes.getInt(MESSAGE + 4),
                        ipv6(frame, MESSAGE + 8),
                        mac));
    }

    /** The link-layer address among the options, or that of the frame; empty if an option has no length. */
    private static Optional<MacAddress> options(byte[] frame, int from, int to, int wanted) {
        MacAddress mac = mac(frame, 6);
        for (int at = from; at + 2 <= to; ) {
            int length = (frame[at + 1] & 0xff) * OPTION;
            if (length == 0 || at + length > to) {
                return Optional.empty();
            }
            if ((frame[at] & 0xff) == wanted && (frame[at + 2] & 1) == 0) {
                mac = mac(frame, at + 2);
            }
            at += length;
        }
        return Optional.of(mac);
    }

    private static MacAddress mac(byte[] frame, int at) {
        return MacAddress.of(Arrays.copyOfRange(frame, at, at + PacketSocket.MAC));
    }

    private static Ipv6Address ipv6(byte[] frame, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        return new Ipv6Address(bytes.getLong(at), bytes.getLong(at + 8));
    }

    /** The group in which the owner of an address is asked. */
    static Ipv6Address group(Ipv6Address address) {
        return new Ipv6Address(SOLICITED_NODE.high(), SOLICITED_NODE.low() | address.low() & 0xff_ffff);
    }

    /** A question for the owner of an address. */
    public static NeighbourFrame solicitation(MacAddress mac, Ipv6Address sender, Ipv6Address target) {
        Ipv6Address group = group(target);
        return new NeighbourFrame(multicast(group), mac, sender, group, SOLICITATION, 0, target, mac);
    }

    /** The answer to this question. Whoever only checks whether the address is free has no address yet, and hears it as one of all nodes. */
    NeighbourFrame answer(MacAddress own) {
        if (sender.equals(UNSPECIFIED)) {
            return announcement(own, target);
        }
        return new NeighbourFrame(mac, own, target, sender, ADVERTISEMENT, SOLICITED | OVERRIDE, target, own);
    }

    /** Tells all nodes of the link where an address is now (RFC 4861 section 7.2.6). */
    static NeighbourFrame announcement(MacAddress mac, Ipv6Address address) {
        return new NeighbourFrame(multicast(ALL_NODES), mac, address, ALL_NODES, ADVERTISEMENT, OVERRIDE, address, mac);
    }

    /** Of an IPv6 group (RFC 2464 section 7). */
    private static MacAddress multicast(Ipv6Address group) {
        byte[] bytes = group.toBytes();
        return MacAddress.of(new byte[] {0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]});
    }

    /** The frame. */
    public byte[] bytes() {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH)
                .put(destination.toBytes())
                .put(source.toBytes())
                .putShort((short) PacketSocket.ETH_P_IPV6)
                .putInt(0x6000_0000)
                .putShort((short) (BODY + OPTION))
                .put((byte) ICMPV6)
                .put((byte) 255)
                .put(sender.toBytes())
                .put(receiver.toBytes())
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(flags)
                .put(target.toBytes())
                .put((byte) (type == SOLICITATION ? SOURCE_OPTION : TARGET_OPTION))
                .put((byte) 1)
                .put(mac.toBytes());
        return frame.putShort(MESSAGE + 2, (short) checksum(frame.array(), BODY + OPTION))
                .array();
    }

    /** Of the message with its pseudo-header (RFC 4443 section 2.3); zero for a message that has the right one. */
    private static int checksum(byte[] frame, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        long sum = length + ICMPV6;
        for (int at = ETHERNET + 8; at < ETHERNET + IPV6; at += 2) {
            sum += bytes.getShort(at) & 0xffff;
        }
        for (int at = MESSAGE; at < MESSAGE + length; at += 2) {
            sum += at + 1 < MESSAGE + length ? bytes.getShort(at) & 0xffff : (frame[at] & 0xff) << 8;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) (~sum & 0xffff);
    }
}
