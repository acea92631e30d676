package fyr.kernel.linux.wiring;

import static fyr.kernel.linux.netlink.Netlink.NETLINK_ROUTE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_REPLACE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_FLAGS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_F_NODAD;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_UP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_BR_FORWARD_DELAY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_BR_MCAST_SNOOPING;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_IFNAME;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_DATA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_KIND;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_LINKINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MASTER;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MTU;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_NET_NS_FD;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_GATEWAY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_GETLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWROUTE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTN_UNICAST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTPROT_STATIC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_UNIVERSE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.VETH_INFO_PEER;

import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Sets a network namespace up, step by step. A step that makes a link or an address fails with {@link KernelException} EEXIST if there is such
 * a one; a route or a setting replaces what was there. For platform threads, one at a time.
 */
public final class Wiring implements AutoCloseable {

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
                                        peer -> Rtnetlink.ifinfo(peer, 0, 0, 0)
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
        MessageWriter message = Rtnetlink.address(
                        RTM_NEWADDR,
                        NLM_F_CREATE | NLM_F_EXCL,
                        Rtnetlink.addressFamily(address),
                        length,
                        0,
                        index(link))
                .bytes(IFA_LOCAL, address.toBytes())
                .bytes(IFA_ADDRESS, address.toBytes())
                .u32(IFA_FLAGS, IFA_F_NODAD);
        return request("RTM_NEWADDR " + address + " dev " + link, message);
    }

    /** A route by a gateway that a link here reaches. */
    public Wiring route(Prefix destination, IpAddress gateway) {
        MessageWriter message = Rtnetlink.route(
                RTM_NEWROUTE,
                NLM_F_CREATE | NLM_F_REPLACE,
                destination,
                RTPROT_STATIC,
                RT_SCOPE_UNIVERSE,
                RTN_UNICAST,
                0);
        return request("RTM_NEWROUTE " + destination, message.bytes(RTA_GATEWAY, gateway.toBytes()));
    }

    private static MessageWriter link(int messageFlags, int linkFlags) {
        return Rtnetlink.link(RTM_NEWLINK, messageFlags, 0, linkFlags, linkFlags);
    }

    private int index(String link) {
        MessageWriter question = Rtnetlink.link(RTM_GETLINK, 0, 0, 0, 0).string(IFLA_IFNAME, link);
        return socket.get(Request.of("RTM_GETLINK " + link, question))
                .orElseThrow()
                .u32(4);
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
