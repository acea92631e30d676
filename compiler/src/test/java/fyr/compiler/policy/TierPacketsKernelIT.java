package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.guard.GuardPlan;
import fyr.compiler.policy.number.Numbers;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import fyr.policy.Action;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.Tier;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import fyr.policy.Tiers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real connections of pods under three tiers made by hand. */
class TierPacketsKernelIT {

    private static final int PATIENCE = 5000; // milliseconds, for what arrives
    private static final int SILENCE = 250; // for what does not
    private static final List<String> SIDES = List.of("web", "client", "bad", "world");
    private static final PeerTerm ANYONE = new PeerTerm.Any();
    private static final PeerTerm.Pods EVERY_POD =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());
    private static final PeerTerm.Pods WEBS =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), is("app", "web"));

    private final LinuxKernel kernel = LinuxKernel.open();

    /** A family of addresses: where everybody is. */
    enum Net {
        FOUR("10.244.1.", "203.0.113.", "10.96.0.1", 32),
        SIX("fd00:10:244:1::", "2001:db8:1::", "fd00:96::1", 128);

        private final String pods;
        private final String world;
        private final String service;
        private final int bits;

        Net(String pods, String world, String service, int bits) {
            this.pods = pods;
            this.world = world;
            this.service = service;
            this.bits = bits;
        }

        String of(String side) {
            return side.equals("world") ? world + 9 : pods + (5 + SIDES.indexOf(side));
        }

        /** An address of pods at which no pod is known, on the client's side. */
        String unknown() {
            return pods + 99;
        }
    }

    @BeforeEach
    void world() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh(
                "ip link set lo up; echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
        for (String side : SIDES) {
            sh(("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s;"
                            + " ip link set %1$s up; ip -n %1$s link set eth0 up; ip addr add 169.254.1.1/32 dev %1$s;"
                            + " ip addr add fe80::1/64 dev %1$s nodad; ip -n %1$s route add 169.254.1.1 dev eth0")
                    .formatted(side));
            for (Net net : Net.values()) {
                address(net, side, net.of(side));
            }
            sh(("ip -n %1$s route add default via 169.254.1.1; ip -n %1$s -6 route add default via fe80::1 dev eth0")
                    .formatted(side));
        }
        for (Net net : Net.values()) {
            address(net, "client", net.unknown());
        }
    }

    private static void address(Net net, String side, String address) throws Exception {
        sh("ip -n %1$s addr add %2$s/%3$d dev eth0 %4$s; ip route add %2$s/%3$d dev %1$s"
                .formatted(side, address, net.bits, net == Net.SIX ? "nodad" : ""));
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh("nft flush ruleset; for s in web client bad world; do ip link del $s; ip netns del $s; done");
    }

    private static LabelSelector is(String key, String value) {
        return new LabelSelector(List.of(new LabelSelector.Requirement(key, LabelSelector.Operator.IN, Set.of(value))));
    }

    private static PeerTerm.Pods namespace(String name) {
        return new PeerTerm.Pods(Optional.empty(), is("kubernetes.io/metadata.name", name), LabelSelector.everything());
    }

    private static TierRule rule(Action action, PeerTerm peer, PortTerm... ports) {
        return new TierRule(action, List.of(peer), ports.length == 0 ? List.of(new PortTerm.Any()) : List.of(ports));
    }

    private static PortTerm tcp(int first, int last) {
        return new PortTerm.Range(Protocol.TCP, first, last);
    }

    private static PeerTerm block(String prefix) {
        return new PeerTerm.Block(Prefix.parse(prefix), List.of());
    }

    private static Tiers tiers() {
        Tier admin = new Tier(
                "Admin",
                List.of(
                        new TierPolicy(
                                "first",
                                EVERY_POD,
                                List.of(
                                        rule(Action.DENY, WEBS, tcp(81, 81)),
                                        rule(Action.PASS, namespace("shop"), tcp(80, 89)),
                                        rule(Action.DENY, namespace("bad"))),
                                List.of(
                                        rule(Action.DENY, block("203.0.113.0/24"), tcp(22, 22)),
                                        rule(Action.DENY, block("2001:db8:1::/48"), tcp(22, 22)))),
                        new TierPolicy(
                                "second",
                                WEBS,
                                List.of(
                                        rule(Action.ACCEPT, namespace("shop")),
                                        rule(Action.ACCEPT, ANYONE, new PortTerm.Range(Protocol.UDP, 53, 53))),
                                List.of())));
        Tier baseline = new Tier(
                "Baseline",
                List.of(new TierPolicy("default", EVERY_POD, List.of(rule(Action.DENY, ANYONE)), List.of())));
        NamespacedName name = new NamespacedName("shop", "web");
        NetworkPolicy.Rule client = new NetworkPolicy.Rule(
                List.of(new PolicyPeer.Pods(Optional.empty(), Optional.of(is("app", "client")))),
                List.of(new PolicyPort.Range(Protocol.TCP, 80, 80)));
        NetworkPolicy web = new NetworkPolicy(name, is("app", "web"), true, false, List.of(client), List.of());
        return new Tiers(
                List.of(admin),
                PersistentMap.<NamespacedName, NetworkPolicy>empty().with(name, web),
                List.of(baseline));
    }

    private static ClusterSnapshot cluster() {
        ClusterSnapshot empty = ClusterSnapshot.empty();
        PersistentMap<NamespacedName, Pod> pods = empty.pods();
        for (String side : List.of("web", "client", "bad")) {
            NamespacedName name = new NamespacedName(side.equals("bad") ? "bad" : "shop", side);
            List<IpAddress> addresses = List.of(IpAddress.parse(Net.FOUR.of(side)), IpAddress.parse(Net.SIX.of(side)));
            pods = pods.with(
                    name,
                    new Pod(
                            name,
                            Labels.of(Map.of("app", side)),
                            Optional.of("node"),
                            addresses,
                            false,
                            false,
                            List.of()));
        }
        Node node = new Node(
                "node",
                List.of(IpAddress.parse("192.0.2.1")),
                List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:10:244:1::/64")));
        return ClusterSnapshot.empty()
                .withNodes(empty.nodes().with("node", node))
                .withNamespaces(empty.namespaces()
                        .with("shop", new Namespace("shop", Labels.none()))
                        .with("bad", new Namespace("bad", Labels.none())))
                .withPods(pods);
    }

    @ParameterizedTest
    @EnumSource
    void everyTierDecidesInItsTurn(Net net) throws Exception {
        PersistentMap<NftKey, NftObject> plan = PolicyCompiler.compile(
                        new PolicyPlan.Inputs(cluster(), tiers(), "node", PersistentMap.empty(), List.of()),
                        Optional.empty(),
                        Numbers.ALL_BITS)
                .objects()
                .withAll(GuardPlan.constant().sorted());
        String client = net.of("client");
        assertConnects(net.of("bad"), "bad", net.of("web"), "web", 80, true, "without rules");
        kernel.table(Tables.NFT).apply(Delta.between(PersistentMap.empty(), plan));
        assertThat(kernel.table(Tables.NFT).list()).isEqualTo(plan.sorted());
        assertThat(sh("nft list ruleset")).contains("th dport @policy-ingress-denied-peer-port counter");

        assertConnects(client, "client", net.of("web"), "web", 80, true, "passed, allowed by NetworkPolicy");
        assertConnects(client, "client", net.of("web"), "web", 82, false, "passed, isolated by NetworkPolicy");
        assertConnects(client, "client", net.of("web"), "web", 90, true, "accepted before isolation");
        assertConnects(net.of("bad"), "bad", net.of("web"), "web", 80, false, "denied by Admin");
        assertConnects(net.of("bad"), "bad", net.of("client"), "client", 80, false, "denied by Admin");
        assertConnects(net.of("world"), "world", net.of("web"), "web", 80, false, "isolated by NetworkPolicy");
        assertConnects(net.of("web"), "web", net.of("client"), "client", 82, false, "passed, denied by Baseline");
        assertConnects(net.of("world"), "world", net.of("client"), "client", 80, false, "denied by Baseline");
        assertConnects(client, "client", net.of("world"), "world", 80, true, "no rule");
        assertConnects(client, "client", net.of("world"), "world", 22, false, "egress denied by Admin");
        assertConnects(net.unknown(), "client", net.of("web"), "web", 90, false, "not known, may be of the bad ones");

        assertHeard(net.of("world"), "world", net.of("web"), 53, true, "accepted by Admin");
        assertHeard(net.of("world"), "world", net.of("web"), 54, false, "isolated by NetworkPolicy");
        assertHeard(net.of("bad"), "bad", net.of("web"), 53, false, "denied by Admin before it is accepted");

        String family = net == Net.FOUR ? "ip" : "ip6";
        sh(("nft add table %1$s hairpin; nft 'add chain %1$s hairpin in { type nat hook prerouting priority -100; }';"
                        + " nft 'add chain %1$s hairpin out { type nat hook postrouting priority 100; }';"
                        + " nft add rule %1$s hairpin in %1$s daddr %2$s dnat to %3$s;"
                        + " nft add rule %1$s hairpin out %1$s saddr %3$s %1$s daddr %3$s masquerade")
                .formatted(family, net.service, net.of("web")));
        assertConnects(net.of("web"), "web", net.service, "web", 90, true, "to itself, accepted by Admin");
        assertConnects(net.of("web"), "web", net.service, "web", 80, true, "to itself, exempt from NetworkPolicy");
        assertConnects(net.of("web"), "web", net.service, "web", 81, false, "to itself, denied by Admin");
    }

    /** The server listens at the side's own address, whatever address the client connects to. */
    private static void assertConnects(
            String from, String side, String to, String server, int port, boolean expected, String why)
            throws Exception {
        try (ServerSocket listener = in(server, () -> new ServerSocket(port))) {
            boolean connected = in(side, () -> {
                try (Socket socket = new Socket()) {
                    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
                    socket.connect(
                            new InetSocketAddress(InetAddress.getByName(to), port), expected ? PATIENCE : SILENCE);
                    return true;
                } catch (SocketTimeoutException dropped) {
                    return false;
                }
            });
            assertThat(connected)
                    .as("%s, from %s to %s at %d, %s", why, from, to, port, listener)
                    .isEqualTo(expected);
        }
    }

    private static void assertHeard(String from, String side, String to, int port, boolean expected, String why)
            throws Exception {
        try (DatagramSocket listener = in("web", () -> new DatagramSocket(port, InetAddress.getByName(to)))) {
            in(side, () -> {
                try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(from))) {
                    socket.send(new DatagramPacket(new byte[] {1}, 1, InetAddress.getByName(to), port));
                }
                return true;
            });
            listener.setSoTimeout(expected ? PATIENCE : SILENCE);
            boolean heard;
            try {
                listener.receive(new DatagramPacket(new byte[8], 8));
                heard = true;
            } catch (SocketTimeoutException silence) {
                heard = false;
            }
            assertThat(heard).as("%s, from %s to %s at %d", why, from, to, port).isEqualTo(expected);
        }
    }

    private static <T> T in(String side, Callable<T> action) throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.open(Path.of("/run/netns/" + side))) {
            return namespace.call(action);
        }
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", script, output).isZero();
        return output;
    }
}
