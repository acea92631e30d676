package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTAX_MTU;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_DST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_ENCAP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_GATEWAY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_METRICS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_MULTIPATH;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_NH_ID;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_OIF;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_PREFSRC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_PRIORITY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_TABLE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_VIA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTMSG;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_F_CLONED;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_GETROUTE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTNH_F_ONLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTN_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTN_UNICAST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTN_UNREACHABLE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_HOST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_LINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_UNIVERSE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_TABLE_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_TABLE_MAIN;

import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.MalformedMessage;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route as the kernel reports it, and the message that requests one.
 *
 * @param metric 0 is the kernel's own choice for IPv4, 1024 for IPv6
 * @param hops of an IPv6 route; none if it has no gateway, and none for IPv4
 */
record RouteMessage(
        Prefix destination,
        int table,
        int typeOfService,
        int protocol,
        int metric,
        boolean cloned,
        Route route,
        List<OwnRoute.Hop> hops) {

    /** Stands for everything that Fyr never writes: a link without a name. */
    static final Route FOREIGN = new Route.Unicast("", Optional.empty(), false, Optional.empty(), OptionalInt.empty());

    static final int IPV6_METRIC = 1024;
    private static final int RTNEXTHOP = 8;

    /** LOOPBACK_IFINDEX of include/net/flow.h: the index of {@code lo} in every namespace. */
    private static final int LOOPBACK = 1;

    static RouteMessage of(Message message, Map<Integer, String> linkNames) {
        Attributes attributes = message.attributes(RTMSG);
        int family = message.u8(0);
        IpAddress unspecified = IpAddress.of(new byte[family == Rtnetlink.AF_INET ? 4 : 16]);
        IpAddress address = attributes.address(RTA_DST).orElse(unspecified);
        int length = message.u8(1);
        if (length > address.family().bits()) {
            throw new MalformedMessage("a destination of " + length + " bits");
        }
        return new RouteMessage(
                Prefix.containing(address, length),
                attributes.u32(RTA_TABLE).orElse(message.u8(4)),
                message.u8(3),
                message.u8(5),
                attributes.u32(RTA_PRIORITY).orElse(0),
                (message.u32(8) & RTM_F_CLONED) != 0,
                route(message, attributes, linkNames),
                family == Rtnetlink.AF_INET6 ? hops(attributes) : List.of());
    }

    /** A route with several hops has a struct rtnexthop and attributes for each: length, flags, weight and link. */
    private static List<OwnRoute.Hop> hops(Attributes attributes) {
        List<OwnRoute.Hop> found = new ArrayList<>();
        attributes.address(RTA_GATEWAY).ifPresent(gateway -> found.add(new OwnRoute.Hop.Only(gateway)));
        attributes.get(RTA_MULTIPATH).ifPresent(several -> {
            ByteBuffer hops = several.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at + RTNEXTHOP <= hops.limit(); ) {
                int length = hops.getShort(at) & 0xffff;
                if (length < RTNEXTHOP || at + length > hops.limit()) {
                    throw new MalformedMessage("a hop at byte " + at + " of " + hops.limit() + " claims " + length);
                }
                Attributes ofHop = Attributes.of(hops.slice(at + RTNEXTHOP, length - RTNEXTHOP));
                found.add(new OwnRoute.Hop.OneOfSeveral(
                        ofHop.address(RTA_GATEWAY), hops.getInt(at + RTNEXTHOP - Integer.BYTES)));
                at += Netlink.align(length);
            }
        });
        return found;
    }

    /** Whether it has several hops, which may have been added by different programs. Only known for IPv6. */
    boolean hasSeveralHops() {
        return hops.stream().anyMatch(OwnRoute.Hop.OneOfSeveral.class::isInstance);
    }

    /** What distinguishes this route, if it is ours, from others to its destination: one for each hop. */
    List<OwnRoute> own() {
        RouteKey key = new RouteKey(destination);
        return hops.isEmpty()
                ? List.of(new OwnRoute(key, table, metric, typeOfService, Optional.empty()))
                : hops.stream()
                        .map(hop -> new OwnRoute(key, table, metric, typeOfService, Optional.of(hop)))
                        .toList();
    }

    /**
     * The routes of our protocol in one table. The kernel filters by protocol (strict checking, Linux 5.0). It could also filter by
     * table, but returns ENOENT for a main table that never had a route (inet_dump_fib). For a family that it does not have
     * (ipv6.disable=1) it returns the routes of all others (rtnl_get_link in net/core/rtnetlink.c falls back to rtnl_dump_all).
     */
    static List<RouteMessage> ours(NetlinkSocket socket, int family, int table, Map<Integer, String> linkNames) {
        MessageWriter question = MessageWriter.of(RTM_GETROUTE, 0)
                .put8(family)
                .put32(0)
                .put8(Route.PROTOCOL)
                .put16(0)
                .put32(0);
        return socket.dump(
                "RTM_GETROUTE",
                question,
                message -> Optional.of(message)
                        .filter(route -> route.u8(0) == family)
                        .map(route -> of(route, linkNames))
                        .filter(route ->
                                route.table() == table && route.protocol() == Route.PROTOCOL && !route.cloned()));
    }

    private static Route route(Message message, Attributes attributes, Map<Integer, String> linkNames) {
        int typeOfService = message.u8(3);
        if (typeOfService != 0
                || attributes.has(RTA_MULTIPATH)
                || attributes.has(RTA_ENCAP)
                || hasForeignMetrics(attributes)
                || attributes.has(RTA_NH_ID)) {
            return FOREIGN;
        }
        return switch (message.u8(7)) {
            case RTN_LOCAL ->
                attributes.u32(RTA_OIF).orElse(0) == LOOPBACK && !attributes.has(RTA_PREFSRC)
                        ? new Route.Local()
                        : FOREIGN;
            case RTN_UNREACHABLE -> new Route.Unreachable();
            case RTN_UNICAST ->
                new Route.Unicast(
                        linkNames.getOrDefault(attributes.u32(RTA_OIF).orElse(0), ""),
                        attributes
                                .address(RTA_GATEWAY)
                                .or(() -> attributes.get(RTA_VIA).map(RouteMessage::via)),
                        (message.u32(8) & RTNH_F_ONLINK) != 0,
                        attributes.address(RTA_PREFSRC),
                        attributes.nested(RTA_METRICS).u32(RTAX_MTU));
            default -> FOREIGN;
        };
    }

    /** An advertised segment size or a window of somebody's choice. */
    private static boolean hasForeignMetrics(Attributes attributes) {
        for (Attribute metric : attributes.nested(RTA_METRICS)) {
            if (metric.type() != RTAX_MTU) {
                return true;
            }
        }
        return false;
    }

    /** struct rtvia: a family and an address. */
    private static IpAddress via(Attribute attribute) {
        byte[] bytes = attribute.bytes();
        int length = attribute.u16() == Rtnetlink.AF_INET ? 4 : 16;
        if (bytes.length < 2 + length) {
            throw new MalformedMessage("a gateway of " + bytes.length + " bytes");
        }
        return IpAddress.of(Arrays.copyOfRange(bytes, 2, 2 + length));
    }

    /** Whether it is in one of the tables that ours are in. */
    boolean isInOurTables() {
        return table == RT_TABLE_MAIN || table == RT_TABLE_LOCAL;
    }

    /** Whether it has the table and the metric that Fyr gives to such a route. */
    boolean isInItsPlace() {
        return table == OwnRoute.table(route) && metric == OwnRoute.usualMetric(destination.family(), route);
    }

    /** A message that asks for delivery to the node itself. */
    static MessageWriter local(int type, int flags, Prefix destination, int protocol) {
        int scope = destination.family() == Family.IPV4 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
        return Rtnetlink.route(type, flags, destination, protocol, scope, RTN_LOCAL, 0)
                .u32(RTA_OIF, LOOPBACK);
    }

    /** A message that asks for an answer "unreachable". */
    static MessageWriter unreachable(int type, int flags, Prefix destination, int protocol) {
        return Rtnetlink.route(type, flags, destination, protocol, RT_SCOPE_UNIVERSE, RTN_UNREACHABLE, 0);
    }

    /** A message that asks for a route by a link. */
    static MessageWriter unicast(int type, int flags, Prefix destination, int protocol, Route.Unicast route, int link) {
        boolean direct = route.gateway().isEmpty() && destination.family() == Family.IPV4;
        MessageWriter message = Rtnetlink.route(
                type,
                flags,
                destination,
                protocol,
                direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
                RTN_UNICAST,
                route.onlink() ? RTNH_F_ONLINK : 0);
        message.u32(RTA_OIF, link);
        route.gateway().ifPresent(gateway -> gateway(message, destination.family(), gateway));
        route.source().ifPresent(source -> message.bytes(RTA_PREFSRC, source.toBytes()));
        route.mtu().ifPresent(mtu -> message.nested(RTA_METRICS, metrics -> metrics.u32(RTAX_MTU, mtu)));
        return message;
    }

    private static void gateway(MessageWriter message, Family family, IpAddress gateway) {
        if (gateway.family() == family) {
            message.bytes(RTA_GATEWAY, gateway.toBytes());
        } else {
            byte[] via = new byte[2 + gateway.family().bytes()];
            via[0] = (byte) Rtnetlink.addressFamily(gateway);
            System.arraycopy(gateway.toBytes(), 0, via, 2, via.length - 2);
            message.bytes(RTA_VIA, via);
        }
    }
}
