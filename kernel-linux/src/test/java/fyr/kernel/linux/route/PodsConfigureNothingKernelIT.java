package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.ip;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.FrameSocket;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.testkit.Frames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod with CAP_NET_RAW sends changes no address, route or neighbour of the node, whether the node forwards IPv6 or not. */
@ExtendWith(NoLeaks.class)
final class PodsConfigureNothingKernelIT {
    private static final Path FILE = Path.of("/run/netns/pod0");
    private static final String LINK = "fyr00000000";
    private static final MacAddress HOST = MacAddress.parse("ee:ee:ee:ee:ee:ee");
    private static final MacAddress POD = MacAddress.local(1);
    private static final MacAddress LIAR = MacAddress.local(0x66);
    private static final IpAddress POD_IPV4 = ip("10.244.1.5");
    private static final IpAddress POD_IPV6 = ip("fd00:10:244:1::5");
    private static final IpAddress NODE_IPV4 = ip("192.0.2.1");
    private static final IpAddress NODE_IPV6 = ip("2001:db8::1");

    private LinuxPodLinks links;
    private NetworkNamespace pod;

    @BeforeEach
    void open() {
        pod = NetworkNamespace.create(FILE);
        links = LinuxPodLinks.open();
        sh("ip addr add " + NODE_IPV4 + "/32 dev lo; ip addr add " + NODE_IPV6 + "/128 dev lo nodad");
    }

    @AfterEach
    void close() {
        links.hostEnds().keySet().forEach(links::delete);
        links.close();
        pod.close();
        NetworkNamespace.delete(FILE);
        sh("ip addr del " + NODE_IPV4 + "/32 dev lo; ip addr del " + NODE_IPV6 + "/128 dev lo");
        forward("0");
    }

    private static void forward(String value) {
        sh("echo " + value + " > /proc/sys/net/ipv4/ip_forward; echo " + value
                + " > /proc/sys/net/ipv6/conf/all/forwarding");
    }

    private void attach(IpAddress... addresses) {
        links.create(new PodLink(LINK, "eth0", FILE, HOST, POD, 1450, List.of(addresses)));
        for (IpAddress address : addresses) {
            sh("ip route add " + address + " dev " + LINK);
            sh("ip neigh add " + address + " lladdr " + POD + " dev " + LINK + " nud permanent");
        }
    }

    private static String configuration() {
        return sh("ip -4 route; ip -6 route; ip -o addr | sed 's/valid_lft.*//'; ip neigh show nud all")
                // The kernel itself adds the neighbours for multicast.
                .replaceAll("(?m)^ff02.*\n", "");
    }

    private void sendFromPod(byte[]... frames) throws Exception {
        int index = pod.call(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
                return KernelLink.named(socket, "eth0").orElseThrow().index();
            }
        });
        FrameSocket.send(pod, index, frames);
        // The kernel processes the frames of a veth pair in order, so an answer to this ping shows that it has
        // processed all of them.
        sh("nsenter --net=" + FILE + " ping -c1 -W5 " + NODE_IPV4);
    }

    private static byte[][] lies() {
        IpAddress liar = ip("fe80::66");
        return new byte[][] {
            Frames.routerAdvertisement(LIAR, liar, ip("2001:db8:bad::")),
            Frames.routerAdvertisement(POD, POD_IPV6, ip("2001:db8:bad::")),
            Frames.neighbourSolicitation(LIAR, liar, NODE_IPV6),
            Frames.neighbourSolicitation(LIAR, POD_IPV6, NODE_IPV6),
            Frames.neighbourAdvertisement(LIAR, liar),
            Frames.neighbourAdvertisement(LIAR, POD_IPV6),
            Frames.redirectIpv6(POD, HOST, POD_IPV6, NODE_IPV6, liar, ip("2001:db8:2::2")),
            Frames.redirectIpv6(POD, HOST, POD_IPV6, NODE_IPV6, liar, POD_IPV6),
            Frames.redirectIpv4(POD, HOST, POD_IPV4, NODE_IPV4, ip("10.244.1.66"), ip("198.51.100.1")),
            Frames.redirectIpv4(POD, HOST, POD_IPV4, NODE_IPV4, ip("10.244.1.66"), POD_IPV4),
            Frames.arpRequest(LIAR, ip("10.9.9.9"), NODE_IPV4),
            Frames.arpRequest(LIAR, POD_IPV4, NODE_IPV4),
            Frames.arpReply(LIAR, ip("10.9.9.8")),
            Frames.arpReply(LIAR, POD_IPV4),
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void ofAnIpv4Cluster(String forwarding) throws Exception {
        forward(forwarding);
        attach(POD_IPV4);
        String before = configuration();
        // A router remembers who sent a router solicitation. On a link without IPv6 the node is not a router.
        sendFromPod(Frames.routerSolicitation(LIAR, ip("fe80::66")));
        sendFromPod(lies());
        assertThat(configuration()).isEqualTo(before);
        assertThat(sh("ip route get 198.51.100.1 2>&1 || true") + sh("ip route get " + POD_IPV4))
                .doesNotContain("10.244.1.66");
    }

    /** Tests the settings alone: they do not keep the kernel from remembering senders of neighbour discovery. Packet rules drop those packets. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void ofADualStackCluster(String forwarding) throws Exception {
        forward(forwarding);
        attach(POD_IPV4, POD_IPV6);
        String before = configuration();
        sendFromPod(lies());
        assertThat(configuration().replaceAll("(?m)^fe80::66 .*\n", "")).isEqualTo(before);
        assertThat(sh("ip route get " + POD_IPV4)).doesNotContain("10.244.1.66");
        assertThat(sh("ip route get " + POD_IPV6)).doesNotContain("fe80::66");
    }

    /** Frames that arrive through the tunnel do not configure the node either. */
    @Test
    void ofTheTunnel() {
        try (Overlays overlays = new Overlays()) {
            assertThat(overlays.links.list()).containsKey("fyr-vxlan4");
            assertThat(sh("cd /proc/sys/net; cat ipv6/conf/fyr-vxlan4/accept_ra ipv6/conf/fyr-vxlan4/accept_redirects"
                            + " ipv4/conf/fyr-vxlan4/accept_redirects ipv4/conf/fyr-vxlan4/arp_ignore"))
                    .isEqualTo("0\n0\n0\n8\n");
        }
    }

    @Test
    void settingsThatOthersChangedAreListed() {
        attach(POD_IPV4, POD_IPV6);
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            SysctlTable table = SysctlTable.ofTheNode(socket, here);
            Map<SysctlKey, String> wanted = PodLink.settings(LINK, List.of(POD_IPV6));
            Overlays.put(table, wanted);
            sh("echo 1 > /proc/sys/net/ipv6/conf/" + LINK + "/accept_ra");
            SysctlKey acceptRa = new SysctlKey("net/ipv6/conf/" + LINK + "/accept_ra");
            assertThat(table.list()).containsEntry(acceptRa, "1").hasSameSizeAs(wanted);
            links.delete(LINK);
            assertThat(table.list())
                    .as("of a link that is gone nothing is wrong")
                    .isEqualTo(wanted);
            Overlays.put(table, wanted);
        }
    }
}
