package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.*;

import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Virtual servers as messages of netlink. */
final class VirtualServerMessages {

    /**
     * A virtual server as the kernel has it.
     *
     * @param marked whether it is ours
     */
    record Found(VirtualServerKey key, boolean marked, VirtualServer server) {}

    private VirtualServerMessages() {}

    static MessageWriter list(int family) {
        return start(family, IPVS_CMD_GET_SERVICE);
    }

    static MessageWriter get(int family, VirtualServerKey key) {
        return named(family, IPVS_CMD_GET_SERVICE, key);
    }

    static MessageWriter delete(int family, VirtualServerKey key) {
        return named(family, IPVS_CMD_DEL_SERVICE, key);
    }

    /** IPVS_CMD_NEW_SERVICE or IPVS_CMD_SET_SERVICE, which need the same. */
    static MessageWriter put(int family, int command, VirtualServerKey key, VirtualServer.Balanced server) {
        return start(family, command).nested(IPVS_CMD_ATTR_SERVICE, service -> {
            name(service, key);
            service.string(IPVS_SVC_ATTR_SCHED_NAME, server.scheduler().word())
                    .bytes(IPVS_SVC_ATTR_FLAGS, flags(flags(server)))
                    .u32(IPVS_SVC_ATTR_TIMEOUT, server.affinity().orElse(0))
                    .u32(IPVS_SVC_ATTR_NETMASK, eachAddress(key.address().family()));
        });
    }

    static MessageWriter start(int family, int command) {
        return MessageWriter.of(family, 0).put8(command).put8(IPVS_GENL_VERSION).put16(0);
    }

    private static MessageWriter named(int family, int command, VirtualServerKey key) {
        return start(family, command).nested(IPVS_CMD_ATTR_SERVICE, service -> name(service, key));
    }

    static void name(MessageWriter service, VirtualServerKey key) {
        service.u16(IPVS_SVC_ATTR_AF, number(key.address().family()))
                .u16(IPVS_SVC_ATTR_PROTOCOL, key.protocol().number())
                .bytes(IPVS_SVC_ATTR_ADDR, bytes(key.address()))
                .be16(IPVS_SVC_ATTR_PORT, key.port());
    }

    /** Every client by itself: the mask of IPv4 in network order, the length of the prefix for IPv6 (do_ip_vs_set_ctl and libipvs). */
    private static int eachAddress(Family family) {
        return switch (family) {
            case IPV4 -> -1;
            case IPV6 -> Family.IPV6.bits();
        };
    }

    private static int flags(VirtualServer.Balanced server) {
        return VirtualServer.MARK
                | (server.affinity().isPresent() ? IP_VS_SVC_F_PERSISTENT : 0)
                | ofScheduler(server.scheduler());
    }

    private static int ofScheduler(Scheduler scheduler) {
        return scheduler == Scheduler.MH ? IP_VS_SVC_F_SCHED_MH_PORT : 0;
    }

    /** struct ip_vs_flags: the bits, and which of them are set. That it is in the hash table is the kernel's own bit. */
    private static byte[] flags(int flags) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) (flags >> 8 * i);
            bytes[4 + i] = (byte) (~IP_VS_SVC_F_HASHED >> 8 * i);
        }
        return bytes;
    }

    static int number(Family family) {
        return switch (family) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
        };
    }

    static byte[] bytes(IpAddress address) {
        return Arrays.copyOf(address.toBytes(), ADDRESS_BYTES);
    }

    /** A virtual server; empty for one that is known by a mark of packets and not by an address. */
    static Optional<Found> read(Message message) {
        Attributes service = message.attributes(GENL_HDRLEN).nested(IPVS_CMD_ATTR_SERVICE);
        return key(service).map(key -> {
            int flags = service.get(IPVS_SVC_ATTR_FLAGS).map(Attribute::u32).orElse(0);
            boolean marked = (flags & VirtualServer.MARKED) == VirtualServer.MARK;
            return new Found(key, marked, server(service, key, flags & ~IP_VS_SVC_F_HASHED));
        });
    }

    private static Optional<VirtualServerKey> key(Attributes service) {
        int family = service.get(IPVS_SVC_ATTR_AF).map(Attribute::u16).orElse(0);
        int number = service.get(IPVS_SVC_ATTR_PROTOCOL).map(Attribute::u16).orElse(0);
        Optional<Protocol> protocol = Arrays.stream(Protocol.values())
                .filter(one -> one.number() == number)
                .findFirst();
        Optional<IpAddress> address = address(service, IPVS_SVC_ATTR_ADDR, family);
        return protocol.flatMap(of -> address.map(at ->
                new VirtualServerKey(of, at, service.be16(IPVS_SVC_ATTR_PORT).orElse(0))));
    }

    static Optional<IpAddress> address(Attributes attributes, int type, int family) {
        int length = family == AF_INET ? Family.IPV4.bytes() : family == AF_INET6 ? Family.IPV6.bytes() : 0;
        return attributes
                .bytes(type)
                .filter(bytes -> length > 0 && bytes.length >= length)
                .map(bytes -> IpAddress.of(Arrays.copyOf(bytes, length)));
    }

    private static VirtualServer server(Attributes service, VirtualServerKey key, int flags) {
        String scheduler = service.string(IPVS_SVC_ATTR_SCHED_NAME).orElse("none");
        int timeout = service.u32(IPVS_SVC_ATTR_TIMEOUT).orElse(0);
        boolean persistent = (flags & IP_VS_SVC_F_PERSISTENT) != 0;
        boolean plain = service.u32(IPVS_SVC_ATTR_NETMASK).orElse(0)
                        == eachAddress(key.address().family())
                && !service.has(IPVS_SVC_ATTR_PE_NAME)
                && (!persistent || timeout > 0);
        Optional<VirtualServer.Balanced> balanced = Scheduler.of(scheduler)
                .filter(_ -> plain)
                .map(known ->
                        new VirtualServer.Balanced(known, persistent ? OptionalInt.of(timeout) : OptionalInt.empty()));
        return balanced.filter(server -> flags(server) == flags)
                .<VirtualServer>map(server -> server)
                .orElseGet(() -> new VirtualServer.Foreign(
                        "scheduler " + scheduler + " flags 0x" + Integer.toHexString(flags) + " timeout " + timeout));
    }
}
