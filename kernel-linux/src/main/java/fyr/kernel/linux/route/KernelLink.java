package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_NOARP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_UP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFINFOMSG;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_EXT_MASK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_IFNAME;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_DATA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_KIND;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_LINKINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MASTER;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MTU;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTEXT_FILTER_SKIP_STATS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_GETLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;

import fyr.kernel.Errno;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.model.address.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A link as the kernel reports it (RTM_NEWLINK).
 *
 * @param arp whether it takes part in ARP
 * @param kind {@code veth}, {@code vxlan}; empty for hardware and {@code lo}
 * @param data the attributes particular to its kind
 * @param enslaved whether it is a port of a bridge or the like
 */
record KernelLink(
        int index,
        String name,
        boolean up,
        boolean arp,
        int mtu,
        Optional<MacAddress> mac,
        String kind,
        Attributes data,
        boolean enslaved) {

    /** The prefix of our links' names: pods' links continue with hexadecimal digits, the others with a hyphen. */
    private static final String PREFIX = "fyr";

    private static final int INTERFACE_NAME_LENGTH = 15;

    private static final int ALL_FLAGS = ~0;

    static KernelLink of(Message message) {
        Attributes attributes = message.attributes(IFINFOMSG);
        Attributes info = attributes.nested(IFLA_LINKINFO);
        return new KernelLink(
                message.u32(4),
                attributes.string(IFLA_IFNAME).orElse(""),
                (message.u32(8) & IFF_UP) != 0,
                (message.u32(8) & IFF_NOARP) == 0,
                attributes.u32(IFLA_MTU).orElse(0),
                attributes
                        .bytes(IFLA_ADDRESS)
                        .filter(bytes -> bytes.length == 6)
                        .map(MacAddress::of),
                info.string(IFLA_INFO_KIND).orElse(""),
                info.nested(IFLA_INFO_DATA),
                attributes.has(IFLA_MASTER));
    }

    /**
     * Whether a link message reports that the link has just gone down (ifi_change of rtmsg_ifinfo, net/core/rtnetlink.c). For a link that
     * has just been created and is not up yet, every flag is reported as changed (rtnl_configure_link).
     */
    static boolean wentDown(Message message) {
        int changed = message.u32(12);
        return message.type() == RTM_NEWLINK
                && (message.u32(8) & IFF_UP) == 0
                && (changed & IFF_UP) != 0
                && changed != ALL_FLAGS;
    }

    static List<KernelLink> all(NetlinkSocket socket) {
        return socket.dump("RTM_GETLINK", question(), message -> Optional.of(of(message)));
    }

    static Optional<KernelLink> named(NetlinkSocket socket, String name) {
        // The kernel knows no link of such a name, but would say EINVAL or ERANGE.
        if (name.isEmpty() || name.length() > INTERFACE_NAME_LENGTH) {
            return Optional.empty();
        }
        MessageWriter question = question().string(IFLA_IFNAME, name);
        return socket.get(new Request("RTM_GETLINK " + name, question, Set.of(Errno.ENODEV)))
                .map(KernelLink::of);
    }

    /** Asks for links without their statistics, which take long to add up. */
    static MessageWriter question() {
        return Rtnetlink.link(RTM_GETLINK, 0, 0, 0, 0).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    /** Whether a link of this name was made by Fyr. */
    static boolean isOurs(String name) {
        return name.startsWith(PREFIX);
    }

    /** Whether a link of this name is the node's end of a pod's. */
    static boolean isPodLink(String name) {
        return isOurs(name) && !isNodeLink(name);
    }

    /** Whether a link of this name belongs into {@link LinkTable}. */
    static boolean isNodeLink(String name) {
        return name.startsWith(PREFIX + "-");
    }
}
