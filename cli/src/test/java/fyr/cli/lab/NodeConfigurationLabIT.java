package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.testkit.Frames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that pods send changes the node's addresses, routes and neighbours; messages of the node's own routers still do. */
class NodeConfigurationLabIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: { name: liar }
            spec:
              nodeName: node1
              containers: [ { name: c, image: any, ports: [ { containerPort: 8080 } ] } ]
            """;

    /** No neighbours of eth0 and lo: those that the node resolves come and go. */
    private static final String CONFIGURATION = "ip -4 route; ip -6 route | sed 's/ expires [0-9]*sec//';"
            + " ip -o addr | sed 's/valid_lft.*//'; ip neigh show nud all | grep 'dev fyr' | grep -v '^ff' | sort";

    private static final MacAddress LIAR = MacAddress.local(0x66);

    /** Runs the test's own program with frames to send, in a pod or on a node. */
    private static TestLab.Result send(TestLab lab, List<String> where, String link, byte[]... frames)
            throws Exception {
        String classes = Stream.of("kernel-linux/target/test-classes", "kernel-linux", "kernel", "model")
                .map(part -> TestLab.checkout()
                        .resolve(part.contains("/") ? part : part + "/target/classes")
                        .toAbsolutePath()
                        .toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(where);
        command.addAll(List.of(
                "--", Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(
                List.of("-cp", classes, "--enable-native-access=ALL-UNNAMED", "fyr.kernel.linux.FrameSocket", link));
        Stream.of(frames).map(HexFormat.of()::formatHex).forEach(command::add);
        return lab.lab("exec", command.toArray(String[]::new));
    }

    private static byte[][] lies(MacAddress host, IpAddress pod4, IpAddress pod6) {
        IpAddress node4 = IpAddress.parse("172.18.0.11");
        IpAddress node6 = IpAddress.parse("fd00:18::b");
        IpAddress liar = IpAddress.parse("fe80::66");
        return new byte[][] {
            Frames.routerAdvertisement(LIAR, liar, IpAddress.parse("2001:db8:bad::")),
            Frames.routerAdvertisement(LIAR, pod6, IpAddress.parse("2001:db8:bad::")),
            Frames.redirectIpv6(LIAR, host, pod6, node6, liar, IpAddress.parse("2001:db8::53")),
            Frames.redirectIpv6(
                    LIAR, host, IpAddress.parse("fd00:18::1"), node6, liar, IpAddress.parse("2001:db8::53")),
            Frames.redirectIpv4(LIAR, host, pod4, node4, pod4, IpAddress.parse("203.0.113.53")),
            Frames.redirectIpv4(
                    LIAR, host, IpAddress.parse("172.18.0.1"), node4, pod4, IpAddress.parse("203.0.113.53")),
            Frames.neighbourAdvertisement(LIAR, pod6),
            Frames.arpRequest(LIAR, IpAddress.parse("10.9.9.9"), node4),
            Frames.arpRequest(LIAR, pod4, node4),
            Frames.arpReply(LIAR, IpAddress.parse("10.9.9.8")),
            Frames.arpReply(LIAR, pod4),
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"dual", "ipv4"})
    void podsConfigureNothing(String families) throws Exception {
        try (TestLab lab = TestLab.up("config-" + families, "--nodes", "1", "--families", families)) {
            lab.apply(POD);
            lab.eventually("liar", "ping -c1 -W1 172.18.0.11 >/dev/null");
            IpAddress pod4 = IpAddress.parse(lab.find(
                    "inet (10\\.244\\.1\\.[0-9]+)/32",
                    lab.inPod("liar", "ip -4 addr show dev eth0").succeeded()));
            // In an IPv4 cluster the pod has no IPv6 address, and uses one that nobody has.
            IpAddress pod6 = IpAddress.parse(
                    families.equals("ipv4")
                            ? "fd00:10:244:1::2"
                            : lab.find(
                                    "inet6 (fd00:10:244:1:[0-9a-f:]+)/128",
                                    lab.inPod("liar", "ip -6 addr show dev eth0")
                                            .succeeded()));
            MacAddress host = MacAddress.parse(lab.find(
                    "lladdr ([0-9a-f:]+) PERMANENT",
                    lab.inPod("liar", "ip neigh show 169.254.1.1").succeeded()));
            String before = lab.onNode("node1", CONFIGURATION).succeeded().output();
            send(lab, List.of("liar"), "eth0", lies(host, pod4, pod6)).succeeded();
            // An answer shows that the earlier frames were processed: a veth pair keeps the order.
            lab.inPod("liar", "ping -c1 -W5 172.18.0.11").succeeded();
            assertThat(lab.onNode("node1", CONFIGURATION).succeeded().output())
                    .isEqualTo(before)
                    .doesNotContain("bad");
            assertThat(lab.onNode("node1", "ip route get 203.0.113.53; ip route get 2001:db8::53")
                            .succeeded()
                            .output())
                    .contains("via 172.18.0.1 dev eth0", "via fd00:18::1 dev eth0");
        }
    }

    /** The lab's nodes accept advertisements, as on a distribution. */
    @Test
    void theNodeHearsItsRoutersThoughItForwards() throws Exception {
        String learned = "ip -6 route show proto ra | sed 's/ expires [0-9]*sec//'";
        try (TestLab lab = TestLab.up("config-router", "--nodes", "1")) {
            assertThat(lab.onNode(
                                    "node1",
                                    "cat /proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv6/conf/default/accept_ra")
                            .succeeded()
                            .output())
                    .isEqualTo("1\n1\n");
            byte[] advertisement = Frames.routerAdvertisement(
                    MacAddress.local(1), IpAddress.parse("fe80::1:1"), IpAddress.parse("2001:db8:18::"));
            send(lab, List.of("--node", "router"), "subnet0", advertisement).succeeded();
            String route = "default via fe80::1:1 dev eth0";
            lab.onNode("node1", "for i in $(seq 50); do " + learned + " | grep -q default && break; sleep 0.1; done");
            assertThat(lab.onNode("node1", learned).succeeded().output()).contains(route);
            String forwarding = "/proc/sys/net/ipv6/conf/all/forwarding";
            lab.onNode(
                            "node1",
                            "echo 0 > " + forwarding + "; for i in $(seq 50); do grep -q 1 " + forwarding
                                    + " && break; sleep 0.1; done; grep 1 " + forwarding)
                    .succeeded();
            assertThat(lab.onNode("node1", learned).succeeded().output()).contains(route);
        }
    }
}
