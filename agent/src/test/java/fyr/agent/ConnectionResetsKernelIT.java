package fyr.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real connections between a client's and an endpoints' namespace, through a node that translates them, when an endpoint leaves. */
class ConnectionResetsKernelIT {

    private static final int PORT = 8080;
    private static final int MANY = 10_000; // milliseconds: what is reset is reset at once

    private final List<AutoCloseable> open = new ArrayList<>();
    private LinuxKernel kernel;

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    /** A pod of the node. */
    private enum Pod {
        CLIENT,
        ONE,
        TWO;

        String link() {
            return "fyr0000000" + ordinal();
        }

        IpAddress address(Family family, int host) {
            return IpAddress.parse(
                    family == Family.IPV4 ? "10.89." + ordinal() + "." + host : "fd00:89:" + ordinal() + "::" + host);
        }

        Path file() {
            return Path.of("/run/netns/reset-" + ordinal());
        }
    }

    private static IpAddress virtual(Family family) {
        return IpAddress.parse(family == Family.IPV4 ? "10.96.0.1" : "fd00:96::1");
    }

    private static String sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @BeforeEach
    void node() throws Exception {
        kernel = LinuxKernel.open();
        sh("nft flush ruleset; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; ip link set lo up");
        for (Pod pod : Pod.values()) {
            try (NetworkNamespace there = NetworkNamespace.create(pod.file());
                    NetworkNamespace here = NetworkNamespace.current();
                    Wiring node = Wiring.in(here);
                    Wiring far = Wiring.in(there)) {
                node.cable(pod.link(), "eth0", there, 1500);
                far.up("lo").up("eth0");
                for (Family family : Family.values()) {
                    int length = family == Family.IPV4 ? 24 : 64;
                    node.address(pod.link(), pod.address(family, 1), length);
                    far.address("eth0", pod.address(family, 2), length);
                    far.route(Prefix.parse(family == Family.IPV4 ? "10.0.0.0/8" : "fd00::/16"), pod.address(family, 1));
                }
            }
        }
        translate(Pod.ONE);
    }

    /** Leads new connections to a pod. */
    private static void translate(Pod pod) throws Exception {
        for (Family family : Family.values()) {
            String table = family == Family.IPV4 ? "ip" : "ip6";
            sh(
                    "nft 'add table %1$s t; flush table %1$s t; add chain %1$s t p { type nat hook prerouting priority -100; };"
                                    .formatted(table)
                            + " add rule %1$s t p %1$s daddr %2$s dnat to %3$s'"
                                    .formatted(table, virtual(family), pod.address(family, 2)));
        }
    }

    @AfterEach
    void away() throws Exception {
        for (AutoCloseable socket : open) {
            socket.close();
        }
        kernel.close();
        sh("nft 'delete table ip t; delete table ip6 t'; conntrack -F");
        for (Pod pod : Pod.values()) {
            sh("ip link del " + pod.link());
            NetworkNamespace.delete(pod.file());
        }
    }

    private static <T> T in(Pod pod, java.util.concurrent.Callable<T> action) throws Exception {
        try (NetworkNamespace there = NetworkNamespace.open(pod.file())) {
            return there.call(action);
        }
    }

    private ServerSocket server(Pod pod, Family family) throws Exception {
        ServerSocket server = in(pod, () -> {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(
                    InetAddress.getByName(pod.address(family, 2).toString()), PORT));
            return socket;
        });
        server.setSoTimeout(MANY);
        open.add(server);
        return server;
    }

    /** A connection of the client through the virtual address. */
    private Socket connection(Family family) throws Exception {
        Socket socket = in(Pod.CLIENT, () -> {
            Socket client = new Socket();
            client.connect(
                    new InetSocketAddress(InetAddress.getByName(virtual(family).toString()), PORT), MANY);
            return client;
        });
        socket.setSoTimeout(MANY);
        open.add(socket);
        return socket;
    }

    private static ServiceTable services(Family family, EndpointSlice.Endpoint... endpoints) {
        NamespacedName name = new NamespacedName("default", "web");
        Service service = new Service(
                name,
                Service.Type.CLUSTER_IP,
                List.of(virtual(family)),
                Optional.empty(),
                false,
                List.of(new Service.Port("p", Protocol.TCP, PORT, 0)));
        EndpointSlice slice = new EndpointSlice(
                name, name, family, List.of(new EndpointSlice.Port("p", Protocol.TCP, PORT)), List.of(endpoints));
        return ServiceTable.empty("node1", List.of())
                .next(ClusterSketch.empty().service(service).slice(slice).snapshot());
    }

    private static EndpointSlice.Endpoint endpoint(Pod pod, Family family, boolean ready, boolean terminating) {
        return new EndpointSlice.Endpoint(List.of(pod.address(family, 2)), ready, ready, terminating, Optional.empty());
    }

    private StaleFlows stale() {
        return stale(address -> Arrays.stream(Pod.values())
                .filter(pod -> pod.address(address.family(), 2).equals(address))
                .findFirst()
                .map(Pod::file));
    }

    private StaleFlows stale(Function<IpAddress, Optional<Path>> namespaces) {
        return new StaleFlows(
                kernel.conntrack(),
                Optional.of(new ConnectionResets(kernel.conntrack(), kernel.sockets(), namespaces)),
                (_, _, _) -> {});
    }

    private static void assertGoesOn(Socket one, Socket other) throws IOException {
        one.getOutputStream().write(7);
        assertThat(other.getInputStream().read()).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsOfAConnectionToAnEndpointThatIsGoneAreResetEvenIfTheyOnlyWait(Family family) throws Exception {
        ServerSocket one = server(Pod.ONE, family);
        ServerSocket two = server(Pod.TWO, family);
        Socket toOne = connection(family);
        Socket atOne = one.accept();
        atOne.setSoTimeout(MANY);
        translate(Pod.TWO);
        Socket toTwo = connection(family);
        Socket atTwo = two.accept();
        atTwo.setSoTimeout(MANY);
        assertGoesOn(toOne, atOne);
        assertGoesOn(toTwo, atTwo);
        EndpointSlice.Endpoint stays = endpoint(Pod.TWO, family, true, false);
        StaleFlows stale = stale();
        stale.follow(services(family, endpoint(Pod.ONE, family, true, false), stays));
        stale.follow(services(family, endpoint(Pod.ONE, family, false, false), stays));
        stale.follow(services(family, endpoint(Pod.ONE, family, false, true), stays));
        assertGoesOn(toOne, atOne); // not ready and terminating is not gone

        long began = System.nanoTime();
        stale.follow(services(family, stays));
        assertThatThrownBy(() -> toOne.getInputStream().read())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> atOne.getInputStream().read())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        System.out.println("reset, " + family + ": " + (System.nanoTime() - began) / 1_000_000 + " ms");
        assertThat(System.nanoTime() - began).isLessThan(3_000_000_000L);
        assertThat(sh("conntrack -L -f " + (family == Family.IPV4 ? "ipv4" : "ipv6") + " -p tcp 2>/dev/null"))
                .contains("src=" + Pod.TWO.address(family, 2) + " ")
                .doesNotContain("src=" + Pod.ONE.address(family, 2) + " ");
        assertGoesOn(toTwo, atTwo);
        translate(Pod.ONE);
        Socket again = connection(family);
        assertGoesOn(again, one.accept()); // the listener was left alone
    }

    /** The kernel finds the listener where a connection is gone, and would end it. */
    @ParameterizedTest
    @EnumSource
    void aConnectionThatOnlyTheNodeRemembersEndsNoListener(Family family) throws Exception {
        ServerSocket one = server(Pod.ONE, family);
        String name = family == Family.IPV4 ? "ipv4" : "ipv6";
        sh(
                "conntrack -I -p tcp -s %s -d %s --sport 4000 --dport %d -r %s -q %s --reply-port-src %d --reply-port-dst 4000"
                                .formatted(
                                        Pod.CLIENT.address(family, 2),
                                        virtual(family),
                                        PORT,
                                        Pod.ONE.address(family, 2),
                                        Pod.CLIENT.address(family, 2),
                                        PORT)
                        + " --timeout 100 --state ESTABLISHED --status SEEN_REPLY,ASSURED 2>&1");
        stale().follow(services(family));
        assertThat(sh("conntrack -L -f " + name + " -p tcp 2>/dev/null")).doesNotContain("sport=4000");
        Socket client = connection(family);
        assertGoesOn(client, one.accept());
    }

    /**
     * In mode ipvs a virtual address is local, and the kernel takes it as the source of a connection to itself (ip_route_output_key_hash_rcu;
     * IPv6 takes an address of a link). The endpoint is on another node, which resets nothing.
     */
    @Test
    void theNodesOwnConnectionFromTheVirtualAddressIsReset() throws Exception {
        IpAddress virtual = virtual(Family.IPV4);
        sh(
                "ip route add local %1$s dev lo; nft 'add chain ip t o { type nat hook output priority -100; }; add rule ip t o ip daddr %1$s dnat to %2$s; add chain ip t a { type nat hook postrouting priority 100; }; add rule ip t a ip saddr %1$s masquerade'"
                        .formatted(virtual, Pod.ONE.address(Family.IPV4, 2)));
        try {
            ServerSocket one = server(Pod.ONE, Family.IPV4);
            Socket own = new Socket();
            open.add(own);
            own.connect(new InetSocketAddress(InetAddress.getByName(virtual.toString()), PORT), MANY);
            own.setSoTimeout(MANY);
            assertThat(own.getLocalAddress()).isEqualTo(InetAddress.getByName(virtual.toString()));
            assertGoesOn(own, one.accept());
            StaleFlows stale = stale(_ -> Optional.empty());
            stale.follow(services(Family.IPV4, endpoint(Pod.ONE, Family.IPV4, true, false)));
            stale.follow(services(Family.IPV4));
            assertThatThrownBy(() -> own.getInputStream().read())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        } finally {
            sh("ip route del local %s dev lo".formatted(virtual));
        }
    }
}
