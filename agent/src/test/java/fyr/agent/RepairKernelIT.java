package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.pod.PodLink;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever somebody else removes or rewrites of ours is restored within a second, long before the look of every five minutes. */
class RepairKernelIT {

    private static final PodLink POD = new PodLink(
            "fyr0000000a",
            "eth7",
            RepairedNode.POD_NAMESPACE,
            MacAddress.local(1),
            MacAddress.local(2),
            1400,
            List.of(IpAddress.parse("10.244.1.7"), IpAddress.parse("fd00:10:244:1::7")));

    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node("node1", List.of("192.0.2.11", "2001:db8:2::11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
            .node("node2", List.of("192.0.2.12", "2001:db8:2::12"), List.of("10.244.2.0/24", "fd00:10:244:2::/64"))
            .node("node3", List.of("198.51.100.13"), List.of("10.244.3.0/24", "fd00:10:244:3::/64"))
            .node("node4", List.of("198.51.100.14"), List.of("10.244.4.0/24", "fd00:10:244:4::/64"))
            .service("web", 80, 30080, "10.96.0.7", "fd00:10:96::7")
            .endpoints("web", Family.IPV4, 8080, "10.244.1.7", "10.244.2.9")
            .endpoints("web", Family.IPV6, 8080, "fd00:10:244:1::7")
            .service("none", 81, 0, "10.96.0.8");

    private RepairedNode node;
    private LinuxKernel other;
    private KernelPlan plan;

    @BeforeEach
    void start() throws Exception {
        node = new RepairedNode(CLUSTER.snapshot(), List.of(POD));
        other = node.other();
        plan = node.plan();
        assertThat(plan.table(Tables.LINKS).size()).isEqualTo(1);
        assertThat(plan.table(Tables.NEIGHBOURS).size()).isGreaterThan(4);
    }

    @AfterEach
    void stop() throws Exception {
        node.stop();
    }

    private void assertRepaired(String command) throws Exception {
        node.assertRepaired(command);
    }

    private <K extends Comparable<? super K>, V> void eachIsPutBack(
            KernelTable<K, V> table, PersistentMap<K, V> expected) throws Exception {
        for (K key : expected.sorted().keySet()) {
            node.assertRepaired(
                    "removal of " + table.id().name() + " " + key,
                    () -> table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(List.of(key)))));
        }
    }

    private <K extends Comparable<? super K>, V> void eachIsSetRight(
            KernelTable<K, V> table, PersistentMap<K, V> expected) throws Exception {
        SortedMap<K, V> sorted = expected.sorted();
        for (K key : sorted.keySet()) {
            for (V value : new ArrayList<>(sorted.values())) {
                if (!value.equals(sorted.get(key))) {
                    node.assertRepaired(table.id().name() + " " + key + " rewritten", () -> rewrite(table, key, value));
                    break;
                }
            }
        }
    }

    /**
     * A route is replaced by several messages, and the loop may put its own route back between two of them (EEXIST): the route was removed
     * then, and is already being repaired.
     */
    private static <K extends Comparable<? super K>, V> void rewrite(KernelTable<K, V> table, K key, V value) {
        try {
            table.apply(new Delta<>(new TreeMap<>(Map.of(key, value)), new TreeSet<>()));
        } catch (KernelException raced) {
            if (!raced.errno().equals(Errno.EEXIST)) {
                throw raced;
            }
        }
    }

    @Test
    void everyEntryOfEveryTableThatIsRemoved() throws Exception {
        eachIsPutBack(other.table(Tables.ROUTES), plan.table(Tables.ROUTES));
        eachIsPutBack(other.table(Tables.FDB), plan.table(Tables.FDB));
        eachIsPutBack(other.table(Tables.NEIGHBOURS), plan.table(Tables.NEIGHBOURS));
        eachIsPutBack(other.table(Tables.ADDRESSES), plan.table(Tables.ADDRESSES));
        eachIsPutBack(other.table(Tables.LINKS), plan.table(Tables.LINKS));
    }

    @Test
    void everyPacketRuleThatIsRemoved() throws Exception {
        for (NftKey key :
                plan.table(Tables.NFT).sorted(NftKey.TableKey.class::isInstance).keySet()) {
            assertRemovalRepaired(key);
        }
        long seed = System.nanoTime();
        System.out.println("elements by seed " + seed);
        Random random = new Random(seed);
        for (List<NftKey.ElementKey> elements : elements().values()) {
            assertRemovalRepaired(elements.get(random.nextInt(elements.size())));
        }
        for (NftKey key :
                plan.table(Tables.NFT).sorted(NftKey.ChainKey.class::isInstance).keySet()) {
            if (key instanceof NftKey.ChainKey(Family family, String chain)) {
                String name = NftKey.word(family) + " fyr " + chain;
                assertRepaired("nft flush chain " + name + "; nft add rule " + name + " counter");
                assertRepaired("nft insert rule " + name + " accept");
            }
        }
    }

    private void assertRemovalRepaired(NftKey key) throws Exception {
        node.assertRepaired(
                "removal of " + key,
                () -> other.table(Tables.NFT).apply(new Delta<>(new TreeMap<>(), new TreeSet<>(List.of(key)))));
    }

    /** By their set. */
    private Map<String, List<NftKey.ElementKey>> elements() {
        return plan.table(Tables.NFT).sorted().keySet().stream()
                .filter(NftKey.ElementKey.class::isInstance)
                .map(NftKey.ElementKey.class::cast)
                .collect(Collectors.groupingBy(key -> key.family() + key.set(), TreeMap::new, Collectors.toList()));
    }

    @Test
    void everyMapThatLeadsElsewhere() throws Exception {
        int rewritten = 0;
        for (List<NftKey.ElementKey> elements : elements().values()) {
            NftKey.ElementKey key = elements.getFirst();
            NftObject value = plan.table(Tables.NFT).get(key).orElseThrow();
            for (NftKey.ElementKey another : elements) {
                NftObject wrong = plan.table(Tables.NFT).get(another).orElseThrow();
                if (!wrong.equals(value) && last(wrong).equals(last(value))) {
                    rewritten++;
                    node.assertRepaired("another value of " + key, () -> {
                        other.table(Tables.NFT).apply(new Delta<>(new TreeMap<>(), new TreeSet<>(List.of(key))));
                        other.table(Tables.NFT).apply(new Delta<>(new TreeMap<>(Map.of(key, wrong)), new TreeSet<>()));
                    });
                    break;
                }
            }
        }
        assertThat(rewritten).as("maps with different values").isGreaterThan(1);
    }

    /** Of an interval its end, which is a part of what it is found by. */
    private static Optional<Bytes> last(NftObject object) {
        return object instanceof NftObject.Element(Optional<Bytes> last, var _) ? last : Optional.empty();
    }

    @Test
    void everyEntryThatIsRewritten() throws Exception {
        eachIsSetRight(other.table(Tables.ROUTES), plan.table(Tables.ROUTES));
        eachIsSetRight(other.table(Tables.FDB), plan.table(Tables.FDB));
        eachIsSetRight(other.table(Tables.NEIGHBOURS), plan.table(Tables.NEIGHBOURS));
        for (AddressKey key : plan.table(Tables.ADDRESSES).sorted().keySet()) {
            int bits = key.address().family().bits();
            for (InterfaceAddress value : List.of(
                    new InterfaceAddress(bits - 1),
                    new InterfaceAddress(bits, key.link().equals("lo")))) {
                node.assertRepaired(
                        "addresses " + key + " as " + value,
                        () -> other.table(Tables.ADDRESSES)
                                .apply(new Delta<>(new TreeMap<>(Map.of(key, value)), new TreeSet<>())));
            }
        }
        for (String path : plan.table(Tables.SYSCTLS).sorted(_ -> true).keySet().stream()
                .map(Object::toString)
                .toList()) {
            String now = RepairedNode.sh("cat /proc/sys/" + path).strip();
            assertRepaired("echo " + (now.equals("0") ? 1 : 0) + " > /proc/sys/" + path);
        }
    }

    @Test
    void whatToolsDoToLinksAndAddresses() throws Exception {
        assertRepaired("ip link del fyr-vxlan");
        assertRepaired("ip link set fyr-vxlan down");
        assertRepaired("ip link set fyr-vxlan mtu 1300");
        assertRepaired("ip link set fyr-vxlan mtu 1000"); // below 1280 there is no IPv6
        assertRepaired("ip link set fyr-vxlan address 02:00:00:00:00:99");
        assertRepaired("ip link set fyr-vxlan type vxlan learning");
        assertRepaired("ip link add br9 type bridge || true; ip link set fyr-vxlan master br9");
        RepairedNode.sh("ip link del br9");
        assertRepaired("ip link set fyr-vxlan down; ip link set fyr-vxlan name foo");
        assertRepaired("ip link set fyr-vxlan down; ip link set fyr-vxlan name fyr-foo");
        assertRepaired("ip link set fyr-vxlan down; ip link set fyr-vxlan name foo mtu 1300");
        assertThat(RepairedNode.sh("ip -o link")).doesNotContain(" foo:", "fyr-foo");
        assertRepaired("ip link set " + POD.hostName() + " down");
        assertRepaired("ip addr flush dev fyr-vxlan");
        assertRepaired("ip addr del 10.244.1.0/32 dev fyr-vxlan");
        assertRepaired("ip addr add 10.244.1.0/24 dev fyr-vxlan; ip addr del 10.244.1.0/32 dev fyr-vxlan");
        assertRepaired("ip addr add 10.9.9.9/24 dev fyr-vxlan");
        assertRepaired("ip addr change 10.244.1.0/32 dev fyr-vxlan preferred_lft 0 valid_lft 1");
        assertRepaired("ip -6 addr change fd00:10:244:1::/128 dev fyr-vxlan preferred_lft 0");
        assertRepaired("ip addr del 10.96.0.10/32 dev lo");
        assertRepaired("ip link set eth0 down; ip link set eth0 up; ip -6 addr add 2001:db8:2::11/64 dev eth0 nodad");
    }

    @Test
    void whatToolsDoToNeighboursAndRoutes() throws Exception {
        assertRepaired("ip neigh flush dev fyr-vxlan nud permanent");
        assertRepaired("ip neigh change 10.244.3.0 dev fyr-vxlan lladdr 02:00:00:00:00:98 nud permanent");
        assertRepaired("ip neigh change 10.244.3.0 dev fyr-vxlan nud stale");
        assertRepaired("arp -i fyr-vxlan -d 10.244.3.0");
        assertRepaired("arp -i " + POD.hostName() + " -d 10.244.1.7");
        String mac =
                RepairedNode.sh("bridge fdb show dev fyr-vxlan | grep -m1 dst").split(" ")[0];
        assertRepaired("bridge fdb replace " + mac + " dev fyr-vxlan dst 192.0.2.77");
        assertRepaired("bridge fdb add 02:00:00:00:00:97 dev fyr-vxlan dst 192.0.2.77");
        assertRepaired("ip route flush table main proto 171");
        assertRepaired("ip -6 route flush table main proto 171");
        assertRepaired("ip route add 10.77.0.0/16 dev lo proto 171");
        assertRepaired("ip route change 10.244.2.0/24 via 192.0.2.99 proto 171");
        assertRepaired("ip route del 10.244.1.7");
        assertRepaired("ip -6 route del fd00:10:244:1::7");
        assertRepaired("route del -net 10.244.2.0 netmask 255.255.255.0");
        assertRepaired("route -A inet6 del fd00:10:244:2::/64 metric 1024");
        assertRepaired("route -A inet6 del fd00:10:244:1::7/128 metric 1024");
        assertRepaired("ip route change 10.244.2.0/24 via 192.0.2.12 proto 171 advmss 88");
    }

    /** In IPv6 a hop becomes a part of our route, whoever adds it. */
    @Test
    void hopsAppendedToRoutes() throws Exception {
        String ours = "fd00:10:244:2::/64";
        assertRepaired("ip -6 route append " + ours + " via 2001:db8:2::99 dev eth0");
        assertRepaired("ip -6 route prepend " + ours + " via 2001:db8:2::98 dev eth0 proto static");
        assertRepaired("ip -6 route append " + ours + " via 2001:db8:2::99 dev eth0 proto 171");
        assertRepaired("ip -6 route append " + ours + " nexthop via 2001:db8:2::98 nexthop via 2001:db8:2::99");
        assertRepaired("route -A inet6 add " + ours + " gw 2001:db8:2::99 metric 1024 dev eth0");
        assertThat(RepairedNode.sh("ip -6 route show " + ours)).doesNotContain("nexthop", "2001:db8:2::99");
        assertRepaired("ip route append 10.244.2.0/24 via 192.0.2.99 proto 171");
        assertRepaired("ip route append 10.244.2.0/24 via 192.0.2.98 proto 171;"
                + " ip route prepend 10.244.2.0/24 via 192.0.2.99 proto 171");
        assertRepaired("ip route append 10.244.2.0/24 tos 4 via 192.0.2.99 proto 171");
        assertRepaired("ip route append 10.244.2.0/24 via 192.0.2.99 metric 7 proto 171");
    }

    /** In IPv4, and in IPv6 next to a route without a gateway, it is a route of its own that belongs to somebody else; ours comes first. */
    @Test
    void routesThatOthersAppendStayTheirs() throws Exception {
        RepairedNode.sh("ip -6 route append fd00:10:244:1::7 via 2001:db8:2::99 dev eth0;"
                + " ip route append 10.244.2.0/24 via 192.0.2.99");
        assertRepaired("ip link set fyr-vxlan mtu 1300; ip route add 10.77.0.0/16 dev lo proto 171");
        assertThat(RepairedNode.sh("ip route get 10.244.2.9")).contains("via 192.0.2.12");
        assertThat(RepairedNode.sh("ip -6 route get fd00:10:244:1::7")).contains("dev " + POD.hostName());
        RepairedNode.sh(
                "ip -6 route del fd00:10:244:1::7 via 2001:db8:2::99; ip route del 10.244.2.0/24 via 192.0.2.99");
    }

    @Test
    void whatToolsDoToPacketRules() throws Exception {
        assertRepaired("nft flush ruleset");
        assertRepaired("nft delete table ip6 fyr");
        assertRepaired("nft flush table ip fyr");
        assertRepaired("nft flush map ip fyr services");
        assertRepaired("nft add table ip fyr '{ flags dormant; }'");
        assertRepaired("nft add chain ip fyr extra");
        assertRepaired("nft add set ip fyr extra '{ type ipv4_addr; }'");
        assertRepaired("nft rename chain ip fyr masquerading elsewhere");
        assertRepaired("nft add element ip fyr cluster-blocks '{ 10.200.0.0/16 }'");
        assertRepaired("nft 'delete element ip fyr pod-blocks { 10.244.1.0/24 };"
                + " add element ip fyr pod-blocks { 10.244.1.0/25 }'");
    }
}
