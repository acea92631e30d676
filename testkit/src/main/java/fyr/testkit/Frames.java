package fyr.testkit;

import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.ByteBuffer;

/**
 * Ethernet frames with which one host configures another: router advertisements, redirects, neighbour discovery and ARP. All are valid for
 * the kernel: right lengths and checksums, and a hop limit of 255 where RFC 4861 requires it.
 */
public final class Frames {

    private static final int ETHERNET = 14;
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int UDP = 17;
    private static final MacAddress BROADCAST = MacAddress.parse("ff:ff:ff:ff:ff:ff");
    private static final MacAddress ALL_NODES = MacAddress.parse("33:33:00:00:00:01");
    private static final IpAddress ALL_NODES_ADDRESS = IpAddress.parse("ff02::1");
    private static final IpAddress ALL_ROUTERS_ADDRESS = IpAddress.parse("ff02::2");

    private Frames() {}

    /** A router advertisement (RFC 4861 section 4.2) with a default route for half an hour, and a prefix to make addresses of. */
    public static byte[] routerAdvertisement(MacAddress sender, IpAddress router, IpAddress prefix) {
        ByteBuffer message = ByteBuffer.allocate(16 + 32 + 8);
        message.putInt(134 << 24)
                .put((byte) 64)
                .put((byte) 0)
                .putShort((short) 1800)
                .putLong(0);
        message.put((byte) 3).put((byte) 4).put((byte) 64).put((byte) 0xc0);
        message.putInt(86400).putInt(14400).putInt(0).put(prefix.toBytes());
        message.put((byte) 1).put((byte) 1).put(sender.toBytes());
        return icmpv6(sender, ALL_NODES, router, ALL_NODES_ADDRESS, message.array());
    }

    /** A router solicitation (RFC 4861 section 4.1). A router remembers its sender. */
    public static byte[] routerSolicitation(MacAddress sender, IpAddress source) {
        ByteBuffer message = ByteBuffer.allocate(16);
        message.putInt(133 << 24).putInt(0).put((byte) 1).put((byte) 1).put(sender.toBytes());
        return icmpv6(sender, ALL_NODES, source, ALL_ROUTERS_ADDRESS, message.array());
    }

    /** A neighbour solicitation (RFC 4861 section 4.3). The target remembers its sender. */
    public static byte[] neighbourSolicitation(MacAddress sender, IpAddress source, IpAddress target) {
        ByteBuffer message = ByteBuffer.allocate(32);
        message.putInt(135 << 24).putInt(0).put(target.toBytes());
        message.put((byte) 1).put((byte) 1).put(sender.toBytes());
        return icmpv6(sender, ALL_NODES, source, ALL_NODES_ADDRESS, message.array());
    }

    /** An unsolicited neighbour advertisement with the override flag (RFC 4861 section 4.4). */
    public static byte[] neighbourAdvertisement(MacAddress sender, IpAddress address) {
        ByteBuffer message = ByteBuffer.allocate(32);
        message.putInt(136 << 24).putInt(0x20000000).put(address.toBytes());
        message.put((byte) 2).put((byte) 1).put(sender.toBytes());
        return icmpv6(sender, ALL_NODES, address, ALL_NODES_ADDRESS, message.array());
    }

    /** An ICMPv6 redirect (RFC 4861 section 4.5): the path to a destination goes through another neighbour. */
    public static byte[] redirectIpv6(
            MacAddress sender, MacAddress to, IpAddress router, IpAddress victim, IpAddress gateway, IpAddress where) {
        byte[] packet = ipv6(victim, where, UDP, 64, new byte[8]);
        ByteBuffer message = ByteBuffer.allocate(40 + 8 + packet.length);
        message.putInt(137 << 24).putInt(0).put(gateway.toBytes()).put(where.toBytes());
        message.put((byte) 4)
                .put((byte) (1 + packet.length / 8))
                .putShort((short) 0)
                .putInt(0)
                .put(packet);
        return icmpv6(sender, to, router, victim, message.array());
    }

    /** An ICMP redirect for a host (RFC 792): the path to a destination goes through another gateway. */
    public static byte[] redirectIpv4(
            MacAddress sender, MacAddress to, IpAddress router, IpAddress victim, IpAddress gateway, IpAddress where) {
        byte[] packet = ipv4(victim, where, UDP, new byte[8]);
        ByteBuffer message = ByteBuffer.allocate(8 + packet.length);
        message.put((byte) 5)
                .put((byte) 1)
                .putShort((short) 0)
                .put(gateway.toBytes())
                .put(packet);
        message.putShort(2, checksum(message.array(), 0));
        return ethernet(sender, to, IPV4, ipv4(router, victim, ICMP, message.array()));
    }

    /** An ARP request (RFC 826). The target remembers its sender. */
    public static byte[] arpRequest(MacAddress sender, IpAddress source, IpAddress target) {
        return arp(1, sender, source, target);
    }

    /** An unsolicited ARP reply. */
    public static byte[] arpReply(MacAddress sender, IpAddress address) {
        return arp(2, sender, address, address);
    }

    private static byte[] arp(int operation, MacAddress sender, IpAddress source, IpAddress target) {
        ByteBuffer message = ByteBuffer.allocate(28);
        message.putShort((short) 1).putShort((short) IPV4).put((byte) 6).put((byte) 4);
        message.putShort((short) operation).put(sender.toBytes()).put(source.toBytes());
        message.put(new byte[6]).put(target.toBytes());
        return ethernet(sender, BROADCAST, ARP, message.array());
    }

    private static byte[] icmpv6(
            MacAddress sender, MacAddress to, IpAddress source, IpAddress destination, byte[] message) {
        ByteBuffer pseudo = ByteBuffer.allocate(40 + message.length);
        pseudo.put(source.toBytes())
                .put(destination.toBytes())
                .putInt(message.length)
                .putInt(ICMPV6)
                .put(message);
        ByteBuffer.wrap(message).putShort(2, checksum(pseudo.array(), 0));
        return ethernet(sender, to, IPV6, ipv6(source, destination, ICMPV6, 255, message));
    }

    private static byte[] ipv6(IpAddress source, IpAddress destination, int protocol, int hops, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
        packet.putInt(0x60000000)
                .putShort((short) payload.length)
                .put((byte) protocol)
                .put((byte) hops);
        return packet.put(source.toBytes())
                .put(destination.toBytes())
                .put(payload)
                .array();
    }

    private static byte[] ipv4(IpAddress source, IpAddress destination, int protocol, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
        packet.putShort((short) 0x4500).putShort((short) (20 + payload.length)).putInt(0);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.put(source.toBytes()).put(destination.toBytes());
        packet.putShort(10, checksum(packet.array(), payload.length));
        return packet.put(payload).array();
    }

    /** The Internet checksum (RFC 1071) of everything except so many bytes at the end. */
    private static short checksum(byte[] bytes, int without) {
        int sum = 0;
        for (int i = 0; i < bytes.length - without; i++) {
            sum += (bytes[i] & 255) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static byte[] ethernet(MacAddress from, MacAddress to, int type, byte[] payload) {
        return ByteBuffer.allocate(ETHERNET + payload.length)
                .put(to.toBytes())
                .put(from.toBytes())
                .putShort((short) type)
                .put(payload)
                .array();
    }
}
