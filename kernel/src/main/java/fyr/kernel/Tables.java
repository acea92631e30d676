package fyr.kernel;

import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import java.util.Optional;

/**
 * The tables that Fyr writes. A new kind of kernel state takes one identifier here, one {@link KernelTable}, and one line in the kernel
 * that has it.
 */
public final class Tables {

    /**
     * Links that Fyr makes in the node's namespace (not the pods' links). When a link is removed, its addresses, neighbours, forwarding
     * entries, routes and settings are removed too. A link that is set down loses most of them.
     */
    public static final TableId<String, Link> LINKS =
            TableId.<String, Link>named("links").inDoubtAfter(Subject.LINK);

    /**
     * Addresses that Fyr puts on links. When an IPv4 address is removed, the routes that prefer it are removed (fib_sync_down_addr); when
     * it was the last one of a link, so are all IPv4 routes and neighbours of the link, including permanent ones (fib_disable_ip in
     * net/ipv4/fib_frontend.c, arp_ifdown). When an IPv6 address is removed, the routes lose their preference (rt6_remove_prefsrc in
     * net/ipv6/route.c). A setting can remove addresses, too (disable_ipv6).
     */
    public static final TableId<AddressKey, InterfaceAddress> ADDRESSES = TableId.<AddressKey, InterfaceAddress>named(
                    "addresses")
            .writtenAfter(LINKS)
            .losingWith(LINKS)
            .inDoubtAfter(Subject.LINK, Subject.ADDRESS);

    /**
     * Chains of Services in iptables and ip6tables; empty unless Services are carried out in that way. What is new is written before the
     * packet rules and what goes is removed after them, so that a node that changes from one way to the other translates new connections
     * at every moment.
     */
    public static final TableId<XtKey, XtEntry> IPTABLES = TableId.<XtKey, XtEntry>named("iptables");

    /**
     * Settings under /proc/sys/net/ipv4/vs, which exist once the kernel has IPVS. They come before virtual servers: what IPVS does with a
     * connection depends on them as they are at its beginning.
     */
    public static final TableId<SysctlKey, String> IPVS_SETTINGS =
            TableId.<SysctlKey, String>named("ipvs-settings").readRegularly();

    /**
     * Virtual servers of IPVS with our mark; empty unless Services are carried out in that way, like {@link #IPTABLES}. The kernel chooses a
     * virtual server only for addresses of the node.
     */
    public static final TableId<VirtualServerKey, VirtualServer> VIRTUAL_SERVERS =
            TableId.<VirtualServerKey, VirtualServer>named("virtual-servers").writtenAfter(ADDRESSES, IPVS_SETTINGS);

    /**
     * The real servers of these virtual servers. They go with a virtual server, but not when one is changed; and plans that have no virtual
     * server have no real server of it. So nothing is lost here that has to be looked for when a virtual server goes: looking takes one
     * request for each of them.
     */
    public static final TableId<RealServerKey, RealServer> REAL_SERVERS =
            TableId.<RealServerKey, RealServer>named("real-servers").writtenAfter(VIRTUAL_SERVERS);

    /**
     * Timeouts of IPVS, in seconds. Of all that the kernel has, only those are compared that a plan sets. The kernel reports no changes of
     * them.
     */
    public static final TableId<IpvsTimeout, Integer> IPVS_TIMEOUTS =
            TableId.<IpvsTimeout, Integer>named("ipvs-timeouts").readRegularly();

    /**
     * Destinations that are for the node itself, in the table {@code local}; every route is a {@link Route.Local}. Like {@link #IPTABLES} they
     * come before the packet rules and go after them: while another way of carrying Services out ends or begins, its rules translate packets
     * before these routes are looked up.
     */
    public static final TableId<RouteKey, Route> LOCAL_ROUTES = TableId.<RouteKey, Route>named("local-routes")
            .writtenAfter(REAL_SERVERS)
            .inDoubtAfter(Subject.LINK, Subject.ROUTE);

    /**
     * Everything in the nf_tables tables named {@code fyr}. One delta is one transaction wherever its size allows. Packet rules refer to
     * links by name and do not depend on other tables. They come before forwarding entries and routes, so that a new pod is not reachable
     * before its policy is in force.
     */
    public static final TableId<NftKey, NftObject> NFT =
            TableId.<NftKey, NftObject>named("nft").writtenAtOnce().inDoubtAfter(Subject.NFT);

    /**
     * Settings under /proc/sys/net. The settings of a link are reset when the link is created again. None of our settings removes anything
     * else of ours. The settings of connection tracking exist only after a rule has required it.
     */
    public static final TableId<SysctlKey, String> SYSCTLS = TableId.<SysctlKey, String>named("sysctls")
            .writtenAfter(LINKS, NFT)
            .losingWith(LINKS)
            .inDoubtAfter(Subject.LINK, Subject.SYSCTL)
            .readRegularly();

    /**
     * Permanent neighbours on links of ours. The events of addresses are included because permanent neighbours are removed with the last
     * IPv4 address without an event (neigh_flush_dev).
     */
    public static final TableId<NeighbourKey, Neighbour> NEIGHBOURS = TableId.<NeighbourKey, Neighbour>named(
                    "neighbours")
            .writtenAfter(ADDRESSES, NFT, SYSCTLS)
            .losingWith(LINKS, ADDRESSES)
            .inDoubtAfter(Subject.LINK, Subject.ADDRESS, Subject.NEIGHBOUR, Subject.POD_LINK)
            .onLink((key, _) -> Optional.of(key.link()));

    /** Forwarding database entries of VXLAN links of ours. The kernel treats them as neighbours. */
    public static final TableId<FdbKey, FdbEntry> FDB = TableId.<FdbKey, FdbEntry>named("fdb")
            .writtenAfter(NEIGHBOURS)
            .losingWith(LINKS)
            .inDoubtAfter(Subject.LINK, Subject.NEIGHBOUR);

    /** Routes of Fyr's own protocol number in the table {@code main}. They come last, when everything that a route refers to exists. */
    public static final TableId<RouteKey, Route> ROUTES = TableId.<RouteKey, Route>named("routes")
            .writtenAfter(NEIGHBOURS, FDB)
            .losingWith(LINKS, ADDRESSES)
            .inDoubtAfter(Subject.LINK, Subject.ADDRESS, Subject.ROUTE, Subject.POD_LINK)
            .onLink((_, route) -> switch (route) {
                case Route.Unicast unicast -> Optional.of(unicast.link());
                case Route.Local _, Route.Unreachable _ -> Optional.empty();
            });

    private Tables() {}
}
