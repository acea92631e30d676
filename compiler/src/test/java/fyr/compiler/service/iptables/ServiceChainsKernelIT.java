package fyr.compiler.service.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.reconciler.NodeReconciler;
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
import fyr.model.observation.Observation;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chains with real packets, in both implementations of iptables: a client's namespace, this one as the node, two pods in one namespace. */
class ServiceChainsKernelIT {

    private static final int PATIENCE = 2000; // milliseconds; an error comes at once
    private static final NodeIdentity NODE = new NodeIdentity(
            "node1",
            new HostLink("client", 1500, List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("fd00:2::/64"))),
            Overlay.AUTO,
            List.of(),
            List.of());
    private static final NamespacedName ECHO = new NamespacedName("default", "echo");
    private static final List<Service.Port> PORTS =
            List.of(new Service.Port("tcp", Protocol.TCP, 80, 30080), new Service.Port("udp", Protocol.UDP, 80, 30081));

    private final LinuxKernel kernel = LinuxKernel.open();
    private final List<Observation> refusals = new ArrayList<>();
    private final NodeReconciler reconciler = new NodeReconciler(kernel, observation -> {
        if (observation instanceof Observation.ApplyFailed) {
            refusals.add(observation);
        }
    });
    private Optional<NodePlan> plan = Optional.empty();

    @BeforeEach
    void world() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh(
                "sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0");
        side("client", "192.0.2", "fd00:2:");
        side("pod", "10.244.1", "fd00:244:");
        sh(
                "ip -n pod addr add 10.244.1.2/24 dev eth0; ip -n pod addr add fd00:244::2/64 dev eth0 nodad preferred_lft 0;"
                        + " ip route add default via 192.0.2.1; ip -6 route add default via fd00:2::1;"
                        + " sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    }

    private static void side(String name, String net, String net6) throws Exception {
        sh(
                ("ip netns add %1$s; ip netns exec %1$s sysctl -qw net.ipv6.conf.default.accept_dad=0; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s; ip link set %1$s up; ip addr add %2$s.254/24 dev %1$s;"
                                + " ip addr add %3$s:254/64 dev %1$s nodad; ip -n %1$s link set eth0 up; ip -n %1$s addr add %2$s.1/24 dev eth0; ip -n %1$s addr add %3$s:1/64 dev eth0 nodad;"
                                + " ip -n %1$s route add default via %2$s.254; ip -n %1$s -6 route add default via %3$s:254")
                        .formatted(name, net, net6));
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh(
                "nft flush ruleset; for i in iptables ip6tables; do for t in nat filter mangle; do $i-legacy -w 5 -t $t -F; $i-legacy -w 5 -t $t -X; done; done;"
                        + " ip link del client; ip link del pod; ip netns del client; ip netns del pod");
    }

    private static void use(String variant) throws Exception {
        sh("iptables-" + variant + " -w 5 -t mangle -N KUBE-IPTABLES-HINT");
    }

    private void follow(ServiceMode mode, ServiceTraffic traffic, String... endpoints) {
        Optional<NodePlan> previous = plan;
        plan = Optional.of(Compiler.compile(
                NodeInputs.of(NODE.withServices(ServiceOptions.USUAL.in(mode)))
                        .with(cluster(traffic, endpoints).snapshot()),
                previous));
        boolean applied = reconciler.reconcile(ofServices(plan.get().kernel()));
        assertThat(refusals).isEmpty();
        assertThat(applied).isTrue();
    }

    /** Without routes and links, which are the test's own here. */
    private static KernelPlan ofServices(KernelPlan whole) {
        return KernelPlan.empty()
                .with(Tables.IPTABLES, whole.table(Tables.IPTABLES))
                .with(Tables.NFT, whole.table(Tables.NFT))
                .with(Tables.SYSCTLS, whole.table(Tables.SYSCTLS));
    }

    private static ClusterSketch cluster(ServiceTraffic traffic, String... endpoints) {
        ClusterSketch cluster = ClusterSketch.empty()
                .node("node1", List.of("192.0.2.254", "fd00:2::254"), List.of("10.244.1.0/24", "fd00:244::/64"))
                .service(new Service(
                        ECHO,
                        0,
                        Service.Type.LOAD_BALANCER,
                        List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00:96::1")),
                        Optional.empty(),
                        false,
                        false,
                        PORTS,
                        traffic));
        for (Family family : Family.values()) {
            List<EndpointSlice.Endpoint> ofFamily = new ArrayList<>();
            for (String endpoint : endpoints) {
                IpAddress address = IpAddress.parse(endpoint.replace("other:", ""));
                Locality at = Locality.of(endpoint.startsWith("other:") ? "node2" : "node1", "");
                if (address.family() == family) {
                    ofFamily.add(new EndpointSlice.Endpoint(
                            List.of(address), new EndpointSlice.Traits(true, true, false, Optional.empty(), at)));
                }
            }
            cluster = cluster.slice(new EndpointSlice(
                    new NamespacedName("default", "echo-" + family),
                    ECHO,
                    family,
                    List.of(
                            new EndpointSlice.Port("tcp", Protocol.TCP, 8080),
                            new EndpointSlice.Port("udp", Protocol.UDP, 8080)),
                    ofFamily));
        }
        return cluster;
    }

    private static ServiceTraffic traffic(Policy internal, Policy external, String balancer, String ranges) {
        return new ServiceTraffic(
                internal,
                external,
                Optional.empty(),
                List.of(),
                balancer.isEmpty() ? List.of() : List.of(IpAddress.parse(balancer)),
                ranges.isEmpty() ? List.of() : List.of(Prefix.parse(ranges)));
    }

    @ParameterizedTest
    @CsvSource({"nft, 10.96.0.1, 192.0.2.254, 10.244.1.1", "legacy, fd00:96::1, fd00:2::254, fd00:244::1"})
    void frontendsLeadToTheEndpointAndMasqueradeAsTheyShould(
            String variant, String clusterIp, String node, String endpoint) throws Exception {
        use(variant);
        follow(ServiceMode.IPTABLES, ServiceTraffic.USUAL, endpoint);
        try (Pods _ = new Pods()) {
            assertThat(sourceSeen("client", clusterIp, 80))
                    .as("outside, virtual address")
                    .endsWith(":254");
            assertThat(sourceSeen("client", node, 30080))
                    .as("outside, node port")
                    .endsWith(":254");
            assertThat(sourceSeen("node", clusterIp, 80)).as("the node itself").endsWith(":254");
            assertThat(sourceSeen("pod", clusterIp, 80))
                    .as("the endpoint itself")
                    .endsWith(":254");
            assertThat(udp("client", clusterIp, 80)).isNotEmpty();
            assertThat(udp("client", node, 30081)).isNotEmpty();
            follow(ServiceMode.IPTABLES, traffic(Policy.CLUSTER, Policy.LOCAL, "", ""), endpoint);
            assertThat(sourceSeen("client", node, 30080)).as("policy Local").endsWith(":1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void withoutEndpointsClientsAreRefusedAndWithoutLocalOnesTheyHearNothing(String variant) throws Exception {
        use(variant);
        follow(ServiceMode.IPTABLES, ServiceTraffic.USUAL);
        // First, because the kernel limits the number of its ICMP messages to one client.
        assertThatThrownBy(() -> udp("client", "10.96.0.1", 80)).isInstanceOf(PortUnreachableException.class);
        for (String from : List.of("client", "node")) {
            assertThatThrownBy(() -> sourceSeen(from, "10.96.0.1", 80)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> sourceSeen(from, "192.0.2.254", 30080)).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> sourceSeen(from, "10.96.0.1", 81))
                    .as("not a port of it")
                    .isInstanceOf(ConnectException.class);
        }
        follow(ServiceMode.IPTABLES, traffic(Policy.LOCAL, Policy.LOCAL, "", ""), "other:10.244.2.1");
        assertThatThrownBy(() -> sourceSeen("client", "192.0.2.254", 30080)).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> sourceSeen("client", "10.96.0.1", 80)).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> sourceSeen("client", "10.96.0.1", 81))
                .as("not a port of it")
                .isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void sourceRangesLetInWhomTheyNameAtTheBalancerAlone(String variant) throws Exception {
        use(variant);
        try (Pods _ = new Pods()) {
            follow(
                    ServiceMode.IPTABLES,
                    traffic(Policy.CLUSTER, Policy.CLUSTER, "203.0.113.9", "192.0.2.0/30"),
                    "10.244.1.1");
            assertThat(sourceSeen("client", "203.0.113.9", 80)).isNotEmpty();
            follow(
                    ServiceMode.IPTABLES,
                    traffic(Policy.CLUSTER, Policy.CLUSTER, "203.0.113.9", "198.51.100.0/24"),
                    "10.244.1.1");
            assertThatThrownBy(() -> sourceSeen("client", "203.0.113.9", 80))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(sourceSeen("client", "192.0.2.254", 30080)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aClientKeepsItsEndpointOnlyWithAffinity(String variant) throws Exception {
        use(variant);
        try (Pods _ = new Pods()) {
            follow(ServiceMode.IPTABLES, ServiceTraffic.USUAL, "10.244.1.1", "10.244.1.2");
            assertThat(endpoints(40)).containsExactlyInAnyOrder("10.244.1.1", "10.244.1.2");
            ServiceTraffic sticky = new ServiceTraffic(
                    Policy.CLUSTER, Policy.CLUSTER, Optional.of(Duration.ofHours(3)), List.of(), List.of(), List.of());
            follow(ServiceMode.IPTABLES, sticky, "10.244.1.1", "10.244.1.2");
            Set<String> first = endpoints(20);
            assertThat(first).hasSize(1);
            String other = first.contains("10.244.1.1") ? "10.244.1.2" : "10.244.1.1";
            follow(ServiceMode.IPTABLES, sticky, other);
            assertThat(endpoints(3)).as("its endpoint is gone").containsExactly(other);
        }
    }

    private static Set<String> endpoints(int connections) throws Exception {
        Set<String> endpoints = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            endpoints.add(answer("client", "10.96.0.1", 80).split(" ")[1]);
        }
        return endpoints;
    }

    /** A node that is restarted in another mode, while a client holds a connection and others come. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void anotherModeKeepsConnectionsAndLeavesNothing(String variant) throws Exception {
        use(variant);
        follow(ServiceMode.NFTABLES, ServiceTraffic.USUAL, "10.244.1.1");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        List<String> failed = new ArrayList<>();
        try (Pods _ = new Pods();
                ServerSocket server = in("pod", () -> new ServerSocket(8090));
                Socket held = in("client", () -> new Socket("10.96.0.1", 80))) {
            Thread others = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try {
                        answer("client", "10.96.0.1", 80);
                        made.incrementAndGet();
                    } catch (Exception failure) {
                        failed.add(failure.toString());
                    }
                }
            });
            assertThat(server.isBound()).isTrue();
            for (int round = 0; round < 3; round++) {
                awaitMore(made);
                follow(ServiceMode.IPTABLES, ServiceTraffic.USUAL, "10.244.1.1");
                assertThat(sh("nft list table ip fyr"))
                        .doesNotContain("backends")
                        .doesNotContain("pick-");
                assertThat(sh("iptables-" + variant + "-save")).contains("KUBE-SVC-");
                awaitMore(made);
                follow(ServiceMode.NFTABLES, ServiceTraffic.USUAL, "10.244.1.1");
                assertThat(sh("iptables-" + variant + "-save; ip6tables-" + variant + "-save"))
                        .doesNotContain("KUBE-S")
                        .doesNotContain("fyr-")
                        .doesNotContain("-A ");
            }
            stop.set(true);
            others.join();
            held.setSoTimeout(PATIENCE);
            held.getOutputStream().write('\n');
            assertThat(new String(held.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .as("the connection of the beginning")
                    .endsWith(" 10.244.1.1");
        }
        assertThat(failed).isEmpty();
        System.out.println(variant + ": " + made + " connections during six changes of the mode");
    }

    private static void awaitMore(AtomicInteger made) throws InterruptedException {
        int before = made.get();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (made.get() < before + 5 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(made.get()).isGreaterThan(before);
    }

    /** Answers each connection, after its first line, with the source that was seen and the address that was reached. */
    private static final class Pods implements AutoCloseable {
        private final ServerSocket tcp = in("pod", () -> new ServerSocket(8080));
        private final DatagramSocket udp = in("pod", () -> new DatagramSocket(8080));

        Pods() throws Exception {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> serve(() -> {
                        Socket socket = tcp.accept();
                        Thread.ofPlatform().daemon().start(() -> serveOnce(socket));
                    }));
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> serve(() -> {
                        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                        udp.receive(packet);
                        udp.send(packet);
                    }));
        }

        private interface Serving {
            void once() throws IOException;
        }

        private static void serve(Serving serving) {
            try {
                while (true) {
                    serving.once();
                }
            } catch (IOException closed) {
                // the end of the test
            }
        }

        private static void serveOnce(Socket socket) {
            try (socket) {
                while (socket.getInputStream().read() != '\n') {
                    // the client's first line
                }
                String text = socket.getInetAddress().getHostAddress() + " "
                        + socket.getLocalAddress().getHostAddress();
                socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException gone) {
                // the client's matter
            }
        }

        @Override
        public void close() throws IOException {
            tcp.close();
            udp.close();
        }
    }

    private static String sourceSeen(String from, String address, int port) throws Exception {
        String source = answer(from, address, port).split(" ")[0];
        return source.indexOf(':') >= 0 ? source : ":" + source.substring(source.lastIndexOf('.') + 1);
    }

    private static String answer(String from, String address, int port) throws Exception {
        return in(from, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), PATIENCE);
                socket.setSoTimeout(PATIENCE);
                socket.getOutputStream().write('\n');
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    private static String udp(String from, String address, int port) throws Exception {
        return in(from, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(InetAddress.getByName(address), port);
                socket.setSoTimeout(PATIENCE);
                socket.send(new DatagramPacket(new byte[] {'x'}, 1));
                DatagramPacket answer = new DatagramPacket(new byte[10], 10);
                socket.receive(answer);
                return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
            }
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
