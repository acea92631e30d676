package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.by;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static fyr.kernel.linux.route.Overlays.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class RouteTableKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        sh("for protocol in 17 171; do ip route flush proto $protocol; ip -6 route flush proto $protocol; done");
        overlays.close();
    }

    @Test
    void routesAsIpSeesThem() {
        RouteTable table = RouteTable.main(overlays.socket);
        sh("ip addr add 10.244.1.0/32 dev fyr-vxlan4");
        sh("ip route add 198.51.100.0/24 dev fyr-vxlan4");
        SortedMap<RouteKey, Route> routes = new TreeMap<>(Map.of(
                to("10.244.2.0/24"),
                        new Route.Unicast(
                                "fyr-vxlan4",
                                Optional.of(ip("10.244.2.0")),
                                true,
                                Optional.of(ip("10.244.1.0")),
                                OptionalInt.of(1400)),
                to("10.244.1.0/24"), new Route.Unreachable(),
                to("10.244.1.7/32"),
                        new Route.Unicast("fyr-vxlan4", Optional.empty(), false, Optional.empty(), OptionalInt.empty()),
                to("10.244.3.0/24"), by("fyr-vxlan6", "fd00:10:244:3::"),
                to("fd00:10:244:2::/64"), by("fyr-vxlan6", "fd00:10:244:2::"),
                to("fd00:10:244:1::/64"), new Route.Unreachable(),
                to("fd00:10:244:1::7/128"),
                        new Route.Unicast(
                                "fyr-vxlan6", Optional.empty(), false, Optional.empty(), OptionalInt.of(1300)),
                to("::/0"), by("fyr-vxlan6", "fe80::9")));
        table.apply(new Delta<>(routes, new TreeSet<>()));
        assertThat(table.list()).isEqualTo(routes);
        assertThat(sh("ip route show proto 171"))
                .contains(
                        "10.244.2.0/24 via 10.244.2.0 dev fyr-vxlan4 src 10.244.1.0 onlink mtu 1400",
                        "unreachable 10.244.1.0/24",
                        "10.244.1.7 dev fyr-vxlan4 scope link",
                        "10.244.3.0/24 via inet6 fd00:10:244:3:: dev fyr-vxlan6 onlink");
        assertThat(sh("ip -6 route show proto 171"))
                .contains(
                        "fd00:10:244:2::/64 via fd00:10:244:2:: dev fyr-vxlan6 metric 1024 onlink",
                        "unreachable fd00:10:244:1::/64",
                        "default via fe80::9 dev fyr-vxlan6");
        remove(
                table,
                Set.of(to("10.244.2.0/24"), to("fd00:10:244:2::/64"), to("198.51.100.0/24"), to("203.0.113.0/24")));
        assertThat(table.list()).hasSize(6);
        assertThat(sh("ip route")).contains("198.51.100.0/24 dev fyr-vxlan4");
        remove(table, table.list().keySet());
    }

    @Test
    void routesAreReplacedByEveryOtherKind() {
        RouteTable table = RouteTable.main(overlays.socket);
        for (String prefix : new String[] {"10.244.9.0/24", "fd00:10:244:9::/64"}) {
            String link = prefix.contains(":") ? "fyr-vxlan6" : "fyr-vxlan4";
            Route[] kinds = {
                new Route.Unreachable(),
                by(link, prefix.substring(0, prefix.indexOf('/'))),
                new Route.Unicast(link, Optional.empty(), false, Optional.empty(), OptionalInt.empty())
            };
            for (Route before : kinds) {
                for (Route after : kinds) {
                    put(table, Map.of(to(prefix), before));
                    put(table, Map.of(to(prefix), after));
                    assertThat(table.list())
                            .as("%s after %s", after, before)
                            .isEqualTo(new TreeMap<>(Map.of(to(prefix), after)));
                }
            }
            remove(table, Set.of(to(prefix)));
        }
    }

    @Test
    void oddRoutesOfOurProtocolArePutRight() {
        RouteTable table = RouteTable.main(overlays.socket);
        sh("ip route add 10.244.8.0/24 dev fyr-vxlan4 proto 171 metric 7");
        sh("ip route add 10.244.8.0/24 dev fyr-vxlan4 proto 171 metric 8");
        sh("ip -6 route add fd00:10:244:8::/64 dev fyr-vxlan6 proto 171 metric 7");
        Map<RouteKey, Route> wanted =
                Map.of(to("10.244.8.0/24"), new Route.Unreachable(), to("fd00:10:244:8::/64"), new Route.Unreachable());
        assertThat(table.list()).containsOnlyKeys(wanted.keySet()).doesNotContainValue(new Route.Unreachable());
        put(table, wanted);
        assertThat(table.list()).isEqualTo(new TreeMap<>(wanted));
        remove(table, wanted.keySet());
        assertThat(table.list()).isEmpty();
    }

    /** This holds for a route through a device, a route through a gateway, and an unreachable route. */
    @ParameterizedTest
    @ValueSource(strings = {"dev eth9", "via GATEWAY dev eth9", "DENIAL"})
    void aForeignRouteOfTheSamePrefixAndMetricIsRefusedAndStays(String kind) {
        RouteTable table = RouteTable.main(overlays.socket);
        foreignLink();
        try {
            for (String prefix : List.of("10.244.9.0/24", "fd00:10:244:9::/64")) {
                boolean ipv6 = prefix.contains(":");
                String route = kind.equals("DENIAL")
                        ? "unreachable " + prefix
                        : prefix + " " + kind.replace("GATEWAY", ipv6 ? "2001:db8:9::2" : "198.51.100.2");
                sh("ip route add " + route + " proto 17");
                String before = shown(prefix);
                Route wanted = new Route.Unreachable();
                RouteKey other = to(ipv6 ? "fd00:10:244:7::/64" : "10.244.7.0/24");
                assertThatThrownBy(() -> put(table, Map.of(to(prefix), wanted, other, new Route.Unreachable())))
                        .hasMessage(
                                "RTM_NEWROUTE " + prefix
                                        + ": the node has a route to it that Fyr did not make, and does not replace; remove that route");
                assertThat(table.list())
                        .as("others are made")
                        .isEqualTo(new TreeMap<>(Map.of(other, new Route.Unreachable())));
                remove(table, Set.of(to(prefix), other));
                assertThat(shown(prefix)).isEqualTo(before);
                sh("ip route del " + route + " proto 17");
                put(table, Map.of(to(prefix), wanted));
                assertThat(table.list()).isEqualTo(new TreeMap<>(Map.of(to(prefix), wanted)));
                remove(table, Set.of(to(prefix)));
            }
        } finally {
            sh("ip link del eth9; ip route flush proto 17; ip -6 route flush proto 17");
        }
    }

    /** The kernel first looks up the IPv6 gateway and finds it through the foreign route. */
    @Test
    void aForeignRouteThatLeadsToOurGatewayIsSuspected() {
        RouteTable table = RouteTable.main(overlays.socket);
        foreignLink();
        try {
            sh("ip route add fd00:10:244:9::/64 dev eth9 proto 17");
            assertThatThrownBy(() -> put(table, Map.of(to("fd00:10:244:9::/64"), by("fyr-vxlan6", "fd00:10:244:9::"))))
                    .hasMessage(
                            "RTM_NEWROUTE fd00:10:244:9::/64: EINVAL (Nexthop has invalid gateway or device mismatch);"
                                    + " does another route, which Fyr did not make, lead to its gateway?");
            assertThat(shown("fd00:10:244:9::/64")).contains("dev eth9 proto 17");
        } finally {
            sh("ip link del eth9");
        }
    }

    /**
     * Others add their route after ours was created: beside ours, before it in the kernel's list, or as a further hop of it that has not
     * been listed when ours is replaced.
     */
    @ParameterizedTest
    @ValueSource(strings = {"append", "prepend"})
    void aForeignRouteBesideOursStays(String how) {
        RouteTable table = RouteTable.main(overlays.socket);
        foreignLink();
        try {
            for (String prefix : List.of("10.244.9.0/24", "fd00:10:244:9::/64")) {
                boolean ipv6 = prefix.contains(":");
                String address = prefix.substring(0, prefix.indexOf('/'));
                String link = ipv6 ? "fyr-vxlan6" : "fyr-vxlan4";
                String gateway = ipv6 ? "2001:db8:9::2" : "198.51.100.2";
                put(table, Map.of(to(prefix), by(link, address)));
                sh("ip route " + how + " " + prefix + " via " + gateway + " dev eth9 proto 17");
                for (Route next : List.of(by(link, next(address)), new Route.Unreachable())) {
                    try {
                        put(table, Map.of(to(prefix), next));
                    } catch (KernelException refused) {
                        assertThat(refused.errno()).isIn(Errno.EEXIST, Errno.EINVAL);
                    }
                    assertThat(shown(prefix)).as("%s after %s", next, how).contains(gateway);
                }
                table.list();
                remove(table, Set.of(to(prefix)));
                assertThat(shown(prefix)).contains(gateway);
                assertThat(table.list()).isEmpty();
                sh("ip route del " + prefix + " proto 17");
            }
        } finally {
            sh("ip link del eth9; ip route flush proto 17; ip -6 route flush proto 17");
        }
    }

    /** In IPv6 it becomes a part of our route, whoever adds it; the route to the other hop remains at any time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "append PREFIX via 2001:db8:9::2 dev eth9 proto 17",
                "prepend PREFIX via 2001:db8:9::2 dev eth9",
                "append PREFIX via 2001:db8:9::2 dev eth9 proto 171",
                "append PREFIX nexthop via 2001:db8:9::2 dev eth9 nexthop via 2001:db8:9::3 dev eth9"
            })
    void aHopThatOthersAddToOurRouteIsRemoved(String addition) {
        RouteTable table = RouteTable.main(overlays.socket);
        foreignLink();
        try {
            String prefix = "fd00:10:244:9::/64";
            SortedMap<RouteKey, Route> ours = new TreeMap<>(Map.of(to(prefix), by("fyr-vxlan6", "fd00:10:244:9::")));
            put(table, ours);
            String before = shown(prefix);
            sh("ip -6 route " + addition.replace("PREFIX", prefix));
            assertThat(shown(prefix)).contains("nexthop via 2001:db8:9::2");
            assertThat(table.list()).containsOnlyKeys(to(prefix)).isNotEqualTo(ours);
            put(table, ours);
            assertThat(shown(prefix)).isEqualTo(before);
            assertThat(table.list()).isEqualTo(ours);
            sh("ip -6 route " + addition.replace("PREFIX", prefix));
            assertThat(table.list()).isNotEqualTo(ours);
            remove(table, Set.of(to(prefix)));
            assertThat(shown(prefix)).as("the whole route is ours").isEmpty();
        } finally {
            sh("ip link del eth9");
        }
    }

    /** They differ in nothing that a deletion names, or in the type of service. */
    @Test
    void severalRoutesOfOurProtocolBecomeOne() {
        RouteTable table = RouteTable.main(overlays.socket);
        SortedMap<RouteKey, Route> ours = new TreeMap<>(Map.of(to("10.244.9.0/24"), by("fyr-vxlan4", "10.244.9.0")));
        put(table, ours);
        String before = shown("10.244.9.0/24");
        for (String other :
                List.of("via 10.244.9.1", "via 10.244.9.2", "tos 4 via 10.244.9.0", "metric 9 via 10.244.9.0")) {
            sh("ip route append 10.244.9.0/24 " + other + " dev fyr-vxlan4 onlink proto 171");
        }
        assertThat(table.list()).isNotEqualTo(ours);
        put(table, ours);
        assertThat(shown("10.244.9.0/24")).isEqualTo(before);
        remove(table, ours.keySet());
    }

    private static String next(String address) {
        return ip(address).plus(7).toString();
    }

    /** Without -6, ip shows no routes of an IPv6 prefix. */
    private static String shown(String prefix) {
        return sh((prefix.contains(":") ? "ip -6 route show " : "ip route show ") + prefix);
    }

    private static void foreignLink() {
        sh("ip link add eth9 type veth peer name eth10 && ip link set eth9 up && ip link set eth10 up");
        sh("ip addr add 198.51.100.1/24 dev eth9 && ip addr add 2001:db8:9::1/64 dev eth9 nodad");
    }

    /** Packets that match no route of ours would leave through the default route. */
    @Test
    void thereIsARouteAtAnyTimeWhileOneIsReplaced() throws Exception {
        RouteTable table = RouteTable.main(overlays.socket);
        List<RouteKey> keys = List.of(to("10.244.9.0/24"), to("fd00:10:244:9::/64"));
        try (NetlinkSocket watch = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            for (RouteKey key : keys) {
                put(table, Map.of(key, new Route.Unreachable()));
                int family = key.destination().family() == Family.IPV4 ? Rtnetlink.AF_INET : Rtnetlink.AF_INET6;
                AtomicBoolean replacing = new AtomicBoolean(true);
                AtomicInteger looks = new AtomicInteger();
                AtomicInteger gaps = new AtomicInteger();
                Thread looking = Thread.ofPlatform().start(() -> {
                    while (replacing.get()) {
                        try {
                            boolean none = RouteMessage.ours(watch, family, Rtnetlink.RT_TABLE_MAIN, Map.of())
                                    .isEmpty();
                            looks.incrementAndGet();
                            gaps.addAndGet(none ? 1 : 0);
                        } catch (KernelException restless) {
                            // EAGAIN: the routes changed during every attempt to list them.
                            assertThat(restless.errno()).isEqualTo(Errno.EAGAIN);
                        }
                    }
                });
                for (int i = 0; i < 300; i++) {
                    put(table, Map.of(key, i % 2 == 0 ? device(family) : new Route.Unreachable()));
                }
                replacing.set(false);
                looking.join();
                assertThat(looks.get()).isPositive();
                assertThat(gaps.get()).as("of %d looks", looks.get()).isZero();
                assertThat(table.list()).containsOnlyKeys(key);
                assertThat(sh("ip route show proto 171; ip -6 route show proto 171")
                                .lines())
                        .hasSize(1);
                remove(table, Set.of(key));
            }
        }
    }

    private static Route device(int family) {
        String link = family == Rtnetlink.AF_INET ? "fyr-vxlan4" : "fyr-vxlan6";
        return new Route.Unicast(link, Optional.empty(), false, Optional.empty(), OptionalInt.empty());
    }

    @Test
    void refusedRoutesHoldBackNoOthers() {
        RouteTable table = RouteTable.main(overlays.socket);
        Map<RouteKey, Route> wanted = new TreeMap<>(Map.of(
                to("10.1.0.0/24"), by("fyr-absent", "10.1.0.0"),
                to("10.2.0.0/24"),
                        new Route.Unicast(
                                "fyr-vxlan4",
                                Optional.of(ip("10.2.0.0")),
                                true,
                                Optional.of(ip("203.0.113.9")),
                                OptionalInt.empty()),
                to("10.4.0.0/24"), by("fyr-absent", "10.4.0.0")));
        for (int i = 0; i < 300; i++) {
            wanted.put(to("10.3." + i % 256 + "." + (i / 256) + "/32"), new Route.Unreachable());
        }
        assertThatThrownBy(() -> put(table, wanted))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.ENODEV))
                .hasMessage("RTM_NEWROUTE 10.1.0.0/24: there is no link fyr-absent, and 2 more failed");
        assertThat(table.list()).hasSize(300);
        remove(table, table.list().keySet());
    }

    /** If a family is missing from the kernel, as with ipv6.disable=1, a request for its routes lists the routes of all other families. */
    @Test
    void aFamilyThatTheKernelDoesNotHaveHasNoRoutes() {
        int appleTalk = 5;
        put(RouteTable.main(overlays.socket), Map.of(to("10.1.0.0/24"), new Route.Unreachable()));
        MessageWriter question = MessageWriter.of(Rtnetlink.RTM_GETROUTE, 0)
                .put8(appleTalk)
                .put32(0)
                .put8(Route.PROTOCOL)
                .put16(0)
                .put32(0);
        List<Integer> families = overlays.socket.dump("RTM_GETROUTE", question, message -> Optional.of(message.u8(0)));
        assertThat(families).contains(Rtnetlink.AF_INET);
        assertThat(RouteMessage.ours(overlays.socket, appleTalk, Rtnetlink.RT_TABLE_MAIN, Map.of()))
                .isEmpty();
        remove(RouteTable.main(overlays.socket), Set.of(to("10.1.0.0/24")));
    }
}
