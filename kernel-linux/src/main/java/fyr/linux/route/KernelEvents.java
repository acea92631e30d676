package fyr.linux.route;

import static fyr.linux.route.Rtnetlink.RTM_DELADDR;
import static fyr.linux.route.Rtnetlink.RTM_DELLINK;
import static fyr.linux.route.Rtnetlink.RTM_DELNEIGH;
import static fyr.linux.route.Rtnetlink.RTM_DELROUTE;
import static fyr.linux.route.Rtnetlink.RTM_NEWADDR;
import static fyr.linux.route.Rtnetlink.RTM_NEWLINK;
import static fyr.linux.route.Rtnetlink.RTM_NEWNEIGH;
import static fyr.linux.route.Rtnetlink.RTM_NEWNETCONF;
import static fyr.linux.route.Rtnetlink.RTM_NEWROUTE;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Changed;
import fyr.kernel.KernelEvent.Subject;
import fyr.linux.netlink.Attributes;
import fyr.linux.netlink.Message;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkEvents;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Changes of links, addresses, routes, forwarding settings and neighbours (also of forwarding databases, which the kernel counts as neighbours). Other families'
 * events have subscriptions of their own, made alike.
 */
public final class KernelEvents {

    private static final List<Integer> GROUPS = List.of(
            Rtnetlink.RTNLGRP_LINK,
            Rtnetlink.RTNLGRP_NEIGH,
            Rtnetlink.RTNLGRP_IPV4_IFADDR,
            Rtnetlink.RTNLGRP_IPV6_IFADDR,
            Rtnetlink.RTNLGRP_IPV4_ROUTE,
            Rtnetlink.RTNLGRP_IPV6_ROUTE,
            Rtnetlink.RTNLGRP_IPV4_NETCONF,
            Rtnetlink.RTNLGRP_IPV6_NETCONF);

    private KernelEvents() {}

    /**
     * Subscribes in the calling thread's namespace; the listener is called on the thread {@code kernel-route-events}.
     *
     * @param own ports of the sockets whose changes are not to be told: whoever makes them knows
     */
    public static NetlinkEvents subscribe(Set<Integer> own, Consumer<KernelEvent> listener) {
        return NetlinkEvents.subscribe(
                "kernel-route-events",
                Netlink.NETLINK_ROUTE,
                GROUPS,
                message -> {
                    if (!own.contains(message.sender()) && !isRoutine(message)) {
                        event(message).ifPresent(listener);
                    }
                },
                () -> listener.accept(new KernelEvent.Overrun()));
    }

    /**
     * What comes from the kernel itself. What it does to routes and neighbours follows from a change of a link or an address, which is told
     * too, or is not about ours: it learns, confirms and forgets neighbours all day long, and a node would read its tables all day long.
     *
     * <p>Pods' links come and go by CNI, several changes each, of which the kernel does not say who wanted them (they name a sender only if
     * NLM_F_ECHO was asked for). Of these only the going down is told; one that somebody else removes cannot be put back.
     */
    private static boolean isRoutine(Message message) {
        if (message.sender() != 0) {
            return false;
        }
        return switch (message.type()) {
            case RTM_NEWNEIGH, RTM_DELNEIGH -> message.u8(0) != Rtnetlink.AF_BRIDGE; // vxlan.c names no sender, whoever it was
            case RTM_NEWROUTE, RTM_DELROUTE -> true;
            case RTM_NEWLINK, RTM_DELLINK -> KernelLink.isPodLink(KernelLink.of(message).name()) && !KernelLink.wentDown(message);
            default -> false;
        };
    }

    static Optional<KernelEvent> event(Message message) {
        return switch (message.type()) {
            case RTM_NEWLINK, RTM_DELLINK -> Optional.of(link(message, KernelLink.of(message).name()));
            case RTM_NEWADDR, RTM_DELADDR -> changed(Subject.ADDRESS, message, RTM_DELADDR, address(message));
            case RTM_NEWROUTE, RTM_DELROUTE -> changed(Subject.ROUTE, message, RTM_DELROUTE, route(message));
            case RTM_NEWNEIGH, RTM_DELNEIGH -> changed(Subject.NEIGHBOUR, message, RTM_DELNEIGH, neighbour(message));
            case RTM_NEWNETCONF ->
                isOfAllLinks(message) ? changed(Subject.SYSCTL, message, 0, "net configuration") : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static KernelEvent link(Message message, String name) {
        return KernelLink.isPodLink(name) && KernelLink.wentDown(message)
                ? new KernelEvent.PodLinkDown(name)
                : new Changed(Subject.LINK, message.type() == RTM_DELLINK, name);
    }

    /** Forwarding is told of all links, of new ones, and of each (net/ipv4/devinet.c): a pod's new link causes one, and is not meant. */
    private static boolean isOfAllLinks(Message message) {
        OptionalInt index = message.attributes(Rtnetlink.NETCONFMSG).u32(Rtnetlink.NETCONFA_IFINDEX);
        return index.isPresent() && index.getAsInt() == Rtnetlink.NETCONFA_IFINDEX_ALL;
    }

    private static Optional<KernelEvent> changed(Subject subject, Message message, int deletion, String detail) {
        return Optional.of(new Changed(subject, message.type() == deletion, detail));
    }

    private static String address(Message message) {
        return KernelAddress.of(message)
                .map(address -> address.address() + "/" + address.prefixLength() + " dev " + address.link())
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
}
