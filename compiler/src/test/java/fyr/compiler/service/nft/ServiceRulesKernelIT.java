package fyr.compiler.service.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.service.ServiceFlows;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.plan.KernelPlan;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The compiled rules of services with real packets: a client's namespace, this one as the node, a pod's. */
class ServiceRulesKernelIT {

    private static final int PATIENCE = 2000; // milliseconds; an error comes at once
    private static final NodeIdentity NODE = new NodeIdentity(
            "node1",
            new HostLink("client", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(),
            List.of());
    private static final ServiceTable NOTHING = ServiceTable.empty("node1", List.of());
    private static final NamespacedName ECHO = new NamespacedName("default", "echo");
    private static final List<Service.Port> PORTS =
            List.of(new Service.Port("tcp", Protocol.TCP, 80, 30080), new Service.Port("udp", Protocol.UDP, 80, 30081));

    private static final String RESET_STRAYS = "nft reset counter ip seen strays";

    private final LinuxKernel kernel = LinuxKernel.open();
    private KernelPlan plan = Compiler.compile(
                    NodeInputs.of(NODE).with(ClusterSketch.empty().snapshot()), Optional.empty())
            .kernel();

    @BeforeEach
    void world() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        side("client", "192.0.2");
        side("pod", "10.244.1");
        sh("ip route add default via 192.0.2.1; sysctl -qw net.ipv4.ip_forward=1"); // a virtual address needs a
        // way that is not taken
        kernel.table(Tables.NFT).apply(Delta.between(kernel.table(Tables.NFT).list(), plan.table(Tables.NFT)));
    }

    private static void side(String name, String net) throws Exception {
        sh(
                ("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s; ip link set %1$s up; ip addr add %2$s.254/24 dev %1$s;"
                                + " ip -n %1$s link set eth0 up; ip -n %1$s addr add %2$s.1/24 dev eth0; ip -n %1$s route add default via %2$s.254")
                        .formatted(name, net));
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh("nft flush ruleset; ip link del client; ip link del pod; ip netns del client; ip netns del pod");
    }

    private void follow(String... endpoints) {
        ClusterSketch cluster = cluster(endpoints);
        KernelPlan next = Compiler.compile(NodeInputs.of(NODE).with(cluster.snapshot()), Optional.empty())
                .kernel();
        kernel.table(Tables.NFT).apply(Delta.between(plan.table(Tables.NFT), next.table(Tables.NFT)));
        kernel.table(Tables.SYSCTLS).apply(Delta.between(plan.table(Tables.SYSCTLS), next.table(Tables.SYSCTLS)));
        plan = next;
    }

    private static ClusterSketch cluster(String... endpoints) {
        return ClusterSketch.empty()
                .node("node1", List.of("192.0.2.254"), List.of("10.244.1.0/24"))
                .service(new Service(
                        ECHO,
                        Service.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0.1")),
                        Optional.empty(),
                        false,
                        PORTS))
                .slice(slice(endpoints));
    }

    private static EndpointSlice slice(String... addresses) {
        List<EndpointSlice.Endpoint> endpoints = List.of(addresses).stream()
                .map(address -> new EndpointSlice.Endpoint(
                        List.of(IpAddress.parse(address)), true, true, false, Optional.empty()))
                .toList();
        return new EndpointSlice(
                ECHO,
                ECHO,
                Family.IPV4,
                List.of(
                        new EndpointSlice.Port("tcp", Protocol.TCP, 8080),
                        new EndpointSlice.Port("udp", Protocol.UDP, 8080)),
                endpoints);
    }

    /** Whatever else listens at that port of the node: the port belongs to the service, which has no endpoint. */
    @Test
    void aNodePortWithoutEndpointRejects() throws Exception {
        try (ServerSocket tcp = new ServerSocket(30080);
                DatagramSocket udp = new DatagramSocket(30081)) {
            connect("client", "192.0.2.254", 30080);
            follow();
            kernel.conntrack().delete(Protocol.UDP.number(), _ -> true); // those of other tests
            rejects("192.0.2.254", 30080, 30081);
            rejects("10.96.0.1", 80, 80);
            assertThat(kernel.conntrack().delete(Protocol.UDP.number(), _ -> true))
                    .as("flows that would stay untranslated")
                    .isZero();
            connect("node", "127.0.0.1", 30080);
            assertThat(sh("nft list chain ip fyr services-input-reject"))
                    .contains("meta l4proto . th dport @own-node-ports fib daddr type local");
            assertThat(tcp.isBound() && udp.isBound()).isTrue();
        }
    }

    private static void rejects(String address, int tcp, int udp) {
        for (String from : List.of("client", "node")) {
            assertThatThrownBy(() -> connect(from, address, tcp)).isInstanceOf(ConnectException.class);
        }
        assertThatThrownBy(() -> query("client", address, udp)).isInstanceOf(PortUnreachableException.class);
        // If a packet is dropped on its way out, its sender gets EPERM first (nf_hook_slow in net/netfilter/core.c).
        assertThatThrownBy(() -> query("node", address, udp))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    /** The pod that listens at the node port's number is on the node's own network: a translated packet is not rejected at the end. */
    @Test
    void anEndpointMayHaveTheNumberOfANodePortWithoutEndpoint() throws Exception {
        NamespacedName web = new NamespacedName("default", "web");
        ClusterSketch cluster = ClusterSketch.empty()
                .service("empty", 80, 30080, "10.96.0.2")
                .service(web.name(), 80, 30090, "10.96.0.3")
                .endpoints(web.name(), Family.IPV4, 30080, "192.0.2.254");
        KernelPlan next = Compiler.compile(NodeInputs.of(NODE).with(cluster.snapshot()), Optional.empty())
                .kernel();
        kernel.table(Tables.NFT).apply(Delta.between(plan.table(Tables.NFT), next.table(Tables.NFT)));
        try (ServerSocket _ = new ServerSocket(30080)) {
            connect("client", "192.0.2.254", 30090);
            connect("client", "10.96.0.3", 80);
            assertThatThrownBy(() -> connect("client", "192.0.2.254", 30080)).isInstanceOf(ConnectException.class);
        }
    }

    /** A client that continues to use its socket is led to the first endpoint as soon as there is one. */
    @Test
    void aUdpClientThatWasThereFirstIsServed() throws Exception {
        try (DatagramSocket server = in("pod", () -> new DatagramSocket(8080));
                DatagramSocket client = in("client", () -> new DatagramSocket())) {
            client.connect(InetAddress.getByName("192.0.2.254"), 30081);
            client.send(new DatagramPacket(new byte[1], 1));
            follow("10.244.1.1");
            ServiceFlows flows = flows("10.244.1.1");
            assertThat(kernel.conntrack().delete(Protocol.UDP.number(), flows::stale))
                    .isEqualTo(1);
            assertThat(kernel.conntrack().delete(Protocol.UDP.number(), flows::stale))
                    .isZero();
            send(client);
            server.setSoTimeout(PATIENCE);
            server.receive(new DatagramPacket(new byte[1], 1));
            assertThat(kernel.conntrack().delete(Protocol.UDP.number(), flows::stale))
                    .as("translated now")
                    .isZero();
            assertThat(kernel.conntrack().delete(Protocol.UDP.number(), flows()::stale))
                    .as("without endpoint")
                    .isEqualTo(1);
        }
    }

    /**
     * An endpoint that does not answer leaves: what the client sends again goes to another one, and would go to the first for as long as
     * the entry lives (net.netfilter.nf_conntrack_tcp_timeout_syn_sent, 120 s). The connection that stood keeps its endpoint.
     */
    @ParameterizedTest
    @CsvSource({"10.96.0.1, 80", "192.0.2.254, 30080"})
    void aConnectionThatNobodyAnsweredIsLedToAnotherEndpoint(String address, int port) throws Exception {
        sh("ip -n pod addr add 10.244.1.2/24 dev eth0");
        follow("10.244.1.1");
        try (ServerSocket server = in("pod", () -> new ServerSocket(8080));
                Socket established = in("client", () -> new Socket(address, port));
                Socket accepted = server.accept();
                Socket unanswered = new Socket()) {
            sh(
                    "nsenter --net=/run/netns/pod nft 'add table ip mute; add chain ip mute in { type filter hook input priority 0; };"
                            + " add rule ip mute in ip daddr 10.244.1.1 tcp flags syn drop'");
            FutureTask<Boolean> connection = new FutureTask<>(() -> in("client", () -> {
                unanswered.connect(new InetSocketAddress(address, port), 60_000);
                return true;
            }));
            Thread.ofPlatform().daemon().start(connection);
            while (!sh("conntrack -L -p tcp 2>&1").contains("SYN_SENT")) {
                Thread.sleep(20);
            }
            ServiceTable before = NOTHING.next(cluster("10.244.1.1").snapshot());
            ServiceTable now = before.next(cluster("10.244.1.2").snapshot());
            follow("10.244.1.2");
            assertThat(kernel.conntrack().deleteUnreplied(Duration.ZERO, ServiceFlows.between(before, now)::stale))
                    .isEqualTo(1);
            assertThat(sh("conntrack -L -p tcp 2>&1"))
                    .doesNotContain("UNREPLIED")
                    .contains("ESTABLISHED");
            connection.get(60, TimeUnit.SECONDS);
            try (Socket other = server.accept()) {
                assertThat(other.getLocalAddress().getHostAddress()).isEqualTo("10.244.1.2");
            }
            accepted.getOutputStream().write(7);
            assertThat(established.getInputStream().read()).isEqualTo(7);
        }
    }

    /**
     * If connection tracking does not assign a segment to its connection, the segment is not translated back. It arrives at the node, whose
     * address the pod sees, or without masquerade at the client; the receiver answers with a reset, and that ends the pod's connection
     * (kubernetes/kubernetes#74839).
     */
    @Test
    void aSegmentOutOfTheWindowEndsNoConnection() throws Exception {
        sh(
                "nft 'add table ip seen; add counter ip seen strays; add chain ip seen in { type filter hook input priority -300; };"
                        + " add rule ip seen in ip saddr 10.244.1.1 counter name strays'");
        follow("10.244.1.1");
        sh("sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=0");
        assertThat(survivesASegmentOutOfTheWindow())
                .as("as the kernel is by itself")
                .isFalse();
        assertThat(sh(RESET_STRAYS)).doesNotContain("packets 0");
        kernel.table(Tables.SYSCTLS).apply(Delta.between(PersistentMap.empty(), plan.table(Tables.SYSCTLS)));
        assertThat(survivesASegmentOutOfTheWindow()).isTrue();
        assertThat(sh(RESET_STRAYS)).contains("packets 0");
    }

    /**
     * The pod's first segment with data leaves with 2^30 added to its sequence number; what it sends again does not. Linux 6.1 overlooks
     * numbers that are too small (tcp_in_window in net/netfilter/nf_conntrack_proto_tcp.c).
     */
    private static boolean survivesASegmentOutOfTheWindow() throws Exception {
        try (ServerSocket server = in("pod", () -> new ServerSocket(8080));
                Socket client = in("client", () -> new Socket("10.96.0.1", 80));
                Socket accepted = server.accept()) {
            client.setSoTimeout(PATIENCE);
            sh(
                    "nsenter --net=/run/netns/pod nft 'add table ip mangled; add chain ip mangled out { type filter hook output priority -300; };"
                            + " add rule ip mangled out tcp sport 8080 tcp flags & psh == psh tcp sequence & 0x40000000 == 0 tcp sequence set tcp sequence | 0x40000000 accept;"
                            + " add rule ip mangled out tcp sport 8080 tcp flags & psh == psh tcp sequence set tcp sequence ^ 0xc0000000'");
            accepted.getOutputStream().write(7);
            sh("nsenter --net=/run/netns/pod nft delete table ip mangled");
            return client.getInputStream().read() == 7;
        } catch (SocketTimeoutException nothingMore) {
            return false;
        }
    }

    private static ServiceFlows flows(String... endpoints) {
        return ServiceFlows.between(NOTHING, NOTHING.next(cluster(endpoints).snapshot()));
    }

    /** What the ICMP error of an earlier datagram left at the socket is told by the next call, once. */
    private static void send(DatagramSocket client) throws IOException {
        try {
            client.send(new DatagramPacket(new byte[1], 1));
        } catch (PortUnreachableException ofEarlier) {
            client.send(new DatagramPacket(new byte[1], 1));
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

    private static void query(String from, String address, int port) throws Exception {
        in(from, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(InetAddress.getByName(address), port);
                socket.setSoTimeout(PATIENCE);
                socket.send(new DatagramPacket(new byte[1], 1));
                socket.receive(new DatagramPacket(new byte[1], 1));
            }
            return true;
        });
    }

    /** A socket belongs to the namespace that it was opened in. */
    static <T> T in(String side, Callable<T> action) throws Exception {
        if (side.equals("node")) {
            return action.call();
        }
        try (NetworkNamespace namespace = NetworkNamespace.open(Path.of("/run/netns/" + side))) {
            return namespace.call(action);
        }
    }

    static String sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output;
    }
}
