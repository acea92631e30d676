package fyr.compiler.guard;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.RawPackets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encapsulated packets with the compiled rules and a real device: any family between the nodes, and any family inside. */
class GuardTunnelKernelIT {

    private static final int PATIENCE = 3000; // milliseconds, for what arrives
    private static final int SILENCE = 150; // for what does not
    private static final int PORT = 7777;
    private static final MacAddress INNER = MacAddress.local(9);

    private final LinuxKernel kernel = LinuxKernel.open();

    @BeforeEach
    void world() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        for (String side : List.of("under", "aside")) {
            sh(
                    ("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s; ip link set %1$s up;"
                                    + " ip -n %1$s link set eth0 up")
                            .formatted(side));
        }
        sh("ip link set lo up; ip addr add 192.0.2.1/24 dev under; ip addr add 2001:db8::1/64 dev under nodad;"
                + " ip addr add 198.51.100.1/24 dev aside; ip addr add 2001:db8:1::1/64 dev aside nodad");
        for (int host : List.of(2, 3, 4)) {
            sh(("ip -n under addr add 192.0.2.%1$d/24 dev eth0; ip -n under addr add 2001:db8::%1$d/64 dev eth0 nodad")
                    .formatted(host));
        }
        // The same addresses behind another link, from which nothing is accepted.
        sh("ip -n aside addr add 192.0.2.2/32 dev eth0; ip -n aside addr add 2001:db8::2/128 dev eth0 nodad;"
                + " ip -n aside route add 192.0.2.1 dev eth0; ip -n aside -6 route add 2001:db8::1 dev eth0;"
                + " for a in 192.0.2.1 2001:db8::1; do ip -n aside neigh add $a lladdr $(cat /sys/class/net/aside/address) dev eth0; done;"
                + " for d in all under aside; do echo 0 > /proc/sys/net/ipv4/conf/$d/rp_filter; done");
    }

    @AfterEach
    void end() throws Exception {
        kernel.close();
        sh(
                "conntrack -F 2>/dev/null; nft flush ruleset; for l in under aside fyr-vxlan; do ip link del $l; done; ip netns del under; ip netns del aside");
    }

    private static ClusterSketch cluster(Family outer) {
        String net = outer == Family.IPV4 ? "192.0.2." : "2001:db8::";
        ClusterSketch cluster = ClusterSketch.empty();
        for (int number = 1; number <= 3; number++) {
            cluster = cluster.node(
                    "node" + number,
                    List.of(net + number),
                    List.of("10.244." + number + ".0/24", "fd00:10:244:" + number + "::/64"));
        }
        return cluster;
    }

    /** The packets of one family between the nodes: where they come from and what is in them. */
    private record Outer(NetworkNamespace namespace, IpAddress source, IpAddress destination) {

        void send(byte[] payload) throws Exception {
            namespace.call(() -> {
                try (DatagramSocket socket =
                        new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(source.toBytes()), 0))) {
                    socket.send(new DatagramPacket(
                            payload, payload.length, InetAddress.getByAddress(destination.toBytes()), 4789));
                }
                return 0;
            });
        }

        Outer from(String address) {
            return new Outer(namespace, IpAddress.parse(address), destination);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheNodeOfTheInnerSourceIsHeard(Family outer) throws Exception {
        NodeIdentity node1 = new NodeIdentity(
                "node1", new HostLink("under", 1500, List.of()), NodeIdentity.Overlay.VXLAN, List.of(), List.of());
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1).with(cluster(outer).snapshot()), Optional.empty())
                .kernel();
        kernel.table(Tables.LINKS).apply(Delta.between(PersistentMap.empty(), plan.table(Tables.LINKS)));
        kernel.table(Tables.ADDRESSES).apply(Delta.between(PersistentMap.empty(), plan.table(Tables.ADDRESSES)));
        kernel.table(Tables.NFT).apply(Delta.between(kernel.table(Tables.NFT).list(), plan.table(Tables.NFT)));
        sh(
                "for n in all fyr-vxlan; do echo 0 > /proc/sys/net/ipv4/conf/$n/rp_filter; done; ip route add 10.244.0.0/16 dev fyr-vxlan;"
                        + " ip -6 route add fd00:10:244::/48 dev fyr-vxlan");
        MacAddress device =
                MacAddress.parse(sh("cat /sys/class/net/fyr-vxlan/address").strip());
        String net = outer == Family.IPV4 ? "192.0.2." : "2001:db8::";
        IpAddress end = IpAddress.parse(net + 1);
        try (NetworkNamespace up = NetworkNamespace.open(Path.of("/run/netns/under"));
                NetworkNamespace aside = NetworkNamespace.open(Path.of("/run/netns/aside"))) {
            for (Family inner : Family.values()) {
                Outer node2 = new Outer(up, IpAddress.parse(net + 2), end);
                try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(
                        InetAddress.getByName(inner == Family.IPV4 ? "10.244.1.0" : "fd00:10:244:1::"), PORT))) {
                    byte[] own = tunnelled(inner, 2, device);
                    assertHeard(socket, node2, own, true, "the node of the inner source");
                    assertHeard(socket, node2.from(net + 3), own, false, "another node");
                    assertHeard(socket, node2.from(net + 4), own, false, "no node");
                    assertHeard(socket, node2, tunnelled(inner, 3, device), false, "an inner source of another node");
                    assertHeard(socket, node2, tunnelled(inner, 1, device), false, "an inner source of this node");
                    assertHeard(socket, node2, tunnelled(inner, 9, device), false, "an inner source of nobody");
                    assertHeard(socket, node2, tagged(own), false, "a tag");
                    assertHeard(socket, new Outer(aside, node2.source(), end), own, false, "another link");
                    assertHeard(socket, node2.from(net + 3), tunnelled(inner, 3, device), true, "node3 for its own");
                    sh("nft flush chain ip fyr guard-input; nft flush chain ip6 fyr guard-input");
                    assertHeard(socket, node2.from(net + 4), own, true, "no node, without the rules");
                    assertHeard(
                            socket, new Outer(aside, node2.source(), end), own, true, "another link, without rules");
                    kernel.table(Tables.NFT)
                            .apply(Delta.between(kernel.table(Tables.NFT).list(), plan.table(Tables.NFT)));
                }
            }
        }
    }

    /** Packets between tunnels have no entries in the connection table; other packets to the same port do. */
    @ParameterizedTest
    @EnumSource
    void packetsBetweenNodesAreNotTracked(Family outer) throws Exception {
        NodeIdentity node1 = new NodeIdentity(
                "node1", new HostLink("under", 1500, List.of()), NodeIdentity.Overlay.VXLAN, List.of(), List.of());
        KernelPlan plan = Compiler.compile(
                        NodeInputs.of(node1).with(cluster(outer).snapshot()), Optional.empty())
                .kernel();
        kernel.table(Tables.NFT).apply(Delta.between(kernel.table(Tables.NFT).list(), plan.table(Tables.NFT)));
        String net = outer == Family.IPV4 ? "192.0.2." : "2001:db8::";
        IpAddress end = IpAddress.parse(net + 1);
        try (NetworkNamespace up = NetworkNamespace.open(Path.of("/run/netns/under"));
                NetworkNamespace here = NetworkNamespace.open(Path.of("/proc/self/ns/net"));
                DatagramSocket socket =
                        new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(end.toBytes()), 4789))) {
            byte[] frame = tunnelled(Family.IPV4, 2, INNER);
            Outer node2 = new Outer(up, IpAddress.parse(net + 2), end);
            assertHeard(socket, node2, frame, true, "node2");
            assertThat(entries(outer)).isEmpty();
            new Outer(here, end, node2.source()).send(frame);
            assertThat(entries(outer)).isEmpty();
            new Outer(here, end, IpAddress.parse(net + 4)).send(frame);
            assertThat(entries(outer)).as("to no node").hasSize(1);
            sh("nft flush chain ip fyr guard-prerouting; nft flush chain ip6 fyr guard-prerouting");
            assertHeard(socket, node2, frame, true, "node2, without the rule");
            assertThat(entries(outer)).as("without the rule").hasSize(2);
        }
    }

    private static List<String> entries(Family family) throws Exception {
        String name = family == Family.IPV4 ? "ipv4" : "ipv6";
        return sh("conntrack -L -f " + name + " -p udp --orig-port-dst 4789 2>/dev/null")
                .lines()
                .toList();
    }

    private static byte[] tunnelled(Family inner, int node, MacAddress device) {
        boolean four = inner == Family.IPV4;
        IpAddress source = IpAddress.parse(four ? "10.244." + node + ".5" : "fd00:10:244:" + node + "::5");
        IpAddress destination = IpAddress.parse(four ? "10.244.1.0" : "fd00:10:244:1::");
        byte[] packet = RawPackets.ip(source, destination, Protocol.UDP, PORT);
        return RawPackets.vxlan(
                RawPackets.VNI, RawPackets.ethernet(device, INNER, RawPackets.etherType(inner), packet));
    }

    /** The same with a priority tag (IEEE 802.1Q), which a device without VLANs removes. */
    private static byte[] tagged(byte[] payload) {
        byte[] tagged = new byte[payload.length + 4];
        System.arraycopy(payload, 0, tagged, 0, 20);
        tagged[20] = (byte) 0x81;
        System.arraycopy(payload, 20, tagged, 24, payload.length - 20);
        return tagged;
    }

    private static void assertHeard(DatagramSocket socket, Outer outer, byte[] payload, boolean expected, String what)
            throws Exception {
        outer.send(payload);
        socket.setSoTimeout(expected ? PATIENCE : SILENCE);
        boolean heard;
        try {
            socket.receive(new DatagramPacket(new byte[64], 64));
            heard = true;
        } catch (SocketTimeoutException silence) {
            heard = false;
        }
        assertThat(heard)
                .as("%s, from %s to %s", what, outer.source(), socket.getLocalAddress())
                .isEqualTo(expected);
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
