package fyr.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.linux.Command;
import fyr.linux.libc.NoLeaks;
import fyr.linux.namespace.NetworkNamespace;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkEvents;
import fyr.linux.netlink.NetlinkSocket;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class TablesKernelIT {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:02");
    private static final Link.Vxlan VXLAN4 = new Link.Vxlan(42, 8472, ip("192.0.2.1"), MAC, 1450);
    private static final Link.Vxlan VXLAN6 = new Link.Vxlan(43, 8472, ip("2001:db8::1"), MAC, 1430);

    private NetlinkSocket socket;
    private LinkTable links;

    @BeforeEach
    void open() {
        socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
        links = new LinkTable(socket);
        put(links, Map.of("fyr-vxlan4", VXLAN4, "fyr-vxlan6", VXLAN6));
    }

    @AfterEach
    void close() {
        links.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(links.list().keySet())));
        socket.close();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static <K extends Comparable<? super K>, V> void put(KernelTable<K, V> table, Map<K, V> entries) {
        table.apply(new Delta<>(new TreeMap<>(entries), new TreeSet<>()));
    }

    private static <K extends Comparable<? super K>, V> void remove(KernelTable<K, V> table, Set<K> keys) {
        table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(keys)));
    }

    private static RouteKey to(String prefix) {
        return new RouteKey(Prefix.parse(prefix));
    }

    private static Route by(String link, String gateway) {
        return new Route.Unicast(link, Optional.of(ip(gateway)), true, Optional.empty(), OptionalInt.empty());
    }

    @Test
    void linksAsIpSeesThem() {
        assertThat(Command.run("ip -d link show fyr-vxlan4"))
                .contains(
                        "mtu 1450",
                        "vxlan id 42",
                        "local 192.0.2.1",
                        "dstport 8472",
                        "nolearning",
                        "02:00:00:00:00:01",
                        "UP",
                        "addrgenmode none");
        assertThat(Command.run("ip -d link show fyr-vxlan6"))
                .contains("vxlan id 43", "local 2001:db8::1", "nolearning");
        assertThat(Command.run("ip addr show dev fyr-vxlan6")).doesNotContain("fe80");
        assertThat(links.list()).containsExactlyInAnyOrderEntriesOf(Map.of("fyr-vxlan4", VXLAN4, "fyr-vxlan6", VXLAN6));
        Command.run("ip link add fyr0a1b type veth peer name other0");
        assertThat(links.list()).containsOnlyKeys("fyr-vxlan4", "fyr-vxlan6");
        Command.run("ip link del fyr0a1b");
    }

    @Test
    void linksAreRepairedInPlaceWherePossible() {
        String index = Command.run("ip -o link show fyr-vxlan4").split(":")[0];
        Link.Vxlan changed = new Link.Vxlan(42, 8472, ip("192.0.2.1"), PEER, 1400);
        put(links, Map.of("fyr-vxlan4", changed));
        assertThat(links.list()).containsEntry("fyr-vxlan4", changed);
        Command.run("ip link set fyr-vxlan4 down");
        assertThat(links.list()).containsEntry("fyr-vxlan4", new Link.Foreign("vxlan, down"));
        put(links, Map.of("fyr-vxlan4", changed));
        assertThat(Command.run("ip -o link show fyr-vxlan4")).startsWith(index + ":");
        Link.Vxlan other = new Link.Vxlan(99, 8472, ip("192.0.2.1"), PEER, 1400);
        put(links, Map.of("fyr-vxlan4", other));
        assertThat(links.list()).containsEntry("fyr-vxlan4", other);
        assertThat(Command.run("ip -o link show fyr-vxlan4")).doesNotStartWith(index + ":");
        Command.run("ip link add fyr-bridge type bridge");
        assertThat(links.list()).containsEntry("fyr-bridge", new Link.Foreign("bridge, down"));
        remove(links, Set.of("fyr-bridge", "fyr-absent"));
        assertThat(links.list()).doesNotContainKey("fyr-bridge");
    }

    @Test
    void addresses() {
        AddressTable table = new AddressTable(socket);
        AddressKey four = new AddressKey("fyr-vxlan4", ip("10.244.1.0"));
        AddressKey six = new AddressKey("fyr-vxlan6", ip("fd00:10:244:1::"));
        put(table, Map.of(four, new InterfaceAddress(32), six, new InterfaceAddress(128)));
        assertThat(Command.run("ip -o addr"))
                .contains("inet 10.244.1.0/32", "inet6 fd00:10:244:1::/128")
                .doesNotContain("tentative");
        assertThat(table.list())
                .isEqualTo(new TreeMap<>(Map.of(four, new InterfaceAddress(32), six, new InterfaceAddress(128))));
        put(table, Map.of(four, new InterfaceAddress(24), six, new InterfaceAddress(64)));
        assertThat(table.list())
                .isEqualTo(new TreeMap<>(Map.of(four, new InterfaceAddress(24), six, new InterfaceAddress(64))));
        Command.run("ip addr add 10.244.1.0/30 dev fyr-vxlan4");
        assertThat(table.list().get(four)).isEqualTo(new InterfaceAddress(-1));
        put(table, Map.of(four, new InterfaceAddress(24)));
        assertThat(table.list()).containsEntry(four, new InterfaceAddress(24));
        remove(table, Set.of(four, six, new AddressKey("fyr-absent", ip("10.0.0.1"))));
        assertThat(table.list()).isEmpty();
    }

    @Test
    void routesAsIpSeesThem() {
        RouteTable table = new RouteTable(socket);
        Command.run("ip addr add 10.244.1.0/32 dev fyr-vxlan4");
        Command.run("ip route add 198.51.100.0/24 dev fyr-vxlan4");
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
        assertThat(Command.run("ip route show proto 171"))
                .contains(
                        "10.244.2.0/24 via 10.244.2.0 dev fyr-vxlan4 src 10.244.1.0 onlink mtu 1400",
                        "unreachable 10.244.1.0/24",
                        "10.244.1.7 dev fyr-vxlan4 scope link",
                        "10.244.3.0/24 via inet6 fd00:10:244:3:: dev fyr-vxlan6 onlink");
        assertThat(Command.run("ip -6 route show proto 171"))
                .contains(
                        "fd00:10:244:2::/64 via fd00:10:244:2:: dev fyr-vxlan6 metric 1024 onlink",
                        "unreachable fd00:10:244:1::/64",
                        "default via fe80::9 dev fyr-vxlan6");
        remove(
                table,
                Set.of(to("10.244.2.0/24"), to("fd00:10:244:2::/64"), to("198.51.100.0/24"), to("203.0.113.0/24")));
        assertThat(table.list()).hasSize(6);
        assertThat(Command.run("ip route")).contains("198.51.100.0/24 dev fyr-vxlan4");
        remove(table, table.list().keySet());
    }

    @Test
    void routesAreReplacedByEveryOtherKind() {
        RouteTable table = new RouteTable(socket);
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
        RouteTable table = new RouteTable(socket);
        Command.run("ip route add 10.244.8.0/24 dev fyr-vxlan4 proto 171 metric 7");
        Command.run("ip route add 10.244.8.0/24 dev fyr-vxlan4 proto 171 metric 8");
        Command.run("ip -6 route add fd00:10:244:8::/64 dev fyr-vxlan6 proto 171 metric 7");
        Map<RouteKey, Route> wanted =
                Map.of(to("10.244.8.0/24"), new Route.Unreachable(), to("fd00:10:244:8::/64"), new Route.Unreachable());
        assertThat(table.list()).containsOnlyKeys(wanted.keySet()).doesNotContainValue(new Route.Unreachable());
        put(table, wanted);
        assertThat(table.list()).isEqualTo(new TreeMap<>(wanted));
        remove(table, wanted.keySet());
        assertThat(table.list()).isEmpty();
    }

    @Test
    void aRouteByAnAbsentLinkIsRefused() {
        assertThatThrownBy(() -> put(new RouteTable(socket), Map.of(to("10.1.0.0/24"), by("fyr-absent", "10.1.0.0"))))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.ENODEV))
                .hasMessageContaining("RTM_NEWROUTE 10.1.0.0/24: ENODEV (there is no link fyr-absent)");
    }

    @Test
    void neighboursAndForwardingEntries() {
        NeighbourTable neighbours = new NeighbourTable(socket);
        Map<NeighbourKey, Neighbour> known = Map.of(
                new NeighbourKey("fyr-vxlan4", ip("10.244.2.0")), new Neighbour(PEER),
                new NeighbourKey("fyr-vxlan6", ip("fd00:10:244:2::")), new Neighbour(PEER));
        put(neighbours, known);
        Command.run("ip neigh add 10.244.3.0 lladdr 02:00:00:00:00:03 dev fyr-vxlan4 nud stale");
        assertThat(neighbours.list()).isEqualTo(new TreeMap<>(known));
        assertThat(Command.run("ip neigh show nud permanent"))
                .contains(
                        "10.244.2.0 dev fyr-vxlan4 lladdr 02:00:00:00:00:02",
                        "fd00:10:244:2:: dev fyr-vxlan6 lladdr 02:00:00:00:00:02");

        FdbTable fdb = new FdbTable(socket);
        FdbKey four = new FdbKey("fyr-vxlan4", PEER);
        FdbKey six = new FdbKey("fyr-vxlan6", PEER);
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.9")), six, new FdbEntry(ip("2001:db8::9"))));
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.2")), six, new FdbEntry(ip("2001:db8::2"))));
        Command.run("bridge fdb append 00:00:00:00:00:00 dev fyr-vxlan4 dst 192.0.2.77 self permanent");
        assertThat(fdb.list())
                .isEqualTo(new TreeMap<>(
                        Map.of(four, new FdbEntry(ip("192.0.2.2")), six, new FdbEntry(ip("2001:db8::2")))));
        assertThat(Command.run("bridge fdb show dev fyr-vxlan4"))
                .contains("02:00:00:00:00:02 dst 192.0.2.2 self permanent");
        assertThat(Command.run("bridge fdb show dev fyr-vxlan6"))
                .contains("02:00:00:00:00:02 dst 2001:db8::2 self permanent");
        Command.run("bridge fdb del 02:00:00:00:00:02 dev fyr-vxlan4 self");
        Command.run("bridge fdb add 02:00:00:00:00:02 dev fyr-vxlan4 dst 192.0.2.5 port 99 self permanent");
        assertThat(fdb.list().get(four)).isNotEqualTo(new FdbEntry(ip("192.0.2.5")));
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.5"))));
        assertThat(fdb.list()).containsEntry(four, new FdbEntry(ip("192.0.2.5")));
        remove(fdb, Set.of(four, six, new FdbKey("fyr-vxlan4", MAC), new FdbKey("fyr-absent", MAC)));
        assertThat(fdb.list()).isEmpty();
        remove(neighbours, known.keySet());
        remove(neighbours, known.keySet());
        assertThat(neighbours.list()).isEmpty();
    }

    @Test
    void settings() {
        try (NetworkNamespace here = NetworkNamespace.current()) {
            SysctlTable table = new SysctlTable(here);
            SysctlKey forward = new SysctlKey("net/ipv4/ip_forward");
            SysctlKey ports = new SysctlKey("net/ipv4/ip_local_port_range");
            assertThat(table.list()).isEmpty();
            put(table, Map.of(forward, "1", ports, "20000 30000"));
            assertThat(table.list()).isEqualTo(new TreeMap<>(Map.of(forward, "1", ports, "20000 30000")));
            assertThat(Command.run("cat /proc/sys/net/ipv4/ip_forward")).isEqualTo("1\n");
            remove(table, Set.of(ports));
            assertThat(table.list()).containsOnlyKeys(forward);
            assertThatThrownBy(() -> put(table, Map.of(new SysctlKey("net/ipv4/no_such"), "1")))
                    .hasMessageContaining("ENOENT");
        }
    }

    @Test
    void anAddressOnAForeignLinkIsKnownByItsProtocolNumber() {
        AddressKey dns = new AddressKey("lo", ip("10.96.0.10"));
        AddressKey dnsSix = new AddressKey("lo", ip("fd00:10:96::a"));
        Command.run("ip address add 10.9.9.9/32 dev lo");
        put(new AddressTable(socket), Map.of(dns, new InterfaceAddress(32), dnsSix, new InterfaceAddress(128)));
        AddressTable afterRestart = new AddressTable(socket);
        assertThat(afterRestart.list()).containsOnlyKeys(dns, dnsSix);
        remove(afterRestart, Set.of(dns, dnsSix));
        assertThat(afterRestart.list()).isEmpty();
        assertThat(Command.run("ip address show dev lo")).contains("10.9.9.9/32").doesNotContain("10.96.0.10");
        Command.run("ip address del 10.9.9.9/32 dev lo");
    }

    @Test
    void theLinkOfAnAddress() {
        Command.run("ip link add host0 type bridge");
        Command.run("ip addr add 172.18.0.11/24 dev host0");
        Command.run("ip addr add 2001:db8:5::11/64 dev host0");
        assertThat(new LinuxLinks(socket).withAddress(ip("172.18.0.11"))).hasValueSatisfying(link -> {
            assertThat(link.name()).isEqualTo("host0");
            assertThat(link.mtu()).isEqualTo(1500);
            assertThat(link.subnets()).containsExactly(Prefix.parse("172.18.0.0/24"), Prefix.parse("2001:db8:5::/64"));
        });
        assertThat(new LinuxLinks(socket).withAddress(ip("172.18.0.12"))).isEmpty();
        Command.run("ip link del host0");
    }

    @Test
    void thousandsOfNodes() {
        int nodes = 5000;
        SortedMap<RouteKey, Route> routes = new TreeMap<>();
        SortedMap<NeighbourKey, Neighbour> neighbours = new TreeMap<>();
        SortedMap<FdbKey, FdbEntry> fdb = new TreeMap<>();
        for (int i = 0; i < nodes; i++) {
            IpAddress four = ip("10.0.0.0").plus(256L * i);
            IpAddress six = IpAddress.parse("fd00:10:%x::".formatted(i));
            routes.put(new RouteKey(new Prefix(four, 24)), by("fyr-vxlan4", four.toString()));
            routes.put(new RouteKey(new Prefix(six, 64)), by("fyr-vxlan6", six.toString()));
            neighbours.put(new NeighbourKey("fyr-vxlan4", four), new Neighbour(MacAddress.local(i)));
            fdb.put(
                    new FdbKey("fyr-vxlan4", MacAddress.local(i)),
                    new FdbEntry(ip("192.0.2.1").plus(i)));
        }
        // Most of the time is the kernel's, and IPv4's: "ip -batch" takes as long, nine tenths of it for the 5,000
        // routes of IPv4, most of
        // which is waiting, not computing.
        measured("routes", new RouteTable(socket), routes);
        // Permanent neighbours are exempt from gc_thresh3 (1024): neigh_alloc and NTF_EXT_LEARNED/NUD_PERMANENT in
        // net/core/neighbour.c.
        measured("neighbours", new NeighbourTable(socket), neighbours);
        measured("fdb", new FdbTable(socket), fdb);
    }

    private static <K extends Comparable<? super K>, V> void measured(
            String what, KernelTable<K, V> table, SortedMap<K, V> entries) {
        long begin = System.nanoTime();
        table.apply(new Delta<>(entries, new TreeSet<>()));
        long applied = System.nanoTime();
        assertThat(table.list()).isEqualTo(entries);
        long listed = System.nanoTime();
        remove(table, entries.keySet());
        long removed = System.nanoTime();
        assertThat(table.list()).isEmpty();
        System.out.printf(
                "%d %s: applied in %d ms, listed in %d ms, removed in %d ms%n",
                entries.size(),
                what,
                (applied - begin) / 1_000_000,
                (listed - applied) / 1_000_000,
                (removed - listed) / 1_000_000);
    }

    @Test
    void eventsTellWhatChanged() throws Exception {
        var heard = new LinkedBlockingQueue<KernelEvent>();
        try (NetlinkEvents events = KernelEvents.subscribe(Set.of(), heard::add)) {
            assertThat(events).isNotNull();
            put(new RouteTable(socket), Map.of(to("10.244.2.0/24"), new Route.Unreachable()));
            Command.run("ip route del 10.244.2.0/24 proto 171");
            Command.run("ip neigh add fd00::7 lladdr 02:00:00:00:00:07 dev fyr-vxlan6 nud permanent");
            Command.run("ip addr add 10.244.1.0/32 dev fyr-vxlan4");
            Command.run("ip link del fyr-vxlan4");
            await(
                    heard,
                    new KernelEvent.Changed(KernelEvent.Subject.ROUTE, false, "10.244.2.0/24 table 254 proto 171"));
            await(heard, new KernelEvent.Changed(KernelEvent.Subject.ROUTE, true, "10.244.2.0/24 table 254 proto 171"));
            await(heard, KernelEvent.Subject.NEIGHBOUR, "fd00::7 lladdr 02:00:00:00:00:07");
            await(heard, KernelEvent.Subject.ADDRESS, "10.244.1.0/32");
            await(heard, new KernelEvent.Changed(KernelEvent.Subject.LINK, true, "fyr-vxlan4"));
        }
    }

    private static void await(LinkedBlockingQueue<KernelEvent> heard, KernelEvent wanted) throws InterruptedException {
        KernelEvent event = heard.poll(5, TimeUnit.SECONDS);
        while (!wanted.equals(event)) {
            assertThat(event).as("before %s", wanted).isNotNull();
            event = heard.poll(5, TimeUnit.SECONDS);
        }
    }

    private static void await(LinkedBlockingQueue<KernelEvent> heard, KernelEvent.Subject subject, String detail)
            throws InterruptedException {
        while (true) {
            KernelEvent event = heard.poll(5, TimeUnit.SECONDS);
            assertThat(event).as("before %s", detail).isNotNull();
            if (event instanceof KernelEvent.Changed changed
                    && changed.subject() == subject
                    && changed.detail().startsWith(detail)) {
                return;
            }
        }
    }
}
