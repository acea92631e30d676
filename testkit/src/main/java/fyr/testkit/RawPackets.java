package fyr.testkit;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.ByteBuffer;

/**
 * Packets as bytes, with any address that a test needs: RFC 791, RFC 8200, RFC 768, RFC 792, RFC 4443, RFC 9293, RFC 7348, RFC 826, RFC
 * 4861.
 */
public final class RawPackets {

    /** Of the overlay: "Fyr". */
    public static final int VNI = 0x467972;

    private static final int SOURCE_PORT = 40404;
    private static final int SYN = 0x5002; // five words of header
    private static final int HOPS = 255;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private RawPackets() {}

    /** A UDP datagram of eight bytes or the first segment of a TCP connection. */
    public static byte[] ip(IpAddress source, IpAddress destination, Protocol protocol, int port) {
        ByteBuffer transport;
        int checksumAt;
        if (protocol == Protocol.TCP) {
            transport = ByteBuffer.allocate(20).putShort(12, (short) SYN).putShort(14, (short) 0xffff);
            checksumAt = 16;
        } else {
            transport = ByteBuffer.allocate(16).putShort(4, (short) 16);
            checksumAt = 6;
        }
        transport.putShort(0, (short) SOURCE_PORT).putShort(2, (short) port);
        return ip(source, destination, protocol.number(), transport.array(), checksumAt);
    }

    /** Neighbour discovery with a target and the sender's Ethernet address (option 1 or 2). */
    public static byte[] neighbourDiscovery(
            int type, IpAddress source, IpAddress destination, IpAddress target, MacAddress mac) {
        byte[] message = ByteBuffer.allocate(32)
                .put(0, (byte) type)
                .putInt(4, type == 136 ? 0x60000000 : 0)
                .put(8, target.toBytes())
                .put(24, (byte) (type == 136 ? 2 : 1))
                .put(25, (byte) 1)
                .put(26, mac.toBytes())
                .array();
        return ip(source, destination, ICMPV6, message, 2);
    }

    /** An echo reply (RFC 792, RFC 4443 section 4.2). */
    public static byte[] echoReply(IpAddress source, IpAddress destination) {
        return icmp(source, destination, source.family() == Family.IPV4 ? 0 : 0x8100, 0, new byte[8]);
    }

    /** The error that a packet, whose beginning is given, is larger than {@code mtu} bytes (RFC 1191 section 4, RFC 4443 section 3.2). */
    public static byte[] tooBig(IpAddress source, IpAddress destination, int mtu, byte[] packet) {
        return icmp(source, destination, source.family() == Family.IPV4 ? 0x0304 : 0x0200, mtu, packet);
    }

    private static byte[] icmp(IpAddress source, IpAddress destination, int typeAndCode, int parameter, byte[] data) {
        byte[] message = ByteBuffer.allocate(8 + data.length)
                .putShort((short) typeAndCode)
                .putShort((short) 0)
                .putInt(parameter)
                .put(data)
                .array();
        if (source.family() == Family.IPV4) {
            ByteBuffer.wrap(message).putShort(2, checksum(message));
            return ipv4(source, destination, ICMP, message);
        }
        return ip(source, destination, ICMPV6, message, 2);
    }

    private static byte[] ip(IpAddress source, IpAddress destination, int protocol, byte[] payload, int checksumAt) {
        ByteBuffer pseudo = ByteBuffer.allocate(2 * source.family().bytes() + 4 + payload.length + 1);
        pseudo.put(source.toBytes()).put(destination.toBytes());
        pseudo.putShort((short) protocol).putShort((short) payload.length).put(payload);
        byte[] summed = payload.clone();
        ByteBuffer.wrap(summed).putShort(checksumAt, checksum(pseudo.array()));
        return source.family() == Family.IPV4
                ? ipv4(source, destination, protocol, summed)
                : ByteBuffer.allocate(40 + summed.length)
                        .putInt(0x60000000)
                        .putShort((short) summed.length)
                        .put((byte) protocol)
                        .put((byte) HOPS)
                        .put(source.toBytes())
                        .put(destination.toBytes())
                        .put(summed)
                        .array();
    }

    private static byte[] ipv4(IpAddress source, IpAddress destination, int protocol, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length)
                .putShort((short) 0x4500)
                .putShort((short) (20 + payload.length))
                .putInt(0)
                .put((byte) HOPS)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(source.toBytes())
                .put(destination.toBytes());
        packet.putShort(
                10, checksum(ByteBuffer.allocate(20).put(packet.array(), 0, 20).array()));
        return packet.put(payload).array();
    }

    /** RFC 1071, of an even number of bytes or with a zero appended. */
    private static short checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i + 1 < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
        }
        while (sum > 0xffff) {
            sum = (sum >> 16) + (sum & 0xffff);
        }
        return (short) ~sum;
    }

    /** ARP: 1 is a request, 2 a reply. */
    public static byte[] arp(int operation, MacAddress mac, IpAddress sender, IpAddress target) {
        return ByteBuffer.allocate(28)
                .putLong(0x0001_0800_0604_0000L | operation)
                .put(mac.toBytes())
                .put(sender.toBytes())
                .put(new byte[6])
                .put(target.toBytes())
                .array();
    }

    /** A frame. */
    public static byte[] ethernet(MacAddress to, MacAddress from, int type, byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length)
                .put(to.toBytes())
                .put(from.toBytes())
                .putShort((short) type)
                .put(payload)
                .array();
    }

    /** The type of frames with packets of a family. */
    public static int etherType(Family family) {
        return family == Family.IPV4 ? 0x0800 : 0x86dd;
    }

    /** What goes into a datagram to the tunnel's port. */
    public static byte[] vxlan(int vni, byte[] frame) {
        return ByteBuffer.allocate(8 + frame.length)
                .putInt(0x08000000)
                .putInt(vni << 8)
                .put(frame)
                .array();
    }
}
