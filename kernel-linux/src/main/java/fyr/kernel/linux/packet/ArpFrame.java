package fyr.kernel.linux.packet;

import fyr.model.address.Ipv4Address;
import fyr.model.address.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An ARP message about IPv4 addresses of Ethernet neighbours, in its frame (RFC 826).
 *
 * @param destination of the frame
 * @param operation 1 asks, 2 answers
 */
public record ArpFrame(
        MacAddress destination,
        int operation,
        MacAddress senderMac,
        Ipv4Address sender,
        MacAddress targetMac,
        Ipv4Address target) {

    static final int REQUEST = 1;
    static final int REPLY = 2;

    private static final int LENGTH = 42;
    private static final MacAddress BROADCAST = MacAddress.of(new byte[] {-1, -1, -1, -1, -1, -1});
    private static final MacAddress UNKNOWN = MacAddress.of(new byte[PacketSocket.MAC]);

    /** Reads a frame; empty if it is none of these. */
    public static Optional<ArpFrame> read(byte[] frame) {
        if (frame.length < LENGTH) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        boolean plain = (bytes.getShort(12) & 0xffff) == PacketSocket.ETH_P_ARP
                && bytes.getInt(14) == 0x0001_0800
                && bytes.getShort(18) == 0x0604;
        int operation = bytes.getShort(20);
        MacAddress sender = mac(frame, 22);
        if (!plain || (operation != REQUEST && operation != REPLY) || (frame[22] & 1) != 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ArpFrame(mac(frame, 0), operation, sender, ipv4(frame, 28), mac(frame, 32), ipv4(frame, 38)));
    }

    private static MacAddress mac(byte[] frame, int at) {
        return MacAddress.of(Arrays.copyOfRange(frame, at, at + PacketSocket.MAC));
    }

    private static Ipv4Address ipv4(byte[] frame, int at) {
        return new Ipv4Address(ByteBuffer.wrap(frame).getInt(at));
    }

    /** A question for everyone on the link. */
    public static ArpFrame request(MacAddress senderMac, Ipv4Address sender, Ipv4Address target) {
        return new ArpFrame(BROADCAST, REQUEST, senderMac, sender, UNKNOWN, target);
    }

    /** The answer to this question: the target is at this address. */
    ArpFrame answer(MacAddress mac) {
        return new ArpFrame(senderMac, REPLY, mac, target, senderMac, sender);
    }

    /** Tells everyone on the link where an address is now; some listen to requests and others to replies (RFC 5227 section 3). */
    static ArpFrame announcement(MacAddress mac, Ipv4Address address, int operation) {
        return new ArpFrame(BROADCAST, operation, mac, address, operation == REPLY ? mac : UNKNOWN, address);
    }

    /** The frame. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .put(destination.toBytes())
                .put(senderMac.toBytes())
                .putShort((short) PacketSocket.ETH_P_ARP)
                .putInt(0x0001_0800)
                .putShort((short) 0x0604)
                .putShort((short) operation)
                .put(senderMac.toBytes())
                .put(sender.toBytes())
                .put(targetMac.toBytes())
                .put(target.toBytes())
                .array();
    }
}
