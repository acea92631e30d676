package fyr.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.kernel.text.PlanText;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompilerTest {

    private static final HostLink ETH0 =
            new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"), Prefix.parse("fd00:18::/64")));

    private static NodeIdentity node1(Overlay overlay) {
        return new NodeIdentity("node1", ETH0, overlay, List.of(IpAddress.parse("10.96.0.10")), List.of());
    }

    private static ClusterSketch threeNodes() {
        return ClusterSketch.empty()
                .node("node1", List.of("172.18.0.11", "fd00:18::11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
                .node("node2", List.of("172.18.0.12", "fd00:18::12"), List.of("10.244.2.0/24", "fd00:10:244:2::/64"))
                .node("node3", List.of("172.19.0.13", "fd00:19::13"), List.of("10.244.3.0/24", "fd00:10:244:3::/64"));
    }

    private static Attachment attachment(int number) {
        return new Attachment(
                "c" + number,
                "eth0",
                "fyr00000000000" + number % 10,
                MacAddress.local(number),
                List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:10:244:1::" + number)),
                new NamespacedName("default", "pod" + number));
    }

    @Test
    void aSmallCluster() {
        ClusterSketch cluster = threeNodes()
                .service("web", 80, 30080, "10.96.0.1", "fd00:10:96::1")
                .endpoints("web", Family.IPV4, 8080, "10.244.1.5", "10.244.2.5", "10.244.3.5")
                .endpoints("web", Family.IPV6, 8080, "fd00:10:244:2::5")
                .service("lonely", 80, 0, "10.96.0.2");
        NodePlan plan = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO))
                        .with(cluster.snapshot())
                        .withAttachments(PersistentMap.of(Map.of("c5/eth0", attachment(5)))),
                Optional.empty());
        Golden.check("small-cluster.plan", text(plan.kernel()));
    }

    /** One chain of each kind is enough: they differ by a number. */
    private static String text(KernelPlan plan) {
        return PlanText.of(plan.with(
                Tables.NFT,
                PersistentMap.of(plan.table(Tables.NFT)
                        .sorted(key -> !key.toString().matches(".*pick-(node-port-)?([2-9]|\\d\\d+).*|.*tiers .*")))));
    }

    @ParameterizedTest
    @EnumSource
    void theOverlayDecidesHowOtherNodesAreReached(Overlay overlay) {
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1(overlay)).with(threeNodes().snapshot()), Optional.empty())
                .kernel();
        String near = link(plan, "10.244.2.0/24");
        String far = link(plan, "10.244.3.0/24");
        switch (overlay) {
            case AUTO -> assertThat(List.of(near, far)).containsExactly("eth0", "fyr-vxlan");
            case VXLAN -> assertThat(List.of(near, far)).containsExactly("fyr-vxlan", "fyr-vxlan");
            case DIRECT -> {
                assertThat(List.of(near, far)).containsExactly("eth0", "");
                assertThat(plan.table(Tables.LINKS)).isEmpty();
            }
        }
    }

    @Test
    void aFamilyThatNoPodHasIsNotForwarded() {
        ClusterSketch cluster = ClusterSketch.empty().node("node1", List.of("172.18.0.11"), List.of("10.244.1.0/24"));
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1(Overlay.AUTO)).with(cluster.snapshot()), Optional.empty())
                .kernel();
        assertThat(plan.table(Tables.SYSCTLS).sorted())
                .containsOnlyKeys(
                        new SysctlKey("net/ipv4/ip_forward"),
                        new SysctlKey("net/netfilter/nf_conntrack_tcp_be_liberal"));
    }

    /** Even if two records contradict each other about a link: it is enough that one of them has IPv6. */
    @Test
    void aPodWithoutIpv6CannotSendTheNodeAny() {
        PersistentMap<String, Attachment> pods = PersistentMap.of(Map.of("c5/eth0", ofIpv4(5), "c6/eth0", ofIpv4(6)));
        NodePlan plan = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO)).with(threeNodes().snapshot()).withAttachments(pods),
                Optional.empty());
        SysctlKey disabled = SysctlKey.ofLink(Family.IPV6, "fyr000000000005", "disable_ipv6");
        assertThat(plan.kernel().table(Tables.SYSCTLS).sorted())
                .containsEntry(disabled, "1")
                .containsEntry(SysctlKey.ofLink(Family.IPV6, "fyr000000000005", "accept_ra"), "0")
                .containsEntry(SysctlKey.ofLink(Family.IPV6, "fyr000000000006", "disable_ipv6"), "1");
        NodePlan contradiction = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO))
                        .with(threeNodes().snapshot())
                        .withAttachments(pods.with("c15/eth0", attachment(15))),
                Optional.of(plan));
        assertThat(contradiction.kernel().table(Tables.SYSCTLS).get(disabled)).contains("0");
        NodePlan again = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO)).with(threeNodes().snapshot()).withAttachments(pods),
                Optional.of(contradiction));
        assertThat(again.kernel()).isEqualTo(plan.kernel());
    }

    private static Attachment ofIpv4(int number) {
        Attachment both = attachment(number);
        return new Attachment(
                both.containerId(),
                both.interfaceName(),
                both.hostLink(),
                both.podMac(),
                List.of(both.addresses().getFirst()),
                both.pod());
    }

    private static String link(KernelPlan plan, String destination) {
        return plan.table(Tables.ROUTES)
                .get(new RouteKey(Prefix.parse(destination)))
                .map(route -> route instanceof Route.Unicast unicast ? unicast.link() : "unreachable")
                .orElse("");
    }

    @Test
    void theTunnelGoesWithItsLastPeer() {
        NodePlan with = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO)).with(threeNodes().snapshot()), Optional.empty());
        NodePlan without = Compiler.compile(
                NodeInputs.of(node1(Overlay.AUTO))
                        .with(threeNodes().withoutNode("node3").snapshot()),
                Optional.of(with));
        assertThat(with.kernel().table(Tables.LINKS).sorted()).containsOnlyKeys("fyr-vxlan");
        assertThat(without.kernel().table(Tables.LINKS)).isEmpty();
        assertThat(without.kernel().table(Tables.FDB)).isEmpty();
    }

    @Test
    void theServiceOfClusterDnsHasNoRules() {
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1(Overlay.AUTO))
                                .with(threeNodes()
                                        .service("kube-dns", 53, 0, "10.96.0.10")
                                        .endpoints("kube-dns", Family.IPV4, 53, "10.244.1.9")
                                        .snapshot()),
                        Optional.empty())
                .kernel();
        assertThat(plan.table(Tables.NFT)
                        .sorted(key -> key instanceof NftKey.ElementKey element
                                && element.set().matches("services|cluster-ips|backends")))
                .isEmpty();
    }

    /** The option --cluster-dns may name an address of one family; the other family's is served like any Service. */
    @Test
    void theOtherFamilysAddressOfClusterDnsHasRules() {
        ClusterSketch cluster = threeNodes()
                .service("kube-dns", 53, 0, "10.96.0.10", "fd00:10:96::a")
                .endpoints("kube-dns", Family.IPV4, 53, "10.244.1.9")
                .endpoints("kube-dns", Family.IPV6, 53, "fd00:10:244:1::9");
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1(Overlay.AUTO)).with(cluster.snapshot()), Optional.empty())
                .kernel();
        assertThat(plan.table(Tables.NFT)
                        .sorted(key -> key instanceof NftKey.ElementKey element
                                && element.set().matches("services|cluster-ips|backends"))
                        .keySet())
                .hasSize(3)
                .allMatch(key -> key.family() == Family.IPV6);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33, 34, 35, 36})
    void everyRoadLeadsToTheSamePlan(long seed) {
        Random random = new Random(seed);
        ClusterSketch cluster = threeNodes();
        PersistentMap<String, Attachment> attachments = PersistentMap.empty();
        Optional<NodePlan> previous = Optional.empty();
        for (int step = 0; step < 120; step++) {
            cluster = randomChange(cluster, random);
            Attachment attachment = attachment(1 + random.nextInt(20));
            attachments = random.nextBoolean()
                    ? attachments.with(attachment.containerId(), attachment)
                    : attachments.without(attachment.containerId());
            if (random.nextInt(3) > 0) {
                NodePlan incremental = Compiler.compile(
                        NodeInputs.of(node1(Overlay.AUTO))
                                .with(cluster.snapshot())
                                .withAttachments(attachments),
                        previous);
                NodePlan fresh = Compiler.compile(
                        NodeInputs.of(node1(Overlay.AUTO))
                                .with(cluster.snapshot())
                                .withAttachments(attachments),
                        Optional.empty());
                assertThat(incremental.kernel()).isEqualTo(fresh.kernel());
                assertThat(incremental.names()).isEqualTo(fresh.names());
                previous = Optional.of(incremental);
            }
        }
    }

    private static ClusterSketch randomChange(ClusterSketch cluster, Random random) {
        int number = random.nextInt(8);
        String service = "s" + number;
        return switch (random.nextInt(6)) {
            case 0 -> cluster.withoutService(service);
            case 1 ->
                cluster.service(
                        service,
                        80 + random.nextInt(2),
                        random.nextBoolean() ? 30000 + number : 0,
                        "10.96.1." + number);
            case 2 -> cluster.service(service, 80, 0, "10.96.1." + number, "fd00:10:96::" + number);
            case 3 -> cluster.endpoints(service, Family.IPV4, 8080, addresses(random));
            case 4 -> cluster.withoutNode("node" + (1 + random.nextInt(3)));
            default -> {
                int node = 1 + random.nextInt(4);
                yield cluster.node(
                        "node" + node,
                        List.of("172." + (18 + random.nextInt(2)) + ".0.1" + node),
                        List.of("10.244." + node + ".0/24"));
            }
        };
    }

    private static String[] addresses(Random random) {
        List<String> addresses = new ArrayList<>();
        for (int count = random.nextInt(80); count > 0; count--) {
            addresses.add("10.244.2." + random.nextInt(200));
        }
        return addresses.toArray(String[]::new);
    }
}
