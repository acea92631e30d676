package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.FrameSocket;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.testkit.Frames;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that begins to forward IPv6 keeps what it learned from routers and continues to listen to them on the same links. */
@ExtendWith(NoLeaks.class)
final class ForwardingKernelIT {
    private static final SysctlKey FORWARDING = new SysctlKey("net/ipv6/conf/all/forwarding");
    private static final MacAddress ROUTER_MAC = MacAddress.parse("02:00:00:00:01:01");
    private static final IpAddress ROUTER = ip("fe80::101");

    /** Creates links of a node as a distribution configures them. Their other ends act as routers. */
    @BeforeEach
    void links() {
        sh("echo 0 > /proc/sys/net/ipv6/conf/all/forwarding");
        for (String link : new String[] {"eth0", "eth1", "eth2.7"}) {
            String router = link.replace("eth", "router");
            sh("ip link add " + link + " type veth peer name " + router);
            sh("echo 1 > /proc/sys/net/ipv6/conf/" + router + "/disable_ipv6");
            sh("ip link set " + router + " up; ip link set " + link + " up");
        }
        sh("echo 0 > /proc/sys/net/ipv6/conf/eth1/accept_ra");
    }

    @AfterEach
    void none() {
        sh("ip link del eth0; ip link del eth1; ip link del eth2.7; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding");
    }

    private static void advertise(String router, String prefix) {
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            int index = KernelLink.named(socket, router).orElseThrow().index();
            FrameSocket.send(here, index, Frames.routerAdvertisement(ROUTER_MAC, ROUTER, ip(prefix)));
        }
    }

    private static String learned() {
        return sh("ip -6 route show proto ra | sed 's/ expires [0-9]*sec//'")
                + sh("ip -6 -o addr show dynamic | awk '{print $2, $4}'");
    }

    private static String acceptRa(String link) {
        return sh("cat /proc/sys/net/ipv6/conf/" + link + "/accept_ra").strip();
    }

    private static void eventually(String route) throws InterruptedException {
        for (int i = 0; i < 200 && !learned().contains(route); i++) {
            Thread.sleep(25);
        }
        assertThat(learned()).contains(route);
    }

    @Test
    void whatRoutersToldStays() throws Exception {
        advertise("router0", "2001:db8:a::");
        advertise("router1", "2001:db8:b::");
        eventually("default via fe80::101 dev eth0");
        String before = learned();
        assertThat(before).contains("2001:db8:a:").doesNotContain("2001:db8:b:");
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            put(SysctlTable.ofTheNode(socket, here), Map.of(FORWARDING, "1"));
        }
        assertThat(sh("cat /proc/sys/net/ipv6/conf/all/forwarding")).isEqualTo("1\n");
        assertThat(learned()).isEqualTo(before);
        assertThat(acceptRa("eth1"))
                .as("who listened to no router listens to none")
                .isEqualTo("0");
        advertise("router0", "2001:db8:c::");
        advertise("router2.7", "2001:db8:d::");
        advertise("router1", "2001:db8:e::");
        eventually("2001:db8:c:");
        eventually("2001:db8:d:");
        assertThat(learned()).doesNotContain("2001:db8:e:");
    }

    /** Setting forwarding again would set it on every link, and the kernel would forget what it learned through a link that does not forward. */
    @Test
    void aNodeThatForwardsAlreadyIsLeftAlone() throws Exception {
        sh("echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 0 > /proc/sys/net/ipv6/conf/eth0/forwarding");
        advertise("router0", "2001:db8:a::");
        eventually("default via fe80::101 dev eth0");
        String before = learned();
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            put(SysctlTable.ofTheNode(socket, here), Map.of(FORWARDING, "1"));
        }
        assertThat(learned()).isEqualTo(before);
        assertThat(acceptRa("eth0")).isEqualTo("1");
        assertThat(acceptRa("eth2.7")).as("it did not listen before").isEqualTo("1");
        assertThat(sh("cat /proc/sys/net/ipv6/conf/eth0/forwarding")).isEqualTo("0\n");
    }
}
