package fyr.compiler.claim;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One thing that two objects claim, and what a Node object may say without harm to others. */
class ClaimsTest {

    private static final ClusterSketch THREE = ClusterSketch.empty()
            .node("node1", List.of("172.18.0.11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
            .node("node2", List.of("172.18.0.12"), List.of("10.244.2.0/24", "fd00:10:244:2::/64"))
            .node("node3", List.of("172.19.0.13"), List.of("10.244.3.0/24", "fd00:10:244:3::/64"));

    private static NodePlan plan(ClusterSketch cluster, NodeIdentity.Overlay overlay, Optional<NodePlan> previous) {
        HostLink uplink = new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24")));
        NodeIdentity identity = new NodeIdentity(
                        "node1", uplink, overlay, List.of(IpAddress.parse("10.96.0.10")), List.of())
                .withNeeded(List.of(IpAddress.parse("203.0.113.5"), IpAddress.parse("203.0.113.53")))
                .withApiServer(Optional.of(IpAddress.parse("203.0.113.5")));
        return Compiler.compile(NodeInputs.of(identity).with(cluster.snapshot()), previous);
    }

    private static NodePlan plan(ClusterSketch cluster) {
        return plan(cluster, NodeIdentity.Overlay.AUTO, Optional.empty());
    }

    private static ClusterSketch with(
            ClusterSketch cluster, String name, long created, String address, String... blocks) {
        return cluster.node(new Node(
                name,
                created,
                List.of(IpAddress.parse(address)),
                Arrays.stream(blocks).map(Prefix::parse).toList()));
    }

    private static List<String> complaints(NodePlan plan) {
        List<String> texts = new ArrayList<>();
        plan.complaints()
                .forEach(map -> map.sorted()
                        .values()
                        .forEach(list -> list.stream().map(Complaint::text).forEach(texts::add)));
        return texts;
    }

    private static Optional<Route> route(NodePlan plan, String block) {
        return plan.kernel().table(Tables.ROUTES).get(new RouteKey(Prefix.parse(block)));
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatGoesTakesNobodysRoutes(NodeIdentity.Overlay overlay) {
        NodePlan before = plan(THREE, overlay, Optional.empty());
        for (String block : List.of("10.244.1.0/24", "10.244.2.0/24", "10.244.3.0/24", "fd00:10:244:3::/64")) {
            NodePlan both = plan(with(THREE, "thief", 9, "172.18.0.99", block), overlay, Optional.of(before));
            NodePlan after = plan(THREE, overlay, Optional.of(both));
            assertThat(both.kernel().table(Tables.ROUTES))
                    .as(block)
                    .isEqualTo(before.kernel().table(Tables.ROUTES));
            assertThat(both.kernel().table(Tables.NEIGHBOURS))
                    .as(block)
                    .isEqualTo(before.kernel().table(Tables.NEIGHBOURS));
            assertThat(both.kernel().table(Tables.FDB))
                    .as(block)
                    .isEqualTo(before.kernel().table(Tables.FDB));
            assertThat(after.kernel()).as(block).isEqualTo(before.kernel());
            assertThat(complaints(both))
                    .singleElement()
                    .asString()
                    .contains("Node thief: spec.podCIDRs", block, "node");
        }
    }

    /** From /24 to /21: the first addresses of the blocks, which name the tunnel's neighbours, are the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void overlappingBlocksOfAMigration(boolean oldFirst) {
        ClusterSketch small = with(THREE, "old", 5, "172.19.0.20", "10.244.8.0/24");
        ClusterSketch large = with(THREE, "new", 6, "172.19.0.21", "10.244.8.0/21");
        ClusterSketch both = with(small, "new", 6, "172.19.0.21", "10.244.8.0/21");
        NodePlan first = plan(oldFirst ? small : large);
        NodePlan met = plan(both, NodeIdentity.Overlay.AUTO, Optional.of(first));
        assertThat(met.kernel()).isEqualTo(plan(both).kernel());
        assertThat(met.kernel().table(Tables.NEIGHBOURS))
                .isEqualTo(plan(small).kernel().table(Tables.NEIGHBOURS));
        assertThat(complaints(met))
                .containsExactly("Node new: spec.podCIDRs: 10.244.8.0/21 overlaps 10.244.8.0/24 of Node"
                        + " old, which is older, comes first by name or is this node; left out");
        NodePlan newAlone = plan(large, NodeIdentity.Overlay.AUTO, Optional.of(met));
        assertThat(newAlone.kernel()).isEqualTo(plan(large).kernel());
        assertThat(route(newAlone, "10.244.8.0/21")).isPresent();
        assertThat(complaints(newAlone)).isEmpty();
        NodePlan oldAlone = plan(small, NodeIdentity.Overlay.AUTO, Optional.of(met));
        assertThat(oldAlone.kernel()).isEqualTo(plan(small).kernel());
        assertThat(route(oldAlone, "10.244.8.0/24")).isPresent();
    }

    /** Its pods have addresses in it, whatever older nodes say. */
    @Test
    void thisNodesOwnBlockIsItsOwn() {
        ClusterSketch self = with(THREE, "node1", 7, "172.18.0.11", "10.244.1.0/24");
        NodePlan plan = plan(with(self, "older", 1, "172.18.0.99", "10.244.1.0/24"));
        assertThat(route(plan, "10.244.1.0/24")).contains(new Route.Unreachable());
        assertThat(complaints(plan)).singleElement().asString().contains("older", "node1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.0.0.0/7",
                "127.0.0.0/8",
                "169.254.0.0/16",
                "224.0.0.0/8",
                "10.96.0.0/12",
                "172.18.0.0/24",
                "172.18.0.12/30",
                "172.18.0.128/25",
                "172.18.0.240/28",
                "203.0.113.0/28",
                "172.16.0.0/12",
                "10.244.9.9/32",
                "172.19.0.0/24",
                "::/0",
                "fe80::/64",
                "ff00::/16",
                "::/64"
            })
    void aBlockThatNoNodeCanHaveHarmsNobody(String block) {
        ClusterSketch cluster = with(THREE, "node4", 3, "172.19.0.14", "10.244.4.0/24");
        NodePlan before = plan(cluster);
        NodePlan after = plan(with(cluster, "liar", 9, "172.18.0.99", block));
        assertThat(after.kernel().table(Tables.ROUTES))
                .isEqualTo(before.kernel().table(Tables.ROUTES));
        assertThat(after.kernel().table(Tables.NFT).sorted(key -> key.toString().contains("pod-blocks")))
                .isEqualTo(before.kernel()
                        .table(Tables.NFT)
                        .sorted(key -> key.toString().contains("pod-blocks")));
        assertThat(complaints(after)).singleElement().asString().startsWith("Node liar: spec.podCIDRs");
    }

    /** Whatever it is: no other object counts. */
    @Test
    void aNodesOwnBlockMayBePartOfItsSubnet() {
        NodePlan plan = plan(with(THREE, "node1", 1, "172.18.0.11", "172.18.0.128/25"));
        assertThat(route(plan, "172.18.0.128/25")).contains(new Route.Unreachable());
        assertThat(complaints(plan)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "172.18.0.255",
                "172.18.0.0",
                "0.0.0.0",
                "255.255.255.255",
                "127.0.0.1",
                "224.0.0.1",
                "169.254.0.1",
                "172.18.0.11",
                "10.244.2.7",
                "::",
                "::1",
                "ff02::1",
                "fe80::1",
                "::ffff:a00:1"
            })
    void anInternalIpThatNoNodeCanHaveIsLeftOut(String address) {
        NodePlan before = plan(THREE);
        NodePlan after = plan(with(THREE, "liar", 0, address, "10.244.9.0/24"));
        assertThat(route(after, "10.244.9.0/24")).contains(new Route.Unreachable());
        assertThat(after.kernel().table(Tables.ROUTES).without(new RouteKey(Prefix.parse("10.244.9.0/24"))))
                .isEqualTo(before.kernel().table(Tables.ROUTES));
        assertThat(complaints(after)).singleElement().asString().startsWith("Node liar: status.addresses: " + address);
    }

    /** A machine that registered under a new name; the pods of both names are where it is. */
    @Test
    void twoNodesWithOneInternalIpBothKeepIt() {
        NodePlan plan = plan(with(THREE, "renamed", 9, "172.18.0.12", "10.244.9.0/24"));
        assertThat(route(plan, "10.244.9.0/24")).isEqualTo(route(plan, "10.244.2.0/24"));
        assertThat(complaints(plan))
                .containsExactly("Node renamed: status.addresses: 172.18.0.12 is the InternalIP of Node node2 too");
    }

    private static Service service(String name, long created, int nodePort, String clusterIp) {
        Service made = ClusterSketch.empty()
                .service(name, 80, nodePort, clusterIp)
                .snapshot()
                .services()
                .iterator()
                .next()
                .getValue();
        return new Service(
                made.name(), created, made.type(), made.clusterIps(), Optional.empty(), false, false, made.ports());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOlderOfTwoServicesHasTheAddressAndTheNodePort(boolean olderFirst) {
        Service older = service("z-older", 1, 30080, "10.96.0.7");
        Service younger = service("a-younger", 2, 30080, "10.96.0.7");
        ClusterSketch endpoints = THREE.endpoints("z-older", Family.IPV4, 8080, "10.244.2.5")
                .endpoints("a-younger", Family.IPV4, 8080, "10.244.3.5");
        NodePlan alone = plan(endpoints.service(older));
        NodePlan first = olderFirst ? alone : plan(endpoints.service(younger));
        NodePlan both = plan(endpoints.service(older).service(younger), NodeIdentity.Overlay.AUTO, Optional.of(first));
        assertThat(both.kernel()).isEqualTo(alone.kernel());
        assertThat(complaints(both)).singleElement().asString().contains("a-younger", "z-older", "10.96.0.7");
        ClusterSketch elsewhere = endpoints.service(older).service(service("a-younger", 2, 30080, "10.96.0.8"));
        assertThat(complaints(plan(elsewhere))).singleElement().asString().contains("a-younger", "z-older", "30080");
        NodePlan youngerAlone = plan(endpoints.service(younger), NodeIdentity.Overlay.AUTO, Optional.of(both));
        assertThat(youngerAlone.kernel())
                .isEqualTo(plan(endpoints.service(younger)).kernel());
        assertThat(elements(youngerAlone)).isNotEmpty();
        assertThat(complaints(youngerAlone)).isEmpty();
    }

    /** It has lost its only address to the oldest, and would serve nothing. */
    @Test
    void aServiceWithoutAnAddressHasNoNodePort() {
        ClusterSketch endpoints = THREE.endpoints("loser", Family.IPV4, 8080, "10.244.2.5")
                .endpoints("youngest", Family.IPV4, 8080, "10.244.3.5");
        ClusterSketch two = endpoints
                .service(service("loser", 2, 30080, "10.96.0.7"))
                .service(service("youngest", 3, 30080, "10.96.0.8"));
        NodePlan before = plan(two);
        assertThat(complaints(before)).singleElement().asString().contains("youngest", "30080", "default/loser");
        ClusterSketch three = two.service(service("oldest", 1, 0, "10.96.0.7"));
        NodePlan met = plan(three, NodeIdentity.Overlay.AUTO, Optional.of(before));
        assertThat(met.kernel()).isEqualTo(plan(three).kernel());
        assertThat(complaints(met)).singleElement().asString().contains("loser", "10.96.0.7", "default/oldest");
        assertThat(nodePorts(met))
                .isEqualTo(nodePorts(plan(endpoints.service(service("youngest", 3, 30080, "10.96.0.8")))))
                .isNotEmpty();
        NodePlan after = plan(two, NodeIdentity.Overlay.AUTO, Optional.of(met));
        assertThat(after.kernel()).isEqualTo(before.kernel());
        assertThat(complaints(after)).isEqualTo(complaints(before));
    }

    private static SortedMap<NftKey, NftObject> nodePorts(NodePlan plan) {
        return plan.kernel()
                .table(Tables.NFT)
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().contains("node-port"));
    }

    /** The node's own services listen there. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "169.254.169.254", "::1", "fe80::1"})
    void aSpecialVirtualAddressIsNotServed(String address) {
        ClusterSketch cluster = THREE.service("odd", 80, 0, address)
                .endpoints("odd", Family.IPV4, 8080, "10.244.2.5")
                .endpoints("odd", Family.IPV6, 8080, "fd00:10:244:2::5");
        assertThat(elements(plan(cluster))).isEmpty();
        assertThat(complaints(plan(cluster)))
                .singleElement()
                .asString()
                .startsWith("Service default/odd: spec.clusterIPs");
    }

    /** The API server allocates no such address, but not everything in its store was checked by it. */
    @ParameterizedTest
    @CsvSource({
        "172.18.0.12,the InternalIP of Node node2",
        "172.18.0.11,the InternalIP of Node node1",
        "172.19.0.13,the InternalIP of Node node3",
        "203.0.113.5,the address of the API server",
        "10.244.1.7,the pods of Node node1",
        "10.244.2.5,the pods of Node node2",
        "fd00:10:244:2::5,the pods of Node node2"
    })
    void aServiceDoesNotTakeTheAddressOfANodeAPodOrTheApiServer(String address, String why) {
        ClusterSketch cluster = THREE.service(service("odd", 9, 30080, address))
                .endpoints("odd", Family.IPV4, 8080, "10.244.2.5")
                .endpoints("odd", Family.IPV6, 8080, "fd00:10:244:2::5");
        NodePlan plan = plan(cluster);
        assertThat(elements(plan)).isEmpty();
        assertThat(complaints(plan))
                .singleElement()
                .asString()
                .startsWith("Service default/odd: spec.clusterIPs: " + address)
                .contains(why);
        NodePlan before = plan(ClusterSketch.empty().service(service("odd", 9, 30080, address)));
        assertThat(plan(cluster, NodeIdentity.Overlay.AUTO, Optional.of(before)).kernel())
                .as("whichever came first")
                .isEqualTo(plan.kernel());
    }

    /** Whoever registers a Node cannot take away a Service that is older: neither with a block nor with an address. */
    @Test
    void aNodeDoesNotTakeTheAddressOfAnOlderService() {
        ClusterSketch cluster =
                THREE.service(service("web", 5, 30080, "10.96.0.7")).endpoints("web", Family.IPV4, 8080, "10.244.2.5");
        ClusterSketch lied = with(cluster, "liar", 6, "10.96.0.7", "10.96.0.0/29");
        NodePlan plan = plan(with(lied, "old-liar", 1, "10.96.0.7", "10.244.9.0/24"));
        assertThat(elements(plan)).isEqualTo(elements(plan(cluster))).isNotEmpty();
        assertThat(complaints(plan)).noneMatch(text -> text.startsWith("Service "));
    }

    /** In a pod of the node's own network, the agent reaches the API server by the address of its Service. */
    @Test
    void theServiceOfTheApiServerMayHaveTheAddressThatTheAgentUses() {
        ClusterSketch cluster = THREE.service("kubernetes", 443, 0, "203.0.113.5")
                .endpoints("kubernetes", Family.IPV4, 6443, "192.0.2.1")
                .service(service("a-thief", 0, 0, "203.0.113.5"));
        assertThat(elements(plan(cluster))).hasSize(1);
        assertThat(complaints(plan(cluster))).singleElement().asString().startsWith("Service default/a-thief");
    }

    @ParameterizedTest
    @CsvSource({"UDP,4789,tunnel", "UDP,53,cluster DNS", "TCP,53,cluster DNS"})
    void aNodePortThatTheNodeNeedsItselfIsNotServed(Protocol protocol, int nodePort, String why) {
        ClusterSketch cluster = THREE.service(new Service(
                        new NamespacedName("default", "odd"),
                        Service.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0.7")),
                        Optional.empty(),
                        false,
                        List.of(new Service.Port("http", protocol, 80, nodePort))))
                .endpoints("odd", Family.IPV4, 8080, "10.244.2.5");
        assertThat(nodePorts(plan(cluster))).isEqualTo(nodePorts(plan(THREE)));
        assertThat(complaints(plan(cluster))).singleElement().asString().contains("nodePort", why);
    }

    /** Who asked cluster DNS by way of a service would not be counted. */
    @Test
    void noServiceLeadsToClusterDns() {
        ClusterSketch cluster = THREE.service("detour", 5353, 0, "10.96.0.77")
                .endpoints("detour", Family.IPV4, 53, "10.96.0.10", "10.244.2.5");
        assertThat(plan(cluster).kernel().table(Tables.NFT).sorted().toString()).doesNotContain("0a60000a0035");
        assertThat(elements(plan(cluster))).isNotEmpty();
    }

    private static List<NftKey> elements(NodePlan plan) {
        return List.copyOf(plan.kernel()
                .table(Tables.NFT)
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().contains("backends"))
                .keySet());
    }
}
