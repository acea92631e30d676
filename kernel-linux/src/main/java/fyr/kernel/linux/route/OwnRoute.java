package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_GATEWAY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_OIF;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_PRIORITY;

import fyr.kernel.Errno;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What distinguishes a route of ours from others to the same destination. A deletion names our protocol, and the kernel skips routes of
 * others. For IPv6 it names the gateway, too: routes through gateways to one destination with one metric become one route with several
 * hops, whoever made them, and a deletion without gateway removes all of them (ip6_route_del in net/ipv6/route.c). Such a route is listed
 * with the protocol of its first hop. If that is ours, the whole route is, and each hop is removed whoever added it.
 *
 * @param table RT_TABLE_MAIN or RT_TABLE_LOCAL
 * @param typeOfService 0 in routes that Fyr makes; IPv4 has separate routes for each
 * @param hop of IPv6 routes; empty for those of IPv4, which stay separate
 */
record OwnRoute(RouteKey key, int table, int metric, int typeOfService, Optional<Hop> hop) {

    /** Where an IPv6 route leads to. */
    sealed interface Hop {

        /** The only hop. */
        record Only(IpAddress gateway) implements Hop {}

        /**
         * One of several hops; they may have different protocols.
         *
         * @param gateway empty if the hop has none
         * @param link the index of its link
         */
        record OneOfSeveral(Optional<IpAddress> gateway, int link) implements Hop {}
    }

    /** 0 for IPv4, the kernel's choice if none is given. */
    private static final int IPV4_METRIC = 0;

    private static final int ANY_PROTOCOL = 0;

    private static final Set<Errno> ABSENT = Set.of(Errno.ESRCH);

    /** As {@link RouteTable} makes it. */
    static OwnRoute usual(RouteKey key, Route route) {
        return with(key, route, usualMetric(key.destination().family(), route));
    }

    /** Its temporary form while the usual one is replaced: the kernel prefers the lower metric. */
    static OwnRoute meanwhile(RouteKey key, Route route) {
        return with(key, route, usualMetric(key.destination().family(), route) + 1);
    }

    private static OwnRoute with(RouteKey key, Route route, int metric) {
        return new OwnRoute(
                key,
                table(route),
                metric,
                0,
                switch (route) {
                    case Route.Unicast unicast ->
                        unicast.gateway()
                                .filter(_ -> key.destination().family() == Family.IPV6)
                                .map(Hop.Only::new);
                    case Route.Local(), Route.Unreachable() -> Optional.empty();
                });
    }

    /** Which table it belongs in. */
    static int table(Route route) {
        return switch (route) {
            case Route.Local() -> Rtnetlink.RT_TABLE_LOCAL;
            case Route.Unicast _, Route.Unreachable() -> Rtnetlink.RT_TABLE_MAIN;
        };
    }

    /** In table {@code local} those of the kernel itself have 0, and come first. */
    static int usualMetric(Family family, Route route) {
        return family == Family.IPV6 || route instanceof Route.Local ? RouteMessage.IPV6_METRIC : IPV4_METRIC;
    }

    /** Removes it; a missing route is no error. */
    Request deletion() {
        int protocol = hop.filter(Hop.OneOfSeveral.class::isInstance).isPresent() ? ANY_PROTOCOL : Route.PROTOCOL;
        MessageWriter message = Rtnetlink.routeDeletion(key.destination(), typeOfService, table, protocol);
        if (metric != 0) {
            message.u32(RTA_PRIORITY, metric);
        }
        hop.ifPresent(one -> {
            switch (one) {
                case Hop.Only(IpAddress gateway) -> message.bytes(RTA_GATEWAY, gateway.toBytes());
                case Hop.OneOfSeveral(Optional<IpAddress> gateway, int link) -> {
                    gateway.ifPresent(address -> message.bytes(RTA_GATEWAY, address.toBytes()));
                    message.u32(RTA_OIF, link);
                }
            }
        });
        return new Request("RTM_DELROUTE " + key, message, ABSENT);
    }
}
