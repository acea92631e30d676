package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.cases.Place.Side;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.address.Family;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places of the cases as namespaces. This process's own one is the node, which routes between all others; the node's end of each link has
 * an address of its own, so that masquerade can be told from the node's InternalIP.
 */
@SuppressWarnings("try") // a test may be interrupted while it closes
final class PacketWorld implements AutoCloseable {

    private static final String NODE_MAC = "02:00:00:00:01:01";

    private final Map<Side, NetworkNamespace> namespaces = new EnumMap<>(Side.class);
    private final List<Answering> servers = new ArrayList<>();

    PacketWorld() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        sh("ip link set lo up; cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding;"
                + " echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit;"
                + " echo 1 > ipv4/ip_nonlocal_bind; echo 1 > ipv6/ip_nonlocal_bind"); // for addresses it has at times
        namespaces.put(Side.NODE, NetworkNamespace.current());
        routed(Side.CLIENT, 18);
        routed(Side.OTHER, 19);
        routed(Side.WORLD, 20);
        pod(Place.POD_A);
        pod(Place.POD_B);
        sh("ip route add 203.0.113.0/24 via 172.18.0.1; ip -6 route add 2001:db8:1::/64 via fd00:18::1;"
                + " ip -6 route add 2001:db8:2::/64 via fd00:18::1; ip route add 10.244.2.0/23 via 172.19.0.1;"
                + " ip -6 route add fd00:244:2::/64 via fd00:19::1; ip -6 route add fd00:244:3::/64 via fd00:19::1;"
                + " ip route add default via 172.20.0.1 src 172.18.0.10;"
                + " ip -6 route add default via fd00:20::1 dev world src fd00:18::10");
        servers.add(Answering.start(
                namespaces.get(Side.NODE),
                ServiceCases.all().stream()
                        .flatMap(one -> one.scene().ownAlso().stream())
                        .distinct()
                        .toList()));
        for (Side side : Side.values()) {
            servers.add(Answering.start(namespace(side), Place.at(side).toList()));
        }
    }

    /** A router's namespace in a subnet of the node's, with all addresses of the side. */
    private void routed(Side side, int subnet) throws Exception {
        String link = side.link();
        sh(("ip netns add %1$s; ip -n %1$s link set lo up; ip link add %1$s type veth peer name eth0 netns %1$s;"
                        + " ip link set %1$s up; ip -n %1$s link set eth0 up;"
                        + " ip addr add 172.%2$d.0.10/24 dev %1$s; ip -6 addr add fd00:%2$d::10/64 dev %1$s nodad;"
                        + " ip -n %1$s addr add 172.%2$d.0.1/24 dev eth0;"
                        + " ip -n %1$s -6 addr add fd00:%2$d::1/64 dev eth0 nodad;"
                        + " ip -n %1$s route add default via 172.%2$d.0.10;"
                        + " ip -n %1$s -6 route add default via fd00:%2$d::10")
                .formatted(link, subnet));
        for (Place place : Place.at(side).toList()) {
            sh("ip -n %1$s addr add %2$s/32 dev lo; ip -n %1$s -6 addr add %3$s/128 dev lo nodad"
                    .formatted(link, place.in(Family.IPV4), place.in(Family.IPV6)));
        }
        namespaces.put(side, NetworkNamespace.open(Path.of("/run/netns/" + link)));
    }

    /** As the agent attaches pods: both ends have permanent neighbours. */
    private void pod(Place pod) throws Exception {
        String name = pod.side().link();
        int number = pod.ordinal() + 1;
        sh(("ip netns add %1$s; ip -n %1$s link set lo up;"
                        + " ip link add %1$s address %2$s type veth peer name eth0 address %3$s netns %1$s;"
                        + " ip link set %1$s up; ip -n %1$s link set eth0 up;"
                        + " ip addr add 172.21.%6$d.1/32 dev %1$s; ip -6 addr add fd00:21:%6$d::1/128 dev %1$s nodad;"
                        + " ip -6 addr add fe80::1/64 dev %1$s nodad;"
                        + " ip -n %1$s addr add %4$s/32 dev eth0; ip -n %1$s -6 addr add %5$s/128 dev eth0 nodad;"
                        + " ip -n %1$s route add 172.21.%6$d.1 dev eth0;"
                        + " ip -n %1$s route add default via 172.21.%6$d.1;"
                        + " ip -n %1$s -6 route add default via fe80::1 dev eth0;"
                        + " ip -n %1$s neigh add 172.21.%6$d.1 lladdr %2$s dev eth0 nud permanent;"
                        + " ip -n %1$s neigh add fe80::1 lladdr %2$s dev eth0 nud permanent;"
                        + " ip route add %4$s dev %1$s; ip -6 route add %5$s dev %1$s;"
                        + " ip neigh add %4$s lladdr %3$s dev %1$s nud permanent;"
                        + " ip neigh add %5$s lladdr %3$s dev %1$s nud permanent")
                .formatted(name, NODE_MAC, Scene.podMac(pod), pod.in(Family.IPV4), pod.in(Family.IPV6), number));
        namespaces.put(pod.side(), NetworkNamespace.open(Path.of("/run/netns/" + name)));
    }

    NetworkNamespace namespace(Side side) {
        return Optional.ofNullable(namespaces.get(side)).orElseThrow();
    }

    /** Gives this node an address, or takes it away. */
    static void own(String change, Place place) throws Exception {
        sh("ip addr %1$s %2$s/32 dev lo; ip -6 addr %1$s %3$s/128 dev lo"
                .formatted(change, place.in(Family.IPV4), place.in(Family.IPV6)));
    }

    static String sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output;
    }

    @Override
    public void close() throws Exception {
        for (Answering answering : servers) {
            answering.close();
        }
        for (Side side : namespaces.keySet()) {
            namespace(side).close();
            if (side != Side.NODE) {
                sh("ip link del %1$s; ip netns del %1$s".formatted(side.link()));
            }
        }
        sh("nft flush ruleset");
    }
}
