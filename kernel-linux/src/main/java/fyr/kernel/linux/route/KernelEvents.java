package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELNEIGH;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELROUTE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWNEIGH;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWNETCONF;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWROUTE;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Changed;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkEvents;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Changes by others to links, addresses, routes, forwarding settings and neighbours (including forwarding databases, which the kernel
 * treats as neighbours), as far as they may concern Fyr's objects. Events of other netlink families have similar subscriptions of their
 * own.
 */
public final class KernelEvents implements AutoCloseable {

    private static final List<Integer> GROUPS = List.of(
            Rtnetlink.RTNLGRP_LINK,
            Rtnetlink.RTNLGRP_NEIGH,
            Rtnetlink.RTNLGRP_IPV4_IFADDR,
            Rtnetlink.RTNLGRP_IPV6_IFADDR,
            Rtnetlink.RTNLGRP_IPV4_ROUTE,
            Rtnetlink.RTNLGRP_IPV6_ROUTE,
            Rtnetlink.RTNLGRP_IPV4_NETCONF,
            Rtnetlink.RTNLGRP_IPV6_NETCONF);

    private final NetlinkEvents events;
    private final OurLinks links;
    private final Set<Integer> own;
    private final AddressTable addresses;
    private final NeighbourTable neighbours;

    private KernelEvents(
            NetlinkEvents events, OurLinks links, Set<Integer> own, AddressTable addresses, NeighbourTable neighbours) {
        this.events = events;
        this.links = links;
        this.own = own;
        this.addresses = addresses;
        this.neighbours = neighbours;
    }

    /**
     * Subscribes in the calling thread's namespace, which must be the socket's.
     *
     * @param own ports of the sockets whose changes are not reported, because whoever makes them knows
     * @param addresses knows which of the address events without a sender are our doing
     * @param neighbours knows which neighbours the kernel does not change by itself
     */
    public static KernelEvents join(
            NetlinkSocket socket, Set<Integer> own, AddressTable addresses, NeighbourTable neighbours) {
        NetlinkEvents events = NetlinkEvents.join(Netlink.NETLINK_ROUTE, GROUPS);
        try {
            // After joining: a link that is created meanwhile will cause an event.
            OurLinks links = new OurLinks(socket);
            links.read();
            return new KernelEvents(events, links, Set.copyOf(own), addresses, neighbours);
        } catch (RuntimeException failure) {
            events.close();
            throw failure;
        }
    }

    /** Begins to call the listener, on the thread {@code kernel-route-events}. */
    public void start(Consumer<KernelEvent> listener) {
        events.start("kernel-route-events", message -> event(message).ifPresent(listener), () -> {
            try {
                links.read();
            } finally {
                listener.accept(new KernelEvent.Overrun());
            }
        });
    }

    private Optional<KernelEvent> event(Message message) {
        boolean isLink = message.type() == RTM_NEWLINK || message.type() == RTM_DELLINK;
        if (isLink) {
            links.note(message, KernelLink.of(message));
        }
        return own.contains(message.sender()) || (!isLink && isOfOthers(message)) ? Optional.empty() : read(message);
    }

    /**
     * Whether a change cannot concern anything of Fyr's. A sender of 0 says little: it stands for what the kernel does by itself, for
     * requests by ioctl or /proc/sys (SIOCDELRT, disable_ipv6), and in some places for everything (vxlan.c, inet6_ifa_notify).
     */
    private boolean isOfOthers(Message message) {
        return switch (message.type()) {
            case RTM_NEWNEIGH, RTM_DELNEIGH -> !links.contains(message.u32(4)) || isRoutineNeighbour(message);
            case RTM_NEWROUTE, RTM_DELROUTE -> wentWithItsPod(message) || !concernsOurRoutes(message);
            case RTM_NEWADDR ->
                message.sender() == 0
                        && KernelAddress.of(message)
                                .filter(address -> address.isMarkedOurs() && addresses.isAsSet(address))
                                .isPresent();
            default -> false;
        };
    }

    /**
     * The kernel learns, confirms and forgets neighbours all the time, and bridges learn, too, even from our links. It reports an event of
     * a permanent neighbour without a sender only when that is lost: with its link, with the last address of its link, or by ioctl
     * (SIOCDARP).
     */
    private boolean isRoutineNeighbour(Message message) {
        if (message.u8(0) == Rtnetlink.AF_BRIDGE) {
            return message.attributes(Rtnetlink.NDMSG).has(Rtnetlink.NDA_MASTER);
        }
        boolean permanent = (message.u16(8) & Rtnetlink.NUD_PERMANENT) != 0 && message.type() == RTM_NEWNEIGH;
        return message.sender() == 0 && (permanent || links.isPodLinkDown(message.u32(4)) || !isKept(message));
    }

    private boolean isKept(Message message) {
        return message.attributes(Rtnetlink.NDMSG)
                .bytes(Rtnetlink.NDA_DST)
                .filter(bytes -> bytes.length == 4 || bytes.length == 16)
                .flatMap(bytes -> links.name(message.u32(4)).map(link -> new NeighbourKey(link, IpAddress.of(bytes))))
                .filter(neighbours::keeps)
                .isPresent();
    }

    /**
     * A pod's link that goes down has an event of its own, and a link that is deleted is not restored. Only in IPv6 the kernel reports the
     * routes that are removed with it (fib6_clean_all in net/ipv6/ip6_fib.c): otherwise every detached pod would make us read all routes,
     * and routes of the next pod that are being removed would count as drift. While the link is up, the route was removed by somebody
     * (SIOCDELRT names no sender).
     */
    private boolean wentWithItsPod(Message message) {
        return message.type() == RTM_DELROUTE
                && message.sender() == 0
                && message.u8(0) == Rtnetlink.AF_INET6
                && links.isPodLinkDown(message.attributes(Rtnetlink.RTMSG)
                        .u32(Rtnetlink.RTA_OIF)
                        .orElse(0));
    }

    /**
     * Our routes are recognized by their protocol number, whoever the sender is. A replacing route may have replaced ours; an IPv6 route
     * that is added to ours turns it into a route with several hops, which is reported with the protocol of the added one.
     */
    private static boolean concernsOurRoutes(Message message) {
        RouteMessage route = RouteMessage.of(message, Map.of());
        boolean touches = message.type() == RTM_NEWROUTE
                && ((message.flags() & Netlink.NLM_F_REPLACE) != 0 || route.hasSeveralHops());
        return route.isInOurTables() && !route.cloned() && (route.protocol() == Route.PROTOCOL || touches);
    }

    static Optional<KernelEvent> read(Message message) {
        return switch (message.type()) {
            case RTM_NEWLINK, RTM_DELLINK ->
                link(message, KernelLink.of(message).name());
            case RTM_NEWADDR, RTM_DELADDR -> changed(Subject.ADDRESS, message, RTM_DELADDR, address(message));
            case RTM_NEWROUTE, RTM_DELROUTE -> changed(Subject.ROUTE, message, RTM_DELROUTE, route(message));
            case RTM_NEWNEIGH, RTM_DELNEIGH -> changed(Subject.NEIGHBOUR, message, RTM_DELNEIGH, neighbour(message));
            case RTM_NEWNETCONF ->
                isOfAllLinks(message) ? changed(Subject.SYSCTL, message, 0, "net configuration") : Optional.empty();
            default -> Optional.empty();
        };
    }

    /**
     * CNI creates and deletes pods' links, with several changes each, and the kernel does not say who requested them (they name a sender
     * only if NLM_F_ECHO was requested). Of these events only going down is passed on; a link that somebody else removes cannot be
     * restored. What a bridge reports about its ports (AF_BRIDGE) the link itself reports as well.
     */
    private static Optional<KernelEvent> link(Message message, String name) {
        if (KernelLink.isPodLink(name) && KernelLink.wentDown(message)) {
            return Optional.of(new KernelEvent.PodLinkDown(name));
        }
        boolean isRoutine =
                message.u8(0) == Rtnetlink.AF_BRIDGE || (KernelLink.isPodLink(name) && message.sender() == 0);
        return isRoutine ? Optional.empty() : changed(Subject.LINK, message, RTM_DELLINK, name);
    }

    /**
     * Forwarding is reported for all links, for new links, and for each link (net/ipv4/devinet.c): a pod's new link causes such an event,
     * which is ignored.
     */
    private static boolean isOfAllLinks(Message message) {
        OptionalInt index = message.attributes(Rtnetlink.NETCONFMSG).u32(Rtnetlink.NETCONFA_IFINDEX);
        return index.isPresent() && index.getAsInt() == Rtnetlink.NETCONFA_IFINDEX_ALL;
    }

    private static Optional<KernelEvent> changed(Subject subject, Message message, int deletion, String detail) {
        return Optional.of(new Changed(subject, message.type() == deletion, detail));
    }

    private static String address(Message message) {
        return KernelAddress.of(message)
                .map(address -> address.address() + "/" + address.setting().prefixLength() + " dev " + address.link())
                .orElse("?");
    }

    private static String route(Message message) {
        RouteMessage route = RouteMessage.of(message, Map.of());
        return route.destination() + " table " + route.table() + " proto " + route.protocol();
    }

    private static String neighbour(Message message) {
        Attributes attributes = message.attributes(Rtnetlink.NDMSG);
        Optional<String> address = attributes
                .bytes(Rtnetlink.NDA_DST)
                .filter(bytes -> bytes.length == 4 || bytes.length == 16)
                .map(bytes -> IpAddress.of(bytes).toString());
        Optional<String> mac = attributes
                .bytes(Rtnetlink.NDA_LLADDR)
                .filter(bytes -> bytes.length == 6)
                .map(bytes -> MacAddress.of(bytes).toString());
        return address.orElse("?") + " lladdr " + mac.orElse("?") + " dev " + message.u32(4);
    }

    /** Ends the subscription. */
    @Override
    public void close() {
        events.close();
    }
}
