package fyr.compiler.service.nft;

import static fyr.compiler.service.nft.ServiceRulesKernelIT.in;
import static fyr.compiler.service.nft.ServiceRulesKernelIT.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Service without endpoints before many connections: as a pod's or a machine's outside sees it ({@code client}), and the node itself. */
class ServiceRefusalKernelIT {

    private static final int CONNECTIONS = 320;
    private static final int PATIENCE = 2000; // milliseconds; a refusal comes at once
    private static final NodeIdentity NODE = new NodeIdentity(
            "node1",
            new HostLink("client", 1500, List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:2::/64"))),
            Overlay.AUTO,
            List.of(),
            List.of());

    private final LinuxKernel kernel = LinuxKernel.open();

    @BeforeEach
    void world() throws Exception {
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh("ip netns add client; ip -n client link set lo up; ip link add client type veth peer name eth0 netns client;"
                + " ip link set client up; ip addr add 192.0.2.254/24 dev client;"
                + " ip addr add 2001:db8:2::fe/64 dev client nodad; ip -n client link set eth0 up;"
                + " ip -n client addr add 192.0.2.1/24 dev eth0; ip -n client addr add 2001:db8:2::1/64 dev eth0 nodad;"
                + " ip -n client route add default via 192.0.2.254; ip -n client route add default via 2001:db8:2::fe;"
                // A virtual address needs a route, which is not used.
                + " ip route add default via 192.0.2.1; ip route add default via 2001:db8:2::1;"
                + " sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        ClusterSketch cluster = ClusterSketch.empty()
                .node("node1", List.of("192.0.2.254", "2001:db8:2::fe"), List.of("10.244.1.0/24"))
                .service(new Service(
                        new NamespacedName("default", "empty"),
                        Service.Type.NODE_PORT,
                        List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00:96::1")),
                        Optional.empty(),
                        false,
                        List.of(
                                new Service.Port("tcp", Protocol.TCP, 80, 30080),
                                new Service.Port("udp", Protocol.UDP, 80, 30080))));
        KernelPlan plan = Compiler.compile(NodeInputs.of(NODE).with(cluster.snapshot()), Optional.empty())
                .kernel();
        kernel.table(Tables.NFT).apply(Delta.between(kernel.table(Tables.NFT).list(), plan.table(Tables.NFT)));
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh("nft flush ruleset; ip link del client; ip netns del client; ip route flush default; conntrack -F");
    }

    /**
     * All connections are opened at once. The kernel limits ICMP errors to about one a second: if the refusals were ICMP errors, most of these connections
     * would wait for a retransmission of their SYN.
     */
    @ParameterizedTest
    @CsvSource({
        "client, 10.96.0.1, 80",
        "client, 192.0.2.254, 30080",
        "client, fd00:96::1, 80",
        "client, 2001:db8:2::fe, 30080",
        "node, 10.96.0.1, 80",
        "node, 192.0.2.254, 30080",
        "node, fd00:96::1, 80",
        "node, 2001:db8:2::fe, 30080"
    })
    void everyTcpConnectionIsReset(String from, String address, int port) throws Exception {
        assertThat(in(from, () -> refused(new InetSocketAddress(address, port))))
                .isEqualTo(CONNECTIONS);
        assertThat(sh("conntrack -L 2>&1; conntrack -L -f ipv6 2>&1"))
                .as("nothing is tracked that was refused")
                .doesNotContain("dport=" + port);
    }

    /** How many connections are refused within ten seconds. */
    private static int refused(InetSocketAddress target) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            int refused = 0;
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                try {
                    channel.connect(target);
                    channel.register(selector, SelectionKey.OP_CONNECT);
                } catch (ConnectException atOnce) {
                    refused++;
                }
            }
            long end = System.nanoTime() + 10_000_000_000L;
            while (refused < CONNECTIONS && System.nanoTime() < end) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    try {
                        ((SocketChannel) key.channel()).finishConnect();
                    } catch (ConnectException inTheEnd) {
                        refused++;
                    }
                    key.cancel();
                }
                selector.selectedKeys().clear();
            }
            return refused;
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    /** Of UDP datagrams the first ones get errors; later ones as often as net.ipv4.icmp_ratelimit and net.ipv6.icmp.ratelimit allow. */
    @ParameterizedTest
    @CsvSource({
        "client, 10.96.0.1, 80",
        "client, 192.0.2.254, 30080",
        "client, fd00:96::1, 80",
        "client, 2001:db8:2::fe, 30080",
        "node, 10.96.0.1, 80",
        "node, fd00:96::1, 80"
    })
    void aDatagramGetsAnError(String from, String address, int port) {
        assertThatThrownBy(() -> in(from, () -> {
                    try (DatagramSocket socket = new DatagramSocket()) {
                        socket.connect(new InetSocketAddress(address, port));
                        socket.setSoTimeout(PATIENCE);
                        // A datagram may be lost while a new link comes up.
                        for (int i = 0; i < 5; i++) {
                            try {
                                socket.send(new DatagramPacket(new byte[1], 1));
                                socket.receive(new DatagramPacket(new byte[1], 1));
                            } catch (SocketTimeoutException nothing) {
                                continue;
                            }
                        }
                        return true;
                    }
                }))
                .isInstanceOf(IOException.class);
    }
}
