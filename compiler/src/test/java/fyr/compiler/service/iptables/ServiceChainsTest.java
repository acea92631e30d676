package fyr.compiler.service.iptables;

import static fyr.testkit.ServiceSketch.ready;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.compiler.service.Backend;
import fyr.compiler.service.LocalNode;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Delta;
import fyr.kernel.iptables.RestoreText;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtText;
import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import fyr.testkit.Golden;
import fyr.testkit.ServiceSketch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the table becomes chains. */
class ServiceChainsTest {

    private static final Locality HERE = Locality.of("self", "a");
    private static final Locality THERE = Locality.of("other", "b");

    private static ServiceChains chains(ServiceOptions options, ClusterSketch cluster) {
        ServiceTable empty = ServiceTable.empty("self", List.of());
        LocalNode node = empty.node();
        ServiceTable table = new ServiceTable(
                new LocalNode(node.name(), node.zone(), node.addresses(), node.blocks(), options),
                List.of(),
                empty.services(),
                empty.slices());
        return ServiceChains.empty(table).next(table.next(cluster.snapshot()));
    }

    private static ServiceChains chains(ClusterSketch cluster) {
        return chains(ServiceOptions.USUAL, cluster);
    }

    private static List<String> rules(ServiceChains chains, XtTable table, String name) {
        return chains
                .chains()
                .get(new XtKey.ChainKey(Family.IPV4, table, name))
                .map(chain -> ((XtEntry.Chain) chain).rules())
                .orElse(List.of())
                .stream()
                .map(XtText::of)
                .toList();
    }

    private static Service service(String name, ServiceTraffic traffic, String address, int nodePort) {
        return new Service(
                new NamespacedName(name.replace("svc", "ns"), name),
                0,
                Service.Type.LOAD_BALANCER,
                Stream.of(address.split(",")).map(IpAddress::parse).toList(),
                Optional.empty(),
                false,
                false,
                List.of(new Service.Port("p80", Protocol.TCP, 80, nodePort)),
                traffic);
    }

    private static ClusterSketch with(ClusterSketch cluster, Service service, EndpointSlice.Endpoint... endpoints) {
        return cluster.service(service)
                .slice(new EndpointSlice(
                        new NamespacedName(
                                service.name().namespace(), service.name().name() + "-x"),
                        service.name(),
                        endpoints[0].addresses().getFirst().family(),
                        List.of(new EndpointSlice.Port("p80", Protocol.TCP, 80)),
                        List.of(endpoints)));
    }

    private static ServiceTraffic traffic(
            Policy internal,
            Policy external,
            Optional<Duration> affinity,
            String externals,
            String balancers,
            String ranges) {
        return new ServiceTraffic(
                internal,
                external,
                affinity,
                Stream.of(externals.split(","))
                        .filter(text -> !text.isEmpty())
                        .map(IpAddress::parse)
                        .toList(),
                Stream.of(balancers.split(","))
                        .filter(text -> !text.isEmpty())
                        .map(IpAddress::parse)
                        .toList(),
                Stream.of(ranges.split(","))
                        .filter(text -> !text.isEmpty())
                        .map(Prefix::parse)
                        .toList());
    }

    private static ClusterSketch scene() {
        ClusterSketch cluster = ClusterSketch.empty().node(ServiceSketch.self("a"));
        cluster = with(cluster, service("svc1", ServiceTraffic.USUAL, "172.30.0.41", 0), ready("10.180.0.1", HERE));
        cluster = with(
                cluster,
                service(
                        "svc2",
                        traffic(Policy.CLUSTER, Policy.LOCAL, Optional.empty(), "192.168.99.22", "1.2.3.4", "")
                                .withHealthCheckNodePort(30000),
                        "172.30.0.42",
                        3001),
                ready("10.180.0.2", THERE));
        cluster = with(
                cluster,
                service(
                        "svc3",
                        traffic(
                                Policy.LOCAL,
                                Policy.LOCAL,
                                Optional.of(Duration.ofHours(3)),
                                "",
                                "5.6.7.8",
                                "203.0.113.0/25,172.18.0.0/16"),
                        "172.30.0.43",
                        3002),
                ready("10.180.0.3", HERE),
                ready("10.180.0.4", HERE),
                ready("10.180.0.5", THERE));
        cluster = with(
                cluster,
                service("svc4", ServiceTraffic.USUAL, "172.30.0.44,fd00:30::44", 3003),
                ready("fd00:180::4", THERE),
                ready("fd00:180::5", THERE));
        return cluster.service(service(
                "svc5",
                traffic(Policy.CLUSTER, Policy.CLUSTER, Optional.empty(), "", "5.6.7.9", ""),
                "172.30.0.45",
                0));
    }

    /** kube-proxy's own tests have these names (pkg/proxy/iptables/proxier_test.go). */
    @Test
    void namesAreThoseOfKubeProxy() {
        PortName name = PortName.of(new NamespacedName("ns1", "svc1"), "p80", Protocol.TCP);
        assertThat(name.cluster()).isEqualTo("KUBE-SVC-XPGD46QRK7WJZT7O");
        assertThat(name.external()).isEqualTo("KUBE-EXT-XPGD46QRK7WJZT7O");
        assertThat(name.endpoint(new Backend(IpAddress.parse("10.180.0.1"), 80)))
                .isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
        assertThat(PortName.of(new NamespacedName("ns5", "svc5"), "p80", Protocol.TCP)
                        .firewall())
                .isEqualTo("KUBE-FW-NUKIZ6OKUXPJNT4C");
        assertThat(PortName.of(new NamespacedName("ns", "svc"), "", Protocol.UDP)
                        .text())
                .isEqualTo("ns/svc");
    }

    @Test
    void everyKindOfServiceIsRendered() {
        ServiceChains chains = chains(scene());
        StringBuilder text = new StringBuilder();
        for (Family family : Family.values()) {
            text.append("# ").append(family).append('\n');
            text.append(RestoreText.of(family, chains.chains().sorted()));
        }
        Golden.check("service-chains", text.toString());
    }

    @Test
    void aChangedEndpointTouchesNoSharedChain() {
        ServiceChains before = chains(scene());
        ServiceChains after = before.next(before.table()
                .next(with(
                                scene(),
                                service("svc1", ServiceTraffic.USUAL, "172.30.0.41", 0),
                                ready("10.180.0.1", HERE),
                                ready("10.180.0.9", HERE))
                        .snapshot()));
        Delta<XtKey, XtEntry> delta = Delta.between(before.chains(), after.chains());
        assertThat(delta.deletes()).isEmpty();
        assertThat(delta.upserts().keySet())
                .extracting(XtKey::chain)
                .containsExactlyInAnyOrder(
                        "KUBE-SVC-XPGD46QRK7WJZT7O",
                        PortName.of(new NamespacedName("ns1", "svc1"), "p80", Protocol.TCP)
                                .endpoint(new Backend(IpAddress.parse("10.180.0.9"), 80)));
    }

    @Test
    void masqueradeAllMarksWhateverTheSource() {
        ServiceOptions all = new ServiceOptions(new NodePorts.Everywhere(), true, new LocalTraffic.NodeBlocks());
        assertThat(rules(chains(all, scene()), XtTable.NAT, "KUBE-SVC-XPGD46QRK7WJZT7O")
                        .getFirst())
                .isEqualTo(
                        "-d 172.30.0.41/32 -p tcp -m comment --comment \"ns1/svc1:p80 cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ");
    }

    @Test
    void podsAreKnownInEveryWay() {
        assertThat(marks(new LocalTraffic.NodeBlocks())).contains("! -s 10.244.1.0/24");
        assertThat(marks(new LocalTraffic.Prefixes(List.of(Prefix.parse("10.0.0.0/8")))))
                .contains("! -s 10.0.0.0/8");
        assertThat(marks(new LocalTraffic.Link("br0"))).contains("! -i br0 ");
        assertThat(marks(new LocalTraffic.LinkPrefix("cali"))).contains("! -i cali+ ");
        LocalTraffic two =
                new LocalTraffic.Prefixes(List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("172.16.0.0/12")));
        assertThat(marks(two)).endsWith("-j fyr-mark-unless-local");
        assertThat(rules(chains(options(two), scene()), XtTable.NAT, "fyr-mark-unless-local"))
                .containsExactly(
                        "-s 10.0.0.0/8 -j RETURN",
                        "-s 172.16.0.0/12 -j RETURN",
                        "-m addrtype ! --src-type LOCAL -j KUBE-MARK-MASQ");
    }

    @Test
    void theNodesOwnConnectionsToVirtualAddressesAreNotMarked() {
        assertThat(marks(new LocalTraffic.NodeBlocks())).endsWith("-m addrtype ! --src-type LOCAL -j KUBE-MARK-MASQ");
        assertThat(marks(new LocalTraffic.LinkPrefix("cali")))
                .endsWith("-m addrtype ! --src-type LOCAL -j KUBE-MARK-MASQ");
    }

    private static ServiceOptions options(LocalTraffic local) {
        return new ServiceOptions(new NodePorts.Everywhere(), false, local);
    }

    private static String marks(LocalTraffic local) {
        return rules(chains(options(local), scene()), XtTable.NAT, "KUBE-SVC-XPGD46QRK7WJZT7O")
                .getFirst();
    }

    @Test
    void nodePortsAreWhereTheOptionsSay() {
        assertThat(ways(new NodePorts.At(true, List.of()))).containsExactly("-d 172.18.0.10/32");
        assertThat(ways(new NodePorts.At(false, List.of(Prefix.parse("172.18.0.0/16"), Prefix.parse("fd00::/8")))))
                .containsExactly("-d 172.18.0.0/16");
        assertThat(ways(new NodePorts.At(false, List.of(Prefix.parse("0.0.0.0/0")))))
                .containsExactly("! -d 127.0.0.0/8");
        assertThat(ways(new NodePorts.At(false, List.of(Prefix.parse("fd00::/8")))))
                .as("none of this family")
                .containsExactly("! -d 127.0.0.0/8");
        assertThat(ways(new NodePorts.At(false, List.of(Prefix.parse("126.0.0.0/7")))))
                .containsExactly("-d 127.0.0.0/8", "-d 126.0.0.0/7");
    }

    private static List<String> ways(NodePorts nodePorts) {
        ServiceOptions options = new ServiceOptions(nodePorts, false, new LocalTraffic.NodeBlocks());
        return rules(chains(options, scene()), XtTable.NAT, "KUBE-SERVICES").stream()
                .filter(rule -> rule.contains("nodeports") || rule.endsWith("RETURN"))
                .map(rule -> rule.split(" -[mj] ")[0])
                .toList();
    }

    @Test
    void aHostileNameMakesOneRule() {
        Service hostile = new Service(
                new NamespacedName("default", "web"),
                0,
                Service.Type.CLUSTER_IP,
                List.of(ServiceSketch.CLUSTER_IP),
                Optional.empty(),
                false,
                false,
                List.of(new Service.Port("x\"\n-A INPUT -j DROP", Protocol.TCP, 80, 0)),
                ServiceTraffic.USUAL);
        ServiceChains chains = chains(ServiceSketch.cluster(hostile));
        List<XtRule> all = chains.chains().sorted().values().stream()
                .flatMap(entry -> entry instanceof XtEntry.Chain(var rules) ? rules.stream() : Stream.of())
                .toList();
        assertThat(all).allSatisfy(rule -> assertThat(XtText.of(rule).lines()).hasSizeLessThanOrEqualTo(1));
        assertThat(RestoreText.of(Family.IPV4, chains.chains().sorted())).doesNotContain("\n-A INPUT -j DROP");
    }
}
