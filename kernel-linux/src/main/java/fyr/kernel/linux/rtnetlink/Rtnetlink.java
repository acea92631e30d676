package fyr.kernel.linux.rtnetlink;

import fyr.kernel.linux.netlink.MessageWriter;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;

/**
 * Numbers of include/uapi/linux/{rtnetlink,if_link,if_addr,ip,ipv6,neighbour,if,veth}.h, in their spelling, and the fixed structures that messages
 * begin with.
 */
public final class Rtnetlink {

    public static final int AF_UNSPEC = 0;
    public static final int AF_INET = 2;
    public static final int AF_BRIDGE = 7;
    public static final int AF_INET6 = 10;

    public static final int RTM_NEWLINK = 16;
    public static final int RTM_DELLINK = 17;
    public static final int RTM_GETLINK = 18;
    public static final int RTM_NEWADDR = 20;
    public static final int RTM_DELADDR = 21;
    public static final int RTM_GETADDR = 22;
    public static final int RTM_NEWROUTE = 24;
    public static final int RTM_DELROUTE = 25;
    public static final int RTM_GETROUTE = 26;
    public static final int RTM_NEWNEIGH = 28;
    public static final int RTM_DELNEIGH = 29;
    public static final int RTM_GETNEIGH = 30;
    public static final int RTM_NEWNETCONF = 80;

    /** struct netconfmsg is one byte, padded; the index of "all links" (include/uapi/linux/netconf.h). */
    public static final int NETCONFMSG = 4;

    public static final int NETCONFA_IFINDEX = 1;
    public static final int NETCONFA_IFINDEX_ALL = -1;

    public static final int IFINFOMSG = 16;
    public static final int IFF_UP = 1;
    public static final int IFF_NOARP = 0x80;
    public static final int IFLA_ADDRESS = 1;
    public static final int IFLA_IFNAME = 3;
    public static final int IFLA_MTU = 4;
    public static final int IFLA_MASTER = 10;
    public static final int IFLA_LINKINFO = 18;
    public static final int IFLA_INFO_KIND = 1;
    public static final int IFLA_INFO_DATA = 2;
    public static final int IFLA_AF_SPEC = 26;
    public static final int IFLA_NET_NS_FD = 28;
    public static final int IFLA_EXT_MASK = 29;
    public static final int RTEXT_FILTER_SKIP_STATS = 8;
    public static final int IFLA_INET_CONF = 1;
    public static final int IFLA_INET6_CONF = 2;
    public static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    public static final int IN6_ADDR_GEN_MODE_NONE = 1;
    public static final int VETH_INFO_PEER = 1;
    public static final int IFLA_BR_FORWARD_DELAY = 1;
    public static final int IFLA_BR_MCAST_SNOOPING = 23;
    public static final int IFLA_VXLAN_ID = 1;
    public static final int IFLA_VXLAN_GROUP = 2;
    public static final int IFLA_VXLAN_LINK = 3;
    public static final int IFLA_VXLAN_LOCAL = 4;
    public static final int IFLA_VXLAN_LEARNING = 7;
    public static final int IFLA_VXLAN_PORT = 15;
    public static final int IFLA_VXLAN_GROUP6 = 16;
    public static final int IFLA_VXLAN_LOCAL6 = 17;

    /** The arrays in IFLA_INET_CONF and IFLA_INET6_CONF (include/uapi/linux/{ip,ipv6}.h). That of IPv4 begins with number 1. */
    public static final int IPV4_DEVCONF_FORWARDING = 1;

    public static final int IPV4_DEVCONF_ACCEPT_REDIRECTS = 4;
    public static final int IPV4_DEVCONF_ARP_IGNORE = 19;
    public static final int DEVCONF_ACCEPT_RA = 3;
    public static final int DEVCONF_ACCEPT_REDIRECTS = 4;
    public static final int DEVCONF_DISABLE_IPV6 = 26;

    public static final int IFADDRMSG = 8;
    public static final int IFA_ADDRESS = 1;
    public static final int IFA_LOCAL = 2;
    public static final int IFA_CACHEINFO =
            6; // struct ifa_cacheinfo; the first of four numbers is ifa_prefered, in seconds
    public static final int IFA_FLAGS = 8;
    public static final int IFA_PROTO = 11; // include/uapi/linux/if_addr.h; since Linux 5.18, ignored before
    public static final int IFA_F_NODAD = 2;

    public static final int RTMSG = 12;
    public static final int RT_TABLE_MAIN = 254;
    public static final int RT_TABLE_LOCAL = 255;
    public static final int RT_SCOPE_UNIVERSE = 0;
    public static final int RT_SCOPE_LINK = 253;
    public static final int RT_SCOPE_HOST = 254;
    public static final int RT_SCOPE_NOWHERE = 255;
    public static final int RTPROT_STATIC = 4;
    public static final int RTN_UNICAST = 1;
    public static final int RTN_LOCAL = 2;
    public static final int RTN_UNREACHABLE = 7;
    public static final int RTNH_F_ONLINK = 4;
    public static final int RTM_F_CLONED = 0x200;
    public static final int RTA_DST = 1;
    public static final int RTA_OIF = 4;
    public static final int RTA_GATEWAY = 5;
    public static final int RTA_PRIORITY = 6;
    public static final int RTA_PREFSRC = 7;
    public static final int RTA_METRICS = 8;
    public static final int RTA_MULTIPATH = 9;
    public static final int RTA_TABLE = 15;
    public static final int RTA_VIA = 18;
    public static final int RTA_ENCAP = 22;
    public static final int RTA_NH_ID = 30;
    public static final int RTAX_MTU = 2;

    public static final int NDMSG = 12;
    public static final int NUD_PERMANENT = 128;
    public static final int NTF_SELF = 2;
    public static final int NDA_DST = 1;
    public static final int NDA_LLADDR = 2;
    public static final int NDA_PORT = 6;
    public static final int NDA_VNI = 7;
    public static final int NDA_IFINDEX = 8;
    public static final int NDA_MASTER = 9;

    public static final int RTNLGRP_LINK = 1;
    public static final int RTNLGRP_NEIGH = 3;
    public static final int RTNLGRP_IPV4_IFADDR = 5;
    public static final int RTNLGRP_IPV4_ROUTE = 7;
    public static final int RTNLGRP_IPV6_IFADDR = 9;
    public static final int RTNLGRP_IPV6_ROUTE = 11;
    public static final int RTNLGRP_IPV4_NETCONF = 24;
    public static final int RTNLGRP_IPV6_NETCONF = 25;

    private Rtnetlink() {}

    public static int addressFamily(Family family) {
        return switch (family) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
        };
    }

    /**
     * Whether a message is about IPv4 or IPv6. A request that names no family, or one that the kernel does not have, is answered for all.
     */
    public static boolean isInternet(int addressFamily) {
        return addressFamily == AF_INET || addressFamily == AF_INET6;
    }

    public static int addressFamily(IpAddress address) {
        return addressFamily(address.family());
    }

    /** struct ifinfomsg; {@code flags} are set and their absence in {@code change} leaves them alone. */
    public static MessageWriter link(int type, int messageFlags, int index, int flags, int change) {
        return ifinfo(MessageWriter.of(type, messageFlags), index, flags, change);
    }

    public static MessageWriter ifinfo(MessageWriter message, int index, int flags, int change) {
        return message.put32(AF_UNSPEC).put32(index).put32(flags).put32(change);
    }

    /** struct ifaddrmsg. */
    public static MessageWriter address(int type, int messageFlags, int family, int prefixLength, int scope, int link) {
        return MessageWriter.of(type, messageFlags)
                .put8(family)
                .put8(prefixLength)
                .put8(0)
                .put8(scope)
                .put32(link);
    }

    /** struct ndmsg. */
    public static MessageWriter neighbour(int type, int messageFlags, int family, int link, int state, int flags) {
        return MessageWriter.of(type, messageFlags)
                .put32(family)
                .put32(link)
                .put16(state)
                .put8(flags)
                .put8(0);
    }

    /** struct rtmsg of a route in the table of its type, and the destination, of which the default route has none. */
    public static MessageWriter route(
            int type, int messageFlags, Prefix destination, int protocol, int scope, int routeType, int routeFlags) {
        int table = routeType == RTN_LOCAL ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
        MessageWriter message =
                route(MessageWriter.of(type, messageFlags), destination, 0, table, protocol, scope, routeType);
        return to(destination, message.put32(routeFlags));
    }

    /** A request to remove a route of this table, whatever its scope and type. */
    public static MessageWriter routeDeletion(Prefix destination, int typeOfService, int table, int protocol) {
        MessageWriter message = MessageWriter.of(RTM_DELROUTE, 0);
        return to(
                destination,
                route(message, destination, typeOfService, table, protocol, RT_SCOPE_NOWHERE, 0)
                        .put32(0));
    }

    private static MessageWriter route(
            MessageWriter message,
            Prefix destination,
            int typeOfService,
            int table,
            int protocol,
            int scope,
            int routeType) {
        return message.put8(addressFamily(destination.family()))
                .put8(destination.length())
                .put8(0)
                .put8(typeOfService)
                .put8(table)
                .put8(protocol)
                .put8(scope)
                .put8(routeType);
    }

    private static MessageWriter to(Prefix destination, MessageWriter message) {
        return destination.length() == 0
                ? message
                : message.bytes(RTA_DST, destination.address().toBytes());
    }
}
