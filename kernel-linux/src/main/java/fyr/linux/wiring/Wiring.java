package fyr.linux.wiring;

import static fyr.linux.netlink.Netlink.NETLINK_ROUTE;
import static fyr.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.linux.netlink.Netlink.NLM_F_REPLACE;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.linux.namespace.NetworkNamespace;
import fyr.linux.netlink.MessageWriter;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Sets a network namespace up, step by step. Every step fails with {@link KernelException} if what it makes exists. For platform threads,
 * one at a time. The constants are those of include/uapi/linux/rtnetlink.h, if_link.h and if_addr.h.
 */
public final class Wiring implements AutoCloseable {

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_NEWROUTE = 24;
    private static final int IFF_UP = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_BR_FORWARD_DELAY = 1;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_GATEWAY = 5;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RTPROT_STATIC = 4;
    private static final int RTN_UNICAST = 1;

    private final NetworkNamespace namespace;
    private final NetlinkSocket socket;

    private Wiring(NetworkNamespace namespace, NetlinkSocket socket) {
        this.namespace = namespace;
        this.socket = socket;
    }

    /** Begins in a namespace, which stays the caller's to close. */
    public static Wiring in(NetworkNamespace namespace) {
        try {
            return new Wiring(namespace, namespace.call(() -> NetlinkSocket.open(NETLINK_ROUTE)));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Writes settings, by their path below {@code /proc/sys}; a path that this kernel does not have is passed over. */
    public Wiring settings(Map<String, String> values) {
        namespace.run(() -> values.forEach((path, value) -> {
            Path file = Path.of("/proc/sys", path);
            try {
                if (Files.exists(file)) {
                    Files.writeString(file, value);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot write " + file, failure);
            }
        }));
        return this;
    }

    /** A bridge that forwards at once and to all ports (no spanning tree, no multicast snooping); it is up. */
    public Wiring bridge(String name) {
        MessageWriter message = link(NLM_F_CREATE | NLM_F_EXCL, IFF_UP).string(IFLA_IFNAME, name);
        message.nested(
                IFLA_LINKINFO,
                info -> info.string(IFLA_INFO_KIND, "bridge")
                        .nested(
                                IFLA_INFO_DATA,
                                data -> data.u32(IFLA_BR_FORWARD_DELAY, 0).u8(IFLA_BR_MCAST_SNOOPING, 0)));
        return request("RTM_NEWLINK bridge " + name, message);
    }

    /** A cable from a link here, which is up, to a link in another namespace, which is not: drivers/net/veth.c opens no end without its peer. */
    public Wiring cable(String name, String farName, NetworkNamespace far, int mtu) {
        MessageWriter message = link(NLM_F_CREATE | NLM_F_EXCL, IFF_UP)
                .string(IFLA_IFNAME, name)
                .u32(IFLA_MTU, mtu);
        message.nested(
                IFLA_LINKINFO,
                info -> info.string(IFLA_INFO_KIND, "veth")
                        .nested(
                                IFLA_INFO_DATA,
                                data -> data.nested(
                                        VETH_INFO_PEER,
                                        peer -> header(peer, 0)
                                                .string(IFLA_IFNAME, farName)
                                                .u32(IFLA_MTU, mtu)
                                                .u32(IFLA_NET_NS_FD, far.descriptor()))));
        return request("RTM_NEWLINK veth " + name, message);
    }

    /** Plugs a link into a bridge. */
    public Wiring plug(String link, String bridge) {
        return request(
                "RTM_NEWLINK " + link + " master " + bridge,
                link(0, IFF_UP).string(IFLA_IFNAME, link).u32(IFLA_MASTER, index(bridge)));
    }

    /** Sets a link up. */
    public Wiring up(String link) {
        return request("RTM_NEWLINK " + link + " up", link(0, IFF_UP).string(IFLA_IFNAME, link));
    }

    /** Gives a link an address, without duplicate address detection. */
    public Wiring address(String link, IpAddress address, int length) {
        MessageWriter message = MessageWriter.of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL)
                .put8(number(address))
                .put8(length)
                .put8(0)
                .put8(0)
                .put32(index(link))
                .bytes(IFA_LOCAL, address.toBytes())
                .bytes(IFA_ADDRESS, address.toBytes())
                .u32(IFA_FLAGS, IFA_F_NODAD);
        return request("RTM_NEWADDR " + address + " dev " + link, message);
    }

    /** A route by a gateway that a link here reaches. */
    public Wiring route(Prefix destination, IpAddress gateway) {
        MessageWriter message = MessageWriter.of(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE)
                .put8(number(gateway))
                .put8(destination.length())
                .put8(0)
                .put8(0)
                .put8(RT_TABLE_MAIN)
                .put8(RTPROT_STATIC)
                .put8(0)
                .put8(RTN_UNICAST)
                .put32(0);
        if (destination.length() > 0) {
            message.bytes(RTA_DST, destination.address().toBytes());
        }
        return request("RTM_NEWROUTE " + destination, message.bytes(RTA_GATEWAY, gateway.toBytes()));
    }

    private static MessageWriter link(int messageFlags, int linkFlags) {
        return header(MessageWriter.of(RTM_NEWLINK, messageFlags), linkFlags);
    }

    /** struct ifinfomsg. */
    private static MessageWriter header(MessageWriter message, int flags) {
        return message.put8(0).put8(0).put16(0).put32(0).put32(flags).put32(flags);
    }

    private int index(String link) {
        MessageWriter question =
                header(MessageWriter.of(RTM_GETLINK, Netlink.NLM_F_REQUEST), 0).string(IFLA_IFNAME, link);
        return socket.get(new Request("RTM_GETLINK " + link, question, Set.of(Errno.ENODEV)))
                .map(answer -> answer.u32(4))
                .orElseThrow(() -> new KernelException("RTM_GETLINK " + link, Errno.ENODEV, "no such link"));
    }

    /** AF_INET and AF_INET6. */
    private static int number(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> 2;
            case IPV6 -> 10;
        };
    }

    private Wiring request(String operation, MessageWriter message) {
        socket.request(Request.of(operation, message));
        return this;
    }

    @Override
    public void close() {
        socket.close();
    }
}
