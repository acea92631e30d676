package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.GoldenMessage;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LinuxPodLinksKernelIT {
    private static final Path POD = Path.of("/run/netns/pod0");

    private LinuxPodLinks links;

    @BeforeEach
    void open() {
        NetworkNamespace.create(POD).close();
        links = LinuxPodLinks.open();
    }

    @AfterEach
    void close() {
        links.hostEnds().keySet().forEach(links::delete);
        links.close();
        NetworkNamespace.delete(POD);
    }

    private static PodLink pod(int number, Path namespace) {
        return new PodLink(
                "fyr%08x".formatted(number),
                "eth0",
                namespace,
                MacAddress.parse("ee:ee:ee:ee:ee:ee"),
                MacAddress.local(number),
                1450,
                List.of(
                        IpAddress.parse("10.244.1.5").plus(number),
                        IpAddress.parse("fd00:10:244:1::5").plus(number)));
    }

    private static String inPod(String command) {
        return sh("nsenter --net=" + POD + " " + command);
    }

    @Test
    void asIpSeesIt() {
        links.create(pod(0, POD));
        assertThat(sh("ip -d -j link show fyr00000000"))
                .contains(
                        "\"mtu\":1450",
                        "\"address\":\"ee:ee:ee:ee:ee:ee\"",
                        "\"UP\"",
                        "\"NOARP\"",
                        "\"inet6_addr_gen_mode\":\"none\"",
                        "veth");
        assertThat(sh("ip -j addr show fyr00000000")).contains("\"addr_info\":[]");
        assertThat(inPod("ip -j link show eth0"))
                .contains("\"mtu\":1450", "\"address\":\"02:00:00:00:00:00\"", "\"UP\"");
        assertThat(inPod("ip -o addr show eth0"))
                .contains("10.244.1.5/32", "fd00:10:244:1::5/128")
                .doesNotContain("fe80")
                .doesNotContain("tentative");
        assertThat(inPod("ip route").lines().map(String::strip))
                .containsExactlyInAnyOrder(
                        "default via 169.254.1.1 dev eth0 proto 171", "169.254.1.1 dev eth0 proto 171 scope link");
        assertThat(inPod("ip -6 route"))
                .contains("default via fe80::1 dev eth0 proto 171", "fe80::1 dev eth0 proto 171");
        assertThat(inPod("ip neigh show"))
                .contains(
                        "169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee PERMANENT",
                        "fe80::1 dev eth0 lladdr ee:ee:ee:ee:ee:ee PERMANENT");
        assertThat(inPod("ip -br link show lo")).contains("UP");
        assertThat(links.check(pod(0, POD))).isEmpty();
        assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", true));
        assertThat(links.existing()).containsExactly("fyr00000000");
        links.delete("fyr00000000");
        assertThat(links.existing()).isEmpty();
    }

    @Test
    void packetsPassAtOnceInBothFamilies() {
        PodLink pod = pod(0, POD);
        links.create(pod);
        sh("ip link set lo up");
        sh("ip addr add 192.0.2.1/32 dev lo");
        sh("ip addr add 2001:db8::1/128 dev lo nodad");
        try {
            sh("ip route add 10.244.1.5 dev fyr00000000");
            sh("ip neigh add 10.244.1.5 lladdr " + pod.podMac() + " dev fyr00000000 nud permanent");
            sh("ip route add fd00:10:244:1::5 dev fyr00000000");
            sh("ip neigh add fd00:10:244:1::5 lladdr " + pod.podMac() + " dev fyr00000000 nud permanent");
            assertThat(inPod("ping -c1 -W1 192.0.2.1")).contains("1 received");
            assertThat(inPod("ping -c1 -W1 2001:db8::1")).contains("1 received");
        } finally {
            sh("ip addr del 192.0.2.1/32 dev lo");
            sh("ip addr del 2001:db8::1/128 dev lo");
        }
    }

    /** Whatever a pod sends adds or changes no entries, and without ARP the node asks nothing either. */
    @Test
    void arpFromAPodIsNotHeard() {
        PodLink pod = pod(0, POD);
        links.create(pod);
        sh("ip addr add 192.0.2.1/32 dev lo");
        try {
            sh("ip route add 10.244.1.5 dev fyr00000000");
            sh("ip neigh add 10.244.1.5 lladdr " + pod.podMac() + " dev fyr00000000 nud permanent");
            inPod("ip addr add 198.51.100.7/32 dev eth0");
            inPod("ip neigh flush dev eth0 nud permanent");
            inPod("ip route replace default dev eth0");
            inPod("ip route replace 192.0.2.1 dev eth0 src 198.51.100.7");
            assertThat(inPod("sh -c 'ping -c1 -W1 192.0.2.1; true'")).contains("0 received");
            assertThat(sh("ip neigh show dev fyr00000000"))
                    .isEqualTo("10.244.1.5 lladdr " + pod.podMac() + " PERMANENT \n");
            sh("ip link set fyr00000000 arp on");
            assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", false));
            // The entry of the first ping asks once a second, so it may ask only before and after the second ping.
            inPod("ip link set eth0 down");
            inPod("ip link set eth0 up");
            inPod("ip route replace 192.0.2.1 dev eth0 src 198.51.100.7");
            assertThat(inPod("sh -c 'ping -c1 -W1 192.0.2.1; true'")).contains("0 received");
            assertThat(sh("ip neigh show dev fyr00000000")).as("with ARP").contains("198.51.100.7");
            assertThat(links.setUp("fyr00000000")).isTrue();
            assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", true));
        } finally {
            sh("ip addr del 192.0.2.1/32 dev lo");
        }
    }

    @Test
    void refusesASecondLinkAndHarmsNotTheFirst() {
        links.create(pod(0, POD));
        assertThatThrownBy(() -> links.create(pod(1, POD)))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.EEXIST));
        assertThatThrownBy(() -> links.create(pod(0, POD)))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.EEXIST));
        assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", true));
        assertThat(links.check(pod(0, POD))).isEmpty();
    }

    @Test
    void aMissingNamespaceIsNamed() {
        Path missing = Path.of("/run/netns/missing");
        assertThatThrownBy(() -> links.create(pod(0, missing)))
                .hasMessageStartingWith(
                        "network namespace /run/netns/missing: there is no such file as this process sees it (ENOENT)");
        assertThat(links.check(pod(0, missing)))
                .containsExactly("link fyr00000000 is missing", "network namespace /run/netns/missing is missing");
    }

    @Test
    void failureLeavesNothing() {
        // A multicast address cannot be that of a pod. The kernel refuses it after the pair has been created.
        PodLink bad = new PodLink(
                "fyrbad",
                "eth0",
                POD,
                MacAddress.local(1),
                MacAddress.local(2),
                1450,
                List.of(IpAddress.parse("ff02::1")));
        assertThatThrownBy(() -> links.create(bad))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("RTM_NEWADDR ff02::1");
        assertThat(links.hostEnds()).isEmpty();
        assertThat(inPod("ip -br link")).doesNotContain("eth0");
    }

    @Test
    void aDefaultRouteOfAnotherPluginIsNotReplaced() {
        inPod("ip link add other0 type veth peer name other1");
        inPod("ip link set other0 up");
        inPod("ip addr add 198.51.100.1/24 dev other0");
        inPod("ip route add default via 198.51.100.2 dev other0");
        inPod("ip -6 addr add 2001:db8:9::1/64 dev other0 nodad");
        inPod("ip -6 route add default via 2001:db8:9::2 dev other0");
        String before = inPod("ip route show default") + inPod("ip -6 route show default");
        assertThatThrownBy(() -> links.create(pod(0, POD)))
                .hasMessageStartingWith("RTM_NEWROUTE 0.0.0.0/0: the pod has it from another plugin");
        assertThat(inPod("ip route show default") + inPod("ip -6 route show default"))
                .isEqualTo(before);
        assertThat(links.hostEnds()).isEmpty();
    }

    @Test
    void whatOthersChangedOnPurposeIsNoFault() {
        PodLink pod = pod(0, POD);
        links.create(pod);
        inPod("ip link set eth0 mtu 1400 address 02:00:00:00:00:99");
        // When the Ethernet address changes, the kernel forgets all neighbours, even permanent ones (neigh_changeaddr
        // in
        // net/core/neighbour.c).
        inPod("ip neigh add 169.254.1.1 lladdr ee:ee:ee:ee:ee:ee dev eth0 nud permanent");
        inPod("ip neigh add fe80::1 lladdr ee:ee:ee:ee:ee:ee dev eth0 nud permanent");
        inPod("ip -6 route del default");
        assertThat(links.check(pod)).hasSize(3);
        Set<IpAddress> all = Set.copyOf(pod.addresses());
        Set<IpAddress> routed = Set.of(pod.addresses().getFirst());
        assertThat(links.check(new ExpectedPodLink(
                        pod, Optional.of(MacAddress.parse("02:00:00:00:00:99")), OptionalInt.of(1400), all, routed)))
                .isEmpty();
        assertThat(links.check(new ExpectedPodLink(pod, Optional.empty(), OptionalInt.empty(), all, routed)))
                .isEmpty();
    }

    @Test
    void checkTellsEveryFault() {
        PodLink pod = pod(0, POD);
        links.create(pod);
        sh("ip link set fyr00000000 mtu 1400");
        inPod("ip route del default");
        inPod("ip -6 addr del fd00:10:244:1::5/128 dev eth0");
        inPod("ip neigh del 169.254.1.1 dev eth0");
        assertThat(links.check(pod))
                .containsExactly(
                        "link fyr00000000 has MTU 1400 instead of 1450",
                        "permanent neighbour 169.254.1.1 with ee:ee:ee:ee:ee:ee is missing on eth0",
                        "route 0.0.0.0/0 is missing or different",
                        "address fd00:10:244:1::5/128 is missing on eth0");
    }

    /** The kernel reports the same when a link goes down and when it is removed. It does not report IPv4 routes removed with the link. */
    @Test
    void goingDownIsTold() throws Exception {
        var heard = new LinkedBlockingQueue<KernelEvent>();
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
                KernelEvents events =
                        KernelEvents.join(socket, Set.of(), new AddressTable(socket), new NeighbourTable(socket))) {
            events.start(heard::add);
            links.create(pod(0, POD));
            assertThat(heard.poll(100, TimeUnit.MILLISECONDS))
                    .as("of making it and setting it up there is no word")
                    .isNull();
            sh("ip link set fyr00000000 down");
            assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", false));
            assertThat(links.setUp("fyr00000000")).isTrue();
            assertThat(links.hostEnds()).isEqualTo(Map.of("fyr00000000", true));
            links.delete("fyr00000000");
            assertThat(links.setUp("fyr00000000")).isFalse();
            KernelEvent down = new KernelEvent.PodLinkDown("fyr00000000");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(down);
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(down);
            // Each of the two is reported once or twice.
            assertThat(heard).allMatch(down::equals);
        }
    }

    @Test
    void deletingTwiceIsNoError() {
        links.create(pod(0, POD));
        links.delete("fyr00000000");
        links.delete("fyr00000000");
        assertThat(inPod("ip -br link")).doesNotContain("eth0");
        assertThatThrownBy(() -> links.delete("eth0")).isInstanceOf(IllegalArgumentException.class);
    }

    /** When the removal returns, the kernel has not finished with the link, but this must not be visible. */
    @Test
    void whatIsRemovedIsGoneAtBothEnds() {
        long[] micros = new long[40];
        for (int i = 0; i < micros.length; i++) {
            links.create(pod(0, POD));
            try (NetworkNamespace namespace = NetworkNamespace.open(POD);
                    NetlinkSocket inside = open(namespace)) {
                assertThat(KernelLink.named(inside, "eth0")).isPresent();
                long begin = System.nanoTime();
                links.delete("fyr00000000");
                micros[i] = (System.nanoTime() - begin) / 1000;
                assertThat(KernelLink.named(inside, "eth0")).isEmpty();
                assertThat(links.hostEnds()).isEmpty();
            }
        }
        Arrays.sort(micros);
        System.out.println("microseconds to remove a pod's link: median " + micros[20] + ", worst " + micros[39]);
    }

    private static NetlinkSocket open(NetworkNamespace namespace) {
        NetlinkSocket[] socket = new NetlinkSocket[1];
        namespace.run(() -> socket[0] = NetlinkSocket.open(Netlink.NETLINK_ROUTE));
        return socket[0];
    }

    @Test
    void manyAtOnce() throws Exception {
        List<Path> namespaces = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long[] micros = new long[40];
        for (int i = 0; i < micros.length; i++) {
            namespaces.add(Path.of("/run/netns/many" + i));
            NetworkNamespace.create(namespaces.getLast()).close();
        }
        for (int worker = 0; worker < 4; worker++) {
            int first = worker;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = first; i < micros.length; i += 4) {
                    long begin = System.nanoTime();
                    links.create(pod(i, namespaces.get(i)));
                    micros[i] = (System.nanoTime() - begin) / 1000;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Arrays.sort(micros);
        System.out.println("microseconds for a pod's link, 4 at once: median " + micros[20] + ", worst " + micros[39]);
        assertThat(links.hostEnds()).hasSize(micros.length);
        for (int i = 0; i < micros.length; i++) {
            assertThat(links.check(pod(i, namespaces.get(i)))).isEmpty();
            NetworkNamespace.delete(namespaces.get(i));
        }
    }

    @Test
    void oneAfterAnother() {
        PodLink pod = pod(0, POD);
        long[] micros = new long[60];
        for (int i = 0; i < micros.length; i++) {
            long begin = System.nanoTime();
            links.create(pod);
            micros[i] = (System.nanoTime() - begin) / 1000;
            assertThat(links.check(pod)).isEmpty();
            links.delete(pod.hostName());
            assertThat(links.check(pod)).containsExactly("link fyr00000000 is missing", "link eth0 is missing");
        }
        Arrays.sort(micros);
        System.out.println("microseconds for a pod's link, alone: median " + micros[30] + ", worst " + micros[59]);
    }

    @Test
    void goldenOfThePair() {
        GoldenMessage.check(
                "pod-link",
                "ip link add fyr00000000 mtu 1450 address ee:ee:ee:ee:ee:ee type veth"
                        + " peer name eth0 mtu 1450 address 02:00:00:00:00:00 netns (descriptor 7)",
                LinuxPodLinks.pair(pod(0, POD), 7).toBytes());
    }
}
