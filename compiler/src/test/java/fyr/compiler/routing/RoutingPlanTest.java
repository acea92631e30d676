package fyr.compiler.routing;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingPlanTest {

    private static final String SELF = "self";

    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node(SELF, List.of("192.0.2.11", "2001:db8:2::11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"));

    private static NodeIdentity identity(NodeIdentity.Overlay overlay, String... dns) {
        HostLink uplink = new HostLink(
                "eth0",
                1500,
                Stream.of("192.0.2.0/24", "203.0.113.0/24", "2001:db8:2::/64")
                        .map(Prefix::parse)
                        .toList());
        return new NodeIdentity(
                SELF, uplink, overlay, Arrays.stream(dns).map(IpAddress::parse).toList(), List.of());
    }

    private static RoutingPlan plan(ClusterSketch cluster, NodeIdentity identity) {
        return RoutingPlan.empty(identity).next(inputs(cluster, identity));
    }

    private static FeatureInputs inputs(ClusterSketch cluster, NodeIdentity identity) {
        return FeatureInputs.of(NodeInputs.of(identity).with(cluster.snapshot()));
    }

    private static RouteKey to(String destination) {
        return new RouteKey(Prefix.parse(destination));
    }

    private static Route.Unicast by(String link, Optional<String> gateway, boolean onlink, Optional<String> source) {
        return new Route.Unicast(
                link, gateway.map(IpAddress::parse), onlink, source.map(IpAddress::parse), OptionalInt.empty());
    }

    /** How a pair of nodes reach each other: by the addresses of the other, our subnets, the choice of overlay, and our own address. */
    @ParameterizedTest(name = "{0} {1} {2} from {3}: {4}")
    @CsvSource({
        "AUTO,   192.0.2.12,     IPV4, 192.0.2.11,     direct 192.0.2.12",
        "AUTO,   198.51.100.12,  IPV4, 192.0.2.11,     tunnel 198.51.100.12",
        "AUTO,   192.0.2.12,     IPV6, 192.0.2.11,     tunnel 192.0.2.12",
        "AUTO,   2001:db8:2::12, IPV6, 192.0.2.11,     direct 2001:db8:2::12",
        "AUTO,   2001:db8:2::12, IPV4, 192.0.2.11,     none",
        "AUTO,   2001:db8:2::12, IPV4, 2001:db8:2::11, tunnel 2001:db8:2::12",
        "AUTO,   198.51.100.12,  IPV4, 2001:db8:2::11, none",
        "AUTO,   198.51.100.12,  IPV4, -,              none",
        "AUTO,   192.0.2.12,     IPV4, -,              direct 192.0.2.12",
        "AUTO,   203.0.113.12,   IPV4, 192.0.2.11,     tunnel 203.0.113.12",
        "AUTO,   203.0.113.12,   IPV4, 203.0.113.11,   direct 203.0.113.12",
        "VXLAN,  192.0.2.12,     IPV4, 192.0.2.11,     tunnel 192.0.2.12",
        "VXLAN,  2001:db8:2::12, IPV4, 192.0.2.11,     none",
        "DIRECT, 192.0.2.12,     IPV4, 192.0.2.11,     direct 192.0.2.12",
        "DIRECT, 198.51.100.12,  IPV4, 192.0.2.11,     underlay",
        "DIRECT, 192.0.2.12,     IPV6, 192.0.2.11,     underlay",
    })
    void wayToANode(NodeIdentity.Overlay overlay, String address, Family family, String local, String expected) {
        Node peer = new Node("peer", List.of(IpAddress.parse(address)), List.of());
        Optional<Node> self = local.equals("-")
                ? Optional.empty()
                : Optional.of(new Node("self", List.of(IpAddress.parse(local)), List.of()));
        String way = switch (Path.to(peer, family, identity(overlay), self)) {
            case Path.Direct(IpAddress gateway) -> "direct " + gateway;
            case Path.Tunnel(IpAddress remote) -> "tunnel " + remote;
            case Path.Underlay() -> "underlay";
            case Path.None() -> "none";
        };
        assertThat(way).isEqualTo(expected);
    }

    @Test
    void aNodeOnOurSubnetIsTheNextHopAndNeedsNoTunnel() {
        RoutingPlan plan = plan(
                CLUSTER.node(
                        "peer",
                        List.of("192.0.2.12", "2001:db8:2::12"),
                        List.of("10.244.2.0/24", "fd00:10:244:2::/64")),
                identity(NodeIdentity.Overlay.AUTO));
        assertThat(plan.routes().sorted())
                .containsEntry(to("10.244.2.0/24"), by("eth0", Optional.of("192.0.2.12"), false, Optional.empty()))
                .containsEntry(
                        to("fd00:10:244:2::/64"), by("eth0", Optional.of("2001:db8:2::12"), false, Optional.empty()));
        assertThat(plan.links().isEmpty()).isTrue();
        assertThat(plan.addresses().isEmpty()).isTrue();
        assertThat(plan.neighbours().isEmpty()).isTrue();
    }

    @Test
    void aNodeElsewhereIsReachedThroughTheTunnelFromTheAddressOfOurBlock() {
        RoutingPlan plan = plan(
                CLUSTER.node("peer", List.of("198.51.100.12"), List.of("10.244.2.0/24", "fd00:10:244:2::/64")),
                identity(NodeIdentity.Overlay.AUTO));
        MacAddress mac = Overlay.mac("peer");
        IpAddress four = IpAddress.parse("10.244.2.0");
        IpAddress six = IpAddress.parse("fd00:10:244:2::");
        assertThat(plan.routes().sorted())
                .containsEntry(
                        to("10.244.2.0/24"),
                        by("fyr-vxlan", Optional.of("10.244.2.0"), true, Optional.of("10.244.1.0")))
                .containsEntry(
                        to("fd00:10:244:2::/64"),
                        by("fyr-vxlan", Optional.of("fd00:10:244:2::"), true, Optional.of("fd00:10:244:1::")));
        assertThat(plan.neighbours().sorted())
                .containsOnlyKeys(new NeighbourKey("fyr-vxlan", four), new NeighbourKey("fyr-vxlan", six))
                .containsValue(new Neighbour(mac));
        assertThat(plan.fdb().sorted())
                .containsOnlyKeys(new FdbKey("fyr-vxlan", mac))
                .containsValue(new FdbEntry(IpAddress.parse("198.51.100.12")));
        assertThat(plan.links().sorted().get("fyr-vxlan"))
                .isEqualTo(new Link.Vxlan(0x467972, 4789, IpAddress.parse("192.0.2.11"), Overlay.mac(SELF), 1450));
        assertThat(plan.addresses().sorted())
                .containsEntry(new AddressKey("fyr-vxlan", IpAddress.parse("10.244.1.0")), new InterfaceAddress(32))
                .containsEntry(
                        new AddressKey("fyr-vxlan", IpAddress.parse("fd00:10:244:1::")), new InterfaceAddress(128));
    }

    @Test
    void whatCannotBeReachedIsAnsweredAndOurOwnBlockDoesNotLeave() {
        RoutingPlan plan = plan(
                CLUSTER.node("peer", List.of("2001:db8:9::12"), List.of("10.244.2.0/24")),
                identity(NodeIdentity.Overlay.AUTO));
        assertThat(plan.routes().sorted())
                .containsEntry(to("10.244.2.0/24"), new Route.Unreachable())
                .containsEntry(to("10.244.1.0/24"), new Route.Unreachable())
                .containsEntry(to("fd00:10:244:1::/64"), new Route.Unreachable());
    }

    @Test
    void whereTheNetworkKnowsTheBlocksThereIsNoRouteOfOurs() {
        RoutingPlan plan = plan(
                CLUSTER.node("peer", List.of("198.51.100.12"), List.of("10.244.2.0/24")),
                identity(NodeIdentity.Overlay.DIRECT));
        assertThat(plan.routes().sorted()).containsOnlyKeys(to("10.244.1.0/24"), to("fd00:10:244:1::/64"));
    }

    @Test
    void aPodHasARouteAndANeighbourForEachAddress() {
        MacAddress mac = MacAddress.local(5);
        Attachment pod = new Attachment(
                "c",
                "eth0",
                "fyr1",
                mac,
                List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00:10:244:1::5")),
                new NamespacedName("default", "pod"));
        RoutingPlan without = plan(CLUSTER, identity(NodeIdentity.Overlay.AUTO));
        RoutingPlan plan = without.next(FeatureInputs.of(NodeInputs.of(without.identity())
                .with(CLUSTER.snapshot())
                .withAttachments(PersistentMap.<String, Attachment>empty().with(pod.key(), pod))));
        Route direct = by("fyr1", Optional.empty(), false, Optional.empty());
        assertThat(plan.routes().sorted())
                .containsEntry(to("10.244.1.5/32"), direct)
                .containsEntry(to("fd00:10:244:1::5/128"), direct);
        assertThat(plan.neighbours().sorted())
                .containsEntry(new NeighbourKey("fyr1", IpAddress.parse("10.244.1.5")), new Neighbour(mac))
                .containsEntry(new NeighbourKey("fyr1", IpAddress.parse("fd00:10:244:1::5")), new Neighbour(mac));
        RoutingPlan gone = plan.next(inputs(CLUSTER, plan.identity()));
        assertThat(gone.routes()).isEqualTo(without.routes());
        assertThat(gone.neighbours()).isEqualTo(without.neighbours());
    }

    @Test
    void clusterDnsIsListenedAtAndForwardingIsOnForTheFamiliesOfOurBlocks() {
        RoutingPlan plan = plan(CLUSTER, identity(NodeIdentity.Overlay.AUTO, "10.96.0.10"));
        assertThat(plan.addresses().sorted())
                .containsEntry(new AddressKey("lo", IpAddress.parse("10.96.0.10")), new InterfaceAddress(32, false));
        assertThat(plan.sysctls().sorted())
                .containsEntry(new SysctlKey("net/ipv4/ip_forward"), "1")
                .containsEntry(new SysctlKey("net/ipv6/conf/all/forwarding"), "1");
        ClusterSketch ipv4 = ClusterSketch.empty().node(SELF, List.of("192.0.2.11"), List.of("10.244.1.0/24"));
        assertThat(plan(ipv4, identity(NodeIdentity.Overlay.AUTO)).sysctls().sorted())
                .doesNotContainKey(new SysctlKey("net/ipv6/conf/all/forwarding"));
    }

    @Test
    void theTunnelGoesWithItsLastUserAndOnlyThen() {
        NodeIdentity identity = identity(NodeIdentity.Overlay.AUTO);
        ClusterSketch two = CLUSTER.node("a", List.of("198.51.100.12"), List.of("10.244.2.0/24"))
                .node("b", List.of("198.51.100.13"), List.of("10.244.3.0/24"));
        RoutingPlan plan = plan(two, identity);
        assertThat(plan.links().size()).isEqualTo(1);
        plan = plan.next(inputs(two.withoutNode("a"), identity));
        assertThat(plan.links().size()).isEqualTo(1);
        plan = plan.next(inputs(CLUSTER, plan.identity()));
        assertThat(plan.links().isEmpty()).isTrue();
        assertThat(plan.routes()).isEqualTo(plan(CLUSTER, identity).routes());
    }

    @Test
    void pathsOfPodsLeaveRoomForTheTunnel() {
        Optional<Node> self = CLUSTER.snapshot().nodes().get(SELF);
        assertThat(Overlay.podMtu(identity(NodeIdentity.Overlay.AUTO), self)).isEqualTo(1450);
        assertThat(Overlay.podMtu(identity(NodeIdentity.Overlay.DIRECT), self)).isEqualTo(1500);
        Optional<Node> six = Optional.of(new Node(SELF, List.of(IpAddress.parse("2001:db8:2::11")), List.of()));
        assertThat(Overlay.podMtu(identity(NodeIdentity.Overlay.VXLAN), six)).isEqualTo(1430);
    }
}
