package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sends real packets of both families to services with uneven numbers of endpoints. There are a client namespace, this namespace as the
 * node, and a namespace of the endpoints.
 */
@ExtendWith(NoLeaks.class)
final class ServiceKernelIT {

    private static final List<Integer> COUNTS = List.of(1, 2, 3, 7, 16);
    private static final int PORT = 80;
    private static final int TARGET = 8080;

    private static NetworkNamespace clients = NetworkNamespace.current();
    private static NetworkNamespace endpoints = NetworkNamespace.current();
    private static final List<AutoCloseable> SERVERS = new ArrayList<>();

    @BeforeAll
    static void world() throws Exception {
        sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        side("svc-c", "10.0.0", "fd00:c::");
        side("svc-b", "10.1.0", "fd00:b::");
        clients.close();
        endpoints.close();
        clients = NetworkNamespace.open(Path.of("/run/netns/svc-c"));
        endpoints = NetworkNamespace.open(Path.of("/run/netns/svc-b"));
        sh("ip -n svc-c addr add 10.0.0.1/24 dev eth0; ip -n svc-c addr add fd00:c::1/64 dev eth0 nodad");
        for (int i = 1; i <= 16; i++) {
            sh("ip -n svc-b addr add 10.1.0.%d/24 dev eth0; ip -n svc-b addr add fd00:b::%x/64 dev eth0 nodad"
                    .formatted(i, i));
        }
        for (String net : List.of("svc-c 10.0.0 fd00:c::", "svc-b 10.1.0 fd00:b::")) {
            String[] part = net.split(" ", -1);
            sh("ip -n %s route add default via %s.254; ip -n %s -6 route add default via %sfe"
                    .formatted(part[0], part[1], part[0], part[2]));
        }
        for (Family family : Family.values()) {
            for (int i = 1; i <= 16; i++) {
                serve(endpoint(family, i));
            }
        }
        try (NftTable table = NftTable.open()) {
            for (Family family : Family.values()) {
                table.apply(ruleset(family).creation());
            }
        }
    }

    private static void side(String name, String net4, String net6) {
        sh(("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s; "
                        + "ip link set %1$s up; ip -n %1$s link set eth0 up; ip addr add %2$s.254/24 dev %1$s; ip addr add %3$sfe/64 dev %1$s nodad")
                .formatted(name, net4, net6));
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable server : SERVERS) {
            server.close();
        }
        clients.close();
        endpoints.close();
        sh("nft delete table ip fyr; nft delete table ip6 fyr; ip netns del svc-c; ip netns del svc-b");
    }

    private static ServiceRuleset ruleset(Family family) {
        ServiceRuleset ruleset = new ServiceRuleset(family, COUNTS);
        for (int count : COUNTS) {
            List<IpAddress> targets = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                targets.add(endpoint(family, i));
            }
            ruleset.service(service(family, count), PORT, targets, TARGET);
        }
        for (int i = 1; i <= 16; i++) {
            ruleset.hairpin(endpoint(family, i));
        }
        return ruleset;
    }

    private static IpAddress service(Family family, int count) {
        return IpAddress.parse(family == Family.IPV4 ? "10.96.0." + count : "fd00:96::" + Integer.toHexString(count));
    }

    private static IpAddress endpoint(Family family, int number) {
        return IpAddress.parse(family == Family.IPV4 ? "10.1.0." + number : "fd00:b::" + Integer.toHexString(number));
    }

    @Test
    void everyEndpointIsChosenAboutEquallyOften() throws Exception {
        for (Family family : Family.values()) {
            for (int count : COUNTS) {
                for (boolean tcp : new boolean[] {true, false}) {
                    Map<String, Integer> answers = new TreeMap<>();
                    for (int i = 0; i < 60 * count; i++) {
                        answers.merge(ask(clients, family, count, 0, tcp).split(" ", -1)[0], 1, Integer::sum);
                    }
                    // 60 are expected for each; eight standard deviations of the binomial distribution are 62.
                    assertThat(answers)
                            .as("%s, %d endpoints, TCP %s", family, count, tcp)
                            .hasSize(count);
                    assertThat(answers.values()).allMatch(n -> n > 10 && n < 122);
                }
            }
        }
    }

    @Test
    void aPodReachesItselfAndSeesTheNode() throws Exception {
        for (Family family : Family.values()) {
            for (boolean tcp : new boolean[] {true, false}) {
                String node = InetAddress.getByName(family == Family.IPV4 ? "10.1.0.254" : "fd00:b::fe")
                        .getHostAddress();
                String pod =
                        InetAddress.getByName(endpoint(family, 1).toString()).getHostAddress();
                assertThat(ask(endpoints, family, 1, 1, tcp)).isEqualTo(pod + " " + node);
            }
        }
    }

    /** Endpoints are replaced and rules rewritten under traffic. Every packet must find an endpoint. */
    @Test
    void changesAreAtomicForPackets() throws Exception {
        Family family = Family.IPV4;
        FutureTask<Integer> traffic = new FutureTask<>(() -> {
            int answers = 0;
            for (int i = 0; i < 1500; i++) {
                assertThat(ask(clients, family, 1, 0, false)).startsWith("10.1.0.");
                answers++;
            }
            return answers;
        });
        try (NftTable table = NftTable.open()) {
            Map<NftKey, NftObject> original = table.list();
            Thread.ofPlatform().start(traffic);
            for (int round = 0; !traffic.isDone(); round++) {
                ServiceRuleset changed = new ServiceRuleset(family, COUNTS);
                changed.service(service(family, 1), PORT, List.of(endpoint(family, 1 + round % 16)), TARGET);
                table.apply(changed.creation());
            }
            assertThat(traffic.get()).isEqualTo(1500);
            table.apply(Delta.between(table.list(), PersistentMap.of(original)));
            assertThat(table.list()).isEqualTo(original);
        }
    }

    @Test
    void nftPrintsItReadably() {
        // Prints protocols as numbers: their names are in /etc/protocols, which a minimal Debian does not have.
        assertThat(sh("nft -p list table ip fyr"))
                .contains("10.96.0.16 . 6 . 80 : goto pick-16")
                .contains("10.96.0.3 . 17 . 80 . 0x00000002 : 10.1.0.3 . 8080")
                .contains(
                        "ip daddr . meta l4proto . th dport vmap @services comment \"services by address, protocol and port\"")
                .contains(
                        "dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 7 map @backends comment \"one of 7 endpoints\"")
                .contains("ip saddr . ip daddr @hairpin counter packets");
        assertThat(sh("nft -p list table ip6 fyr"))
                .contains("fd00:96::10 . 6 . 80 : goto pick-16")
                .contains("fd00:96::3 . 17 . 80 . 0x00000002 : fd00:b::3 . 8080")
                .contains("dnat ip6 to ip6 daddr . meta l4proto . th dport . numgen random mod 7 map @backends");
        assertThat(sh("nft -j list ruleset")).startsWith("{\"nftables\":");
    }

    /** The answer of a service, "endpoint client", asked from the address of the given endpoint, or from any address if 0. */
    private static String ask(NetworkNamespace from, Family family, int count, int endpoint, boolean tcp)
            throws Exception {
        InetSocketAddress service = new InetSocketAddress(
                InetAddress.getByAddress(service(family, count).toBytes()), PORT);
        InetSocketAddress source = endpoint == 0
                ? new InetSocketAddress(0)
                : new InetSocketAddress(
                        InetAddress.getByAddress(endpoint(family, endpoint).toBytes()), 0);
        return from.call(() -> tcp ? askTcp(service, source) : askUdp(service, source));
    }

    private static String askTcp(InetSocketAddress service, InetSocketAddress source) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(source);
            socket.connect(service, 3000);
            socket.setSoTimeout(3000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String askUdp(InetSocketAddress service, InetSocketAddress source) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(source)) {
            socket.setSoTimeout(3000);
            socket.connect(service);
            socket.send(new DatagramPacket(new byte[1], 1));
            DatagramPacket answer = new DatagramPacket(new byte[200], 200);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    private static void serve(IpAddress address) throws Exception {
        InetAddress at = InetAddress.getByAddress(address.toBytes());
        ServerSocket tcp = endpoints.call(() -> new ServerSocket(TARGET, 1000, at));
        DatagramSocket udp = endpoints.call(() -> new DatagramSocket(TARGET, at));
        SERVERS.addAll(List.of(tcp, udp));
        Thread.ofPlatform().daemon().start(() -> {
            while (!tcp.isClosed()) {
                try (Socket client = tcp.accept()) {
                    client.getOutputStream().write(answer(at, client.getInetAddress()));
                } catch (IOException closed) {
                    continue;
                }
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            while (!udp.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[200], 200);
                    udp.receive(packet);
                    packet.setData(answer(at, packet.getAddress()));
                    udp.send(packet);
                } catch (IOException closed) {
                    continue;
                }
            }
        });
    }

    private static byte[] answer(InetAddress endpoint, InetAddress client) {
        return (endpoint.getHostAddress() + " " + client.getHostAddress()).getBytes(StandardCharsets.UTF_8);
    }
}
