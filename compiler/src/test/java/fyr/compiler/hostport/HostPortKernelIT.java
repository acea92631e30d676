package fyr.compiler.hostport;

import static fyr.compiler.hostport.HostPortsOfPods.pod;
import static fyr.compiler.hostport.HostPortsOfPods.pods;
import static fyr.compiler.hostport.HostPortsOfPods.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.testkit.ClusterSketch;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Host ports with real packets: a client's namespace, this one as the node, and two pods. */
class HostPortKernelIT {

    private static final int PATIENCE = 2000; // milliseconds; an error comes at once
    private static final List<String> SIDES = List.of("client", "one", "two");
    private static final NodeIdentity NODE = new NodeIdentity(
            "node1",
            new HostLink("client", 1500, List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:2::/64"))),
            Overlay.AUTO,
            List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00:96::a")),
            List.of());
    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node("node1", List.of("192.0.2.254", "2001:db8:2::254"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"));

    /** A family of addresses: where everybody is. */
    enum Net {
        FOUR("192.0.2.9", "192.0.2.254", "192.0.2.253", "10.244.1.1", "10.244.1.2", "127.0.0.1", "10.96.0.10", 32),
        SIX(
                "2001:db8:2::9",
                "2001:db8:2::254",
                "2001:db8:2::253",
                "fd00:10:244:1::1",
                "fd00:10:244:1::2",
                "::1",
                "fd00:96::a",
                128);

        private final String client;
        private final String node;
        private final String other; // another address of the node
        private final String one;
        private final String two;
        private final String loopback;
        private final String dns;
        private final int bits;

        Net(String client, String node, String other, String one, String two, String loopback, String dns, int bits) {
            this.client = client;
            this.node = node;
            this.other = other;
            this.one = one;
            this.two = two;
            this.loopback = loopback;
            this.dns = dns;
            this.bits = bits;
        }
    }

    private final LinuxKernel kernel = LinuxKernel.open();
    private PersistentMap<String, Attachment> pods = PersistentMap.empty();
    private ClusterSketch cluster = CLUSTER;
    private NodePlan plan = compile();

    @BeforeEach
    void world() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh("ip link set lo up; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        for (String side : SIDES) {
            sh(("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %2$s type veth peer name eth0 netns %1$s;"
                            + " ip link set %2$s up; ip -n %1$s link set eth0 up; ip addr add 169.254.1.1/32 dev %2$s;"
                            + " ip addr add fe80::1/64 dev %2$s nodad; ip -n %1$s route add 169.254.1.1 dev eth0;"
                            + " ip -n %1$s route add default via 169.254.1.1;"
                            + " ip -n %1$s -6 route add default via fe80::1 dev eth0")
                    .formatted(side, link(side)));
        }
        for (Net net : Net.values()) {
            address(net, "client", net.client);
            address(net, "one", net.one);
            address(net, "two", net.two);
            for (String own : List.of(net.node, net.other, net.dns)) {
                sh("ip addr add %s/%d dev client %s".formatted(own, net.bits, net == Net.SIX ? "nodad" : ""));
            }
        }
        kernel.table(Tables.NFT)
                .apply(Delta.between(
                        kernel.table(Tables.NFT).list(), plan.kernel().table(Tables.NFT)));
    }

    /** Pods' links have names of ours, as the rules expect. */
    private static String link(String side) {
        return side.equals("client") ? side : "fyr" + side;
    }

    /** Neighbours are permanent, because the rules let no pod ask for any. */
    private static void address(Net net, String side, String address) throws Exception {
        sh(("ip -n %1$s addr add %3$s/%4$d dev eth0 %5$s; ip route add %3$s/%4$d dev %2$s;"
                        + " ip neigh replace %3$s dev %2$s nud permanent lladdr $(ip netns exec %1$s cat /sys/class/net/eth0/address);"
                        + " ip -n %1$s neigh replace %6$s dev eth0 nud permanent lladdr $(cat /sys/class/net/%2$s/address)")
                .formatted(
                        side,
                        link(side),
                        address,
                        net.bits,
                        net == Net.SIX ? "nodad" : "",
                        net == Net.SIX ? "fe80::1" : "169.254.1.1"));
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh(
                "nft flush ruleset; ip link del client; ip link del fyrone; ip link del fyrtwo; for s in client one two; do ip netns del $s; done");
    }

    private NodePlan compile() {
        return Compiler.compile(NodeInputs.of(NODE).with(cluster.snapshot()).withAttachments(pods), Optional.empty());
    }

    private void follow(Attachment... attachments) {
        pods = pods(attachments);
        NodePlan next = compile();
        kernel.table(Tables.NFT)
                .apply(Delta.between(
                        plan.kernel().table(Tables.NFT), next.kernel().table(Tables.NFT)));
        plan = next;
    }

    private static Attachment one(HostPort... ports) {
        return pod("one", 1, ports);
    }

    private static Attachment two(HostPort... ports) {
        return pod("two", 2, ports);
    }

    private static HostPort tcp(String hostIp, int podPort) {
        return port(hostIp, Protocol.TCP, 8080, podPort);
    }

    /** The pod sees who asks; only the pod itself, which would otherwise answer itself past the translation, comes as the node. */
    @ParameterizedTest
    @EnumSource
    void everyoneReachesThePodAtEveryAddressOfTheNode(Net net) throws Exception {
        follow(one(tcp("", 80)), two());
        for (String address : List.of(net.node, net.other)) {
            assertThat(clientSeenBy("one", 80, "client", address)).isEqualTo(net.client);
            assertThat(clientSeenBy("one", 80, "two", address)).isEqualTo(net.two);
            assertThat(clientSeenBy("one", 80, "node", address)).isEqualTo(address);
            assertThat(clientSeenBy("one", 80, "one", address)).as("hairpin").isNotEqualTo(net.one);
        }
    }

    @ParameterizedTest
    @EnumSource
    void datagramsGoThereAndBack(Net net) throws Exception {
        follow(one(port("", Protocol.UDP, 5300, 53)), two());
        try (Echo _ = new Echo("one", 53)) {
            for (String from : List.of("client", "two", "one", "node")) {
                for (String address : List.of(net.node, net.other)) {
                    query(from, address, 5300);
                }
            }
        }
        follow(one(), two());
        assertThatThrownBy(() -> query("client", net.other, 5300)).isInstanceOf(PortUnreachableException.class);
    }

    /** Neither route_localnet is set nor does the loopback address lead to a pod; and cluster DNS is not led away. */
    @ParameterizedTest
    @EnumSource
    void loopbackAndClusterDnsAreNotTranslated(Net net) throws Exception {
        follow(one(tcp("", 80)), two());
        try (ServerSocket _ = in("one", () -> new ServerSocket(80))) {
            for (String address : List.of(net.loopback, net.dns)) {
                assertThatThrownBy(() -> connect("node", address, 8080))
                        .as(address)
                        .isInstanceOf(ConnectException.class);
            }
            assertThatThrownBy(() -> connect("client", net.dns, 8080)).isInstanceOf(IOException.class);
            connect("client", net.node, 8080);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHostIpIsTheOnlyAddressAndComesBeforeAllAddresses(Net net) throws Exception {
        follow(one(tcp(net.other, 80)), two());
        assertThat(clientSeenBy("one", 80, "client", net.other)).isEqualTo(net.client);
        assertThatThrownBy(() -> connect("client", net.node, 8080)).isInstanceOf(ConnectException.class);
        follow(one(tcp(net.other, 80)), two(tcp("", 80)));
        assertThat(clientSeenBy("one", 80, "client", net.other)).isEqualTo(net.client);
        assertThat(clientSeenBy("two", 80, "client", net.node)).isEqualTo(net.client);
    }

    /** Otherwise whoever may create pods could take the traffic of others that only passes this node. */
    @ParameterizedTest
    @EnumSource
    void aHostIpThatIsNoAddressOfTheNodeLeadsNobodyAway(Net net) throws Exception {
        follow(one(tcp(net.client, 80)), two());
        try (ServerSocket server = in("client", () -> new ServerSocket(8080))) {
            connect("two", net.client, 8080);
            connect("node", net.client, 8080);
            server.accept().close();
            server.accept().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFamilyByNameIsTheOnlyOne(Net net) throws Exception {
        follow(one(tcp(net == Net.FOUR ? "0.0.0.0" : "::", 80)), two());
        Net other = net == Net.FOUR ? Net.SIX : Net.FOUR;
        assertThat(clientSeenBy("one", 80, "client", net.other)).isEqualTo(net.client);
        assertThatThrownBy(() -> connect("client", other.node, 8080)).isInstanceOf(ConnectException.class);
    }

    /** As with kube-proxy. The node port has no endpoint, so that it would be easy to pass by. */
    @ParameterizedTest
    @EnumSource
    void aNodePortComesFirstAndThePodsWriterIsTold(Net net) throws Exception {
        cluster = CLUSTER.service("web", 80, 8080, net == Net.FOUR ? "10.96.0.20" : "fd00:96::20");
        follow(one(tcp("", 80)), two());
        Net other = net == Net.FOUR ? Net.SIX : Net.FOUR;
        try (ServerSocket _ = in("one", () -> new ServerSocket(80))) {
            assertThatThrownBy(() -> connect("client", net.node, 8080)).isInstanceOf(ConnectException.class);
            connect("client", other.node, 8080);
        }
        assertThat(plan.complaints().stream()
                        .flatMap(map -> map.sorted().values().stream())
                        .flatMap(List::stream)
                        .map(Complaint::text))
                .singleElement()
                .asString()
                .contains(
                        "Pod default/one: hostPort 8080/TCP: ",
                        "is a node port of Service default/web, which keeps it");
        cluster = CLUSTER;
        follow(one(tcp("", 80)), two());
        assertThat(clientSeenBy("one", 80, "client", net.node)).isEqualTo(net.client);
    }

    @ParameterizedTest
    @EnumSource
    void aPolicySeesWhoAsks(Net net) throws Exception {
        PolicyPeer two = new PolicyPeer.IpBlock(Prefix.single(IpAddress.parse(net.two)), List.of());
        cluster = CLUSTER.namespace("default", Map.of())
                .pod("default", "one", Map.of(), Net.FOUR.one, Net.SIX.one)
                .pod("default", "two", Map.of(), Net.FOUR.two, Net.SIX.two);
        cluster = policy(two);
        follow(one(tcp("", 80)), two());
        assertThat(clientSeenBy("one", 80, "two", net.node)).isEqualTo(net.two);
        assertThatThrownBy(() -> clientSeenBy("one", 80, "client", net.node)).isInstanceOf(IOException.class);
        cluster = policy(new PolicyPeer.IpBlock(Prefix.single(IpAddress.parse(net.client)), List.of()));
        follow(one(tcp("", 80)), two());
        assertThat(clientSeenBy("one", 80, "client", net.node)).isEqualTo(net.client);
        assertThatThrownBy(() -> clientSeenBy("one", 80, "two", net.node)).isInstanceOf(IOException.class);
    }

    private ClusterSketch policy(PolicyPeer allowed) {
        NamespacedName name = new NamespacedName("default", "front");
        NetworkPolicy.Rule rule = new NetworkPolicy.Rule(List.of(allowed), List.of());
        NetworkPolicy policy =
                new NetworkPolicy(name, LabelSelector.everything(), true, false, List.of(rule), List.of());
        return new ClusterSketch(
                cluster.snapshot().withPolicies(cluster.snapshot().policies().with(name, policy)));
    }

    /** One client that sends through one socket all the time: before there is a pod, to the pod, to its successor, and after that. */
    @ParameterizedTest
    @EnumSource
    void aUdpClientFollowsThePort(Net net) throws Exception {
        HostPort dns = port("", Protocol.UDP, 5300, 53);
        try (Echo one = new Echo("one", 53);
                Echo two = new Echo("two", 53);
                DatagramSocket client = in("client", () -> new DatagramSocket())) {
            client.connect(InetAddress.getByName(net.node), 5300);
            client.setSoTimeout(PATIENCE);
            HostPortRules before = plan.hostPorts();
            kernel.conntrack().delete(Protocol.UDP.number(), _ -> true); // those of other tests
            assertThatThrownBy(() -> ask(client)).isInstanceOf(PortUnreachableException.class);
            follow(one(dns), two());
            assertThat(removeStale(before)).as("the flow to the node").isEqualTo(1);
            ask(client);
            assertThat(one.served).isEqualTo(1);
            assertThat(removeStale(before)).as("it leads to the pod now").isZero();
            before = plan.hostPorts();
            follow(one(), two(dns));
            assertThat(removeStale(before)).as("the flow to the first pod").isEqualTo(1);
            ask(client);
            assertThat(two.served).isEqualTo(1);
            before = plan.hostPorts();
            follow(one(), two());
            assertThat(removeStale(before)).as("the flow to the second pod").isEqualTo(1);
            assertThatThrownBy(() -> ask(client)).isInstanceOf(PortUnreachableException.class);
        }
    }

    private int removeStale(HostPortRules before) {
        HostPortFlows flows = HostPortFlows.between(before, plan.hostPorts());
        return kernel.conntrack()
                .delete(
                        Protocol.UDP.number(),
                        entry -> flows.stale(entry, kernel.hostLinks().addresses()));
    }

    /** This kernel has no SCTP, so only nft shows what was loaded; and the rules are as many for a thousand ports as for none. */
    @Test
    void theRulesAreConstantAndKnowSctp() throws Exception {
        follow(one(), two());
        String empty = rules();
        follow(one(port("", Protocol.SCTP, 9999, 99)), two(port("2001:db8:2::254", Protocol.SCTP, 9999, 98)));
        assertThat(sh("nft list map ip fyr host-ports")).contains("sctp . 9999 : 10.244.1.1 . 99");
        assertThat(sh("nft list map ip6 fyr host-ports")).contains("sctp . 9999 : fd00:10:244:1::1 . 99");
        assertThat(sh("nft list map ip6 fyr host-ports-at-address"))
                .contains("2001:db8:2::254 . sctp . 9999 : fd00:10:244:1::2 . 98");
        HostPort[] many = Stream.iterate(10_000, number -> number + 1)
                .limit(1000)
                .map(number -> port("", Protocol.TCP, number, 80))
                .toArray(HostPort[]::new);
        follow(one(many), two());
        assertThat(rules()).isEqualTo(empty);
        assertThat(sh("nft list chain ip fyr host-ports")).contains("to meta l4proto . th dport map @host-ports ");
    }

    private static String rules() throws Exception {
        List<String> chains = new ArrayList<>();
        for (String chain : List.of("host-ports", "host-ports-prerouting", "host-ports-output")) {
            chains.add(sh("nft list chain ip fyr %1$s; nft list chain ip6 fyr %1$s".formatted(chain)));
        }
        return String.join("", chains);
    }

    /** A server in a pod that sends each datagram back. */
    private static final class Echo implements AutoCloseable {
        private final DatagramSocket socket;
        private volatile int served;

        Echo(String side, int port) throws Exception {
            socket = in(side, () -> new DatagramSocket(port));
            Thread.ofPlatform().daemon().start(this::serve);
        }

        private void serve() {
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            try {
                while (true) {
                    socket.receive(packet);
                    served++;
                    socket.send(packet);
                }
            } catch (IOException closed) {
                // the end
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static void ask(DatagramSocket client) throws IOException {
        client.send(new DatagramPacket(new byte[1], 1));
        client.receive(new DatagramPacket(new byte[1], 1));
    }

    private static void query(String from, String address, int port) throws Exception {
        in(from, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(InetAddress.getByName(address), port);
                socket.setSoTimeout(PATIENCE);
                ask(socket);
            }
            return true;
        });
    }

    private static String clientSeenBy(String pod, int podPort, String from, String address) throws Exception {
        try (ServerSocket server = in(pod, () -> new ServerSocket(podPort))) {
            server.setSoTimeout(PATIENCE);
            try (Socket client = in(from, Socket::new)) {
                in(from, () -> {
                    client.connect(new InetSocketAddress(address, 8080), PATIENCE);
                    return true;
                });
                try (Socket accepted = server.accept()) {
                    accepted.getOutputStream().write(7);
                    client.setSoTimeout(PATIENCE);
                    assertThat(client.getInputStream().read()).isEqualTo(7);
                    return IpAddress.of(accepted.getInetAddress().getAddress()).toString();
                }
            } catch (SocketTimeoutException e) {
                throw new IOException(from + " got no answer from " + address, e);
            }
        }
    }

    private static void connect(String from, String address, int port) throws Exception {
        in(from, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), PATIENCE);
            }
            return true;
        });
    }

    /** A socket belongs to the namespace that it was opened in. */
    private static <T> T in(String side, Callable<T> action) throws Exception {
        if (side.equals("node")) {
            return action.call();
        }
        try (NetworkNamespace namespace = NetworkNamespace.open(Path.of("/run/netns/" + side))) {
            return namespace.call(action);
        }
    }

    private static String sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output;
    }
}
