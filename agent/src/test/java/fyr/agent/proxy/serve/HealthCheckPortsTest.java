package fyr.agent.proxy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.proxy.NodePortAddresses;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets; {@code curl} asks where its words matter. */
class HealthCheckPortsTest {

    private volatile Instant now = Instant.parse("2026-07-01T10:00:00Z");
    private final ProxyHealth health = new ProxyHealth(() -> now, Duration.ofSeconds(60));
    private final List<Observation> observations = new CopyOnWriteArrayList<>();
    private int port;
    private HealthCheckPorts ports;

    @BeforeEach
    void start() throws IOException {
        port = free();
        ports = new HealthCheckPorts("node1", NodePortAddresses.UNSET, health, observations::add);
    }

    @AfterEach
    void stop() {
        ports.close();
        eventually(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("health-check-ports")));
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ClusterSnapshot with(ClusterSnapshot snapshot, String name, long created, int port) {
        NamespacedName service = new NamespacedName("shop", name);
        return snapshot.withServices(snapshot.services()
                .with(
                        service,
                        new Service(
                                service,
                                created,
                                Service.Type.LOAD_BALANCER,
                                List.of(IpAddress.parse("10.96.0.7")),
                                Optional.empty(),
                                false,
                                false,
                                List.of(new Service.Port("http", Protocol.TCP, 80, 30080)),
                                ServiceTraffic.USUAL.withHealthCheckNodePort(port))));
    }

    private static ClusterSnapshot ready(ClusterSnapshot snapshot, boolean ready) {
        return Snapshots.withSlice(snapshot, "a", 0, Snapshots.endpoint("10.244.1.2", "node1", ready, !ready));
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 30 s").isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String curl(String host, int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-i", "--max-time", "10"));
        command.addAll(List.of(options));
        command.add("http://" + host + ":" + port + "/");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private boolean listens(int at) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** KEP-1669: when only terminating endpoints are left, they still serve, but the node asks for no more connections. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]"})
    void anAnswerIsThatOfKubeProxy(String host) throws Exception {
        ports.follow(ready(with(ClusterSnapshot.empty(), "web", 0, port), true));
        eventually(() -> listens(port));
        assertThat(curl(host, port).replace("\r", "")).isEqualTo("""
                HTTP/1.1 200 OK
                Content-Type: application/json
                X-Content-Type-Options: nosniff
                X-Load-Balancing-Endpoint-Weight: 1
                Content-Length: 111
                Connection: close

                {
                \t"service": {
                \t\t"namespace": "shop",
                \t\t"name": "web"
                \t},
                \t"localEndpoints": 1,
                \t"serviceProxyHealthy": true
                }""");
        ports.follow(ready(with(ClusterSnapshot.empty(), "web", 0, port), false));
        assertThat(curl(host, port)).startsWith("HTTP/1.1 503 ").contains("\"localEndpoints\": 0", "Weight: 0");
    }

    @Test
    void aProxyThatIsStuckSendsLoadBalancersAway() throws Exception {
        health.updated();
        health.queued();
        ports.follow(ready(with(ClusterSnapshot.empty(), "web", 0, port), true));
        eventually(() -> listens(port));
        now = now.plusSeconds(61);
        assertThat(curl("127.0.0.1", port))
                .startsWith("HTTP/1.1 503 ")
                .contains("\"localEndpoints\": 1", "\"serviceProxyHealthy\": false");
    }

    @Test
    void aPortComesAndGoesWithItsService() throws Exception {
        ports.follow(with(ClusterSnapshot.empty(), "web", 0, port));
        eventually(() -> listens(port));
        int other = free();
        ports.follow(with(ClusterSnapshot.empty(), "web", 0, other));
        eventually(() -> listens(other) && !listens(port));
        ports.follow(ClusterSnapshot.empty());
        eventually(() -> !listens(other));
        stop(); // its thread is gone, too
        assertThat(observations).isEmpty();
    }

    @Test
    void ofTwoServicesTheOlderHasThePort() throws Exception {
        ClusterSnapshot both = with(with(ClusterSnapshot.empty(), "young", 20, port), "old", 10, port);
        ports.follow(both);
        eventually(() -> listens(port));
        assertThat(curl("127.0.0.1", port)).contains("\"name\": \"old\"");
        assertThat(observations).hasSize(1).first().asString().contains("shop/young", "shop/old");
        ports.follow(both.withServices(both.services().without(new NamespacedName("shop", "old"))));
        assertThat(curl("127.0.0.1", port)).contains("\"name\": \"young\"");
        assertThat(observations).hasSize(2).last().isInstanceOf(Observation.ObjectAccepted.class);
    }

    @Test
    void aPortOfAnotherProgramIsNamedAndTriedAgain() throws Exception {
        try (ServerSocket other = new ServerSocket(port)) {
            ports.follow(with(ClusterSnapshot.empty(), "web", 0, port));
            eventually(() -> !observations.isEmpty());
            assertThat(observations.getFirst().text()).contains("shop/web", Integer.toString(port), "in use");
            assertThat(other.isBound()).isTrue();
        }
        eventually(() -> observations.size() == 2);
        assertThat(observations.getLast()).isInstanceOf(Observation.ObjectAccepted.class);
        assertThat(curl("127.0.0.1", port)).contains("\"name\": \"web\"");
    }

    @Test
    void nodePortAddressesHoldForThem() throws Exception {
        ports.close();
        ports = new HealthCheckPorts(
                "node1",
                new NodePortAddresses(Set.of(), List.of(Prefix.parse("127.0.0.2/32"))),
                health,
                observations::add);
        ports.follow(with(ClusterSnapshot.empty(), "web", 0, port));
        eventually(() -> listens(port));
        assertThat(curl("127.0.0.2", port)).contains("\"name\": \"web\"");
        assertThat(curl("127.0.0.1", port)).doesNotContain("web");
    }

    /** Clients of one address that send nothing do not keep others away, and are let go. */
    @Test
    void silentClientsDoNotKeepOthersAway() throws Exception {
        ports.follow(ready(with(ClusterSnapshot.empty(), "web", 0, port), true));
        eventually(() -> listens(port));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int client = 0; client < 40; client++) {
                for (int i = 0; i < 10; i++) {
                    Socket socket = new Socket();
                    socket.bind(new InetSocketAddress("127.0.1." + (client + 1), 0));
                    socket.connect(new InetSocketAddress("127.0.0.1", port));
                    socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                    silent.add(socket);
                }
                assertThat(curl("127.0.0.1", port)).startsWith("HTTP/1.1 200 ");
            }
            Socket last = silent.getLast();
            last.setSoTimeout(20_000);
            assertThat(last.getInputStream().read()).isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Whatever bytes come, the next probe is answered. */
    @Test
    void hostileBytes() throws Exception {
        ports.follow(ready(with(ClusterSnapshot.empty(), "web", 0, port), true));
        eventually(() -> listens(port));
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                byte[] bytes = new byte[random.nextInt(1, i % 50 == 0 ? 100_000 : 200)];
                random.nextBytes(bytes);
                socket.getOutputStream().write(bytes);
                if (random.nextBoolean()) {
                    socket.getOutputStream().write("\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException reset) {
                // the listener has had enough
            }
        }
        assertThat(curl("127.0.0.1", port, "-X", "POST", "-d", "x".repeat(1000)))
                .startsWith("HTTP/1.1 200 ");
    }
}
