package fyr.linux.route;

import static fyr.linux.rtnetlink.Rtnetlink.RTA_GATEWAY;
import static fyr.linux.rtnetlink.Rtnetlink.RTA_PRIORITY;
import static fyr.linux.rtnetlink.Rtnetlink.RTM_DELROUTE;

import fyr.kernel.Errno;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.linux.netlink.MessageWriter;
import fyr.linux.netlink.Request;
import fyr.linux.rtnetlink.Rtnetlink;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What distinguishes a route of ours from others to the same destination. A deletion names our protocol, and the kernel skips routes of
 * others. For IPv6 it names the gateway, too: routes through gateways to one destination with one metric become one route with several
 * hops, whoever made them, and a deletion without gateway removes all of them (ip6_route_del in net/ipv6/route.c).
 *
 * @param gateway of IPv6 routes; empty for those of IPv4, which stay separate
 */
record OwnRoute(RouteKey key, int metric, Optional<IpAddress> gateway) {

    /** 0 for IPv4, the kernel's choice if none is given. */
    private static final int IPV4_METRIC = 0;

    private static final Set<Errno> ABSENT = Set.of(Errno.ESRCH);

    /** As {@link RouteTable} makes it. */
    static OwnRoute usual(RouteKey key, Route route) {
        return with(key, route, usualMetric(key.destination().family()));
    }

    /** Its temporary form while the usual one is replaced: the kernel prefers the lower metric. */
    static OwnRoute meanwhile(RouteKey key, Route route) {
        return with(key, route, usualMetric(key.destination().family()) + 1);
    }

    private static OwnRoute with(RouteKey key, Route route, int metric) {
        return new OwnRoute(
                key,
                metric,
                switch (route) {
                    case Route.Unicast unicast ->
                        unicast.gateway().filter(_ -> key.destination().family() == Family.IPV6);
                    case Route.Unreachable() -> Optional.empty();
                });
    }

    static int usualMetric(Family family) {
        return switch (family) {
            case IPV4 -> IPV4_METRIC;
            case IPV6 -> RouteMessage.IPV6_METRIC;
        };
    }

    /** Removes it; a missing route is no error. */
    Request deletion() {
        MessageWriter message =
                Rtnetlink.route(RTM_DELROUTE, 0, key.destination(), Route.PROTOCOL, Rtnetlink.RT_SCOPE_NOWHERE, 0, 0);
        if (metric != 0) {
            message.u32(RTA_PRIORITY, metric);
        }
        gateway.ifPresent(address -> message.bytes(RTA_GATEWAY, address.toBytes()));
        return new Request("RTM_DELROUTE " + key, message, ABSENT);
    }
}
