package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.MAC;
import static fyr.kernel.linux.route.Overlays.PEER;
import static fyr.kernel.linux.route.Overlays.by;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static fyr.kernel.linux.route.Overlays.to;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Changed;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.pod.PodLink;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class KernelEventsKernelIT {
    private final Overlays overlays = new Overlays();
    private final AddressTable addresses = new AddressTable(overlays.socket);
    private final NeighbourTable neighbours = new NeighbourTable(overlays.socket);

    @AfterEach
    void close() {
        overlays.close();
    }

    private final LinkedBlockingQueue<KernelEvent> heard = new LinkedBlockingQueue<>();

    private KernelEvents subscribe(Set<Integer> own) {
        KernelEvents events = KernelEvents.join(overlays.socket, own, addresses, neighbours);
        events.start(heard::add);
        return events;
    }

    private void await(Subject subject, boolean deletion, String detail) throws InterruptedException {
        while (true) {
            KernelEvent event = heard.poll(5, TimeUnit.SECONDS);
            assertThat(event).as("before %s", detail).isNotNull();
            if (event instanceof Changed(var about, var isDeletion, var text)
                    && about == subject
                    && isDeletion == deletion
                    && text.startsWith(detail)) {
                return;
            }
        }
    }

    @Test
    void whatOthersChangedIsTold() throws Exception {
        try (KernelEvents events = subscribe(Set.of())) {
            assertThat(events).isNotNull();
            put(RouteTable.main(overlays.socket), Map.of(to("10.244.2.0/24"), new Route.Unreachable()));
            sh("ip route del 10.244.2.0/24 proto 171");
            sh("ip neigh add fd00::7 lladdr 02:00:00:00:00:07 dev fyr-vxlan6 nud permanent");
            sh("bridge fdb add 02:00:00:00:00:02 dev fyr-vxlan4 dst 192.0.2.9 self permanent");
            sh("bridge fdb del 02:00:00:00:00:02 dev fyr-vxlan4 self");
            sh("ip addr add 10.244.1.0/32 dev fyr-vxlan4");
            sh("ip link del fyr-vxlan4");
            await(Subject.ROUTE, false, "10.244.2.0/24 table 254 proto 171");
            await(Subject.ROUTE, true, "10.244.2.0/24 table 254 proto 171");
            await(Subject.NEIGHBOUR, false, "fd00::7 lladdr 02:00:00:00:00:07");
            await(Subject.NEIGHBOUR, false, "192.0.2.9 lladdr 02:00:00:00:00:02");
            await(Subject.NEIGHBOUR, true, "192.0.2.9 lladdr 02:00:00:00:00:02");
            await(Subject.ADDRESS, false, "10.244.1.0/32");
            await(Subject.LINK, true, "fyr-vxlan4");
        }
    }

    @Test
    void aRouteThatReplacesOursIsTold() throws Exception {
        put(RouteTable.main(overlays.socket), Map.of(to("10.244.2.0/24"), new Route.Unreachable()));
        try (KernelEvents events = subscribe(Set.of())) {
            assertThat(events).isNotNull();
            sh("ip route replace 10.244.2.0/24 dev fyr-vxlan4 proto static");
            await(Subject.ROUTE, false, "10.244.2.0/24 table 254 proto 4");
        }
        sh("ip route del 10.244.2.0/24");
    }

    /** The kernel names no sender of changes that were not requested through netlink. */
    @Test
    void routesThatAreLostByASettingAreTold() throws Exception {
        put(RouteTable.main(overlays.socket), Map.of(to("fd00:10:244:2::/64"), by("fyr-vxlan6", "fd00:10:244:2::")));
        try (KernelEvents events = subscribe(Set.of(overlays.socket.port()))) {
            assertThat(events).isNotNull();
            sh("echo 1 > /proc/sys/net/ipv6/conf/fyr-vxlan6/disable_ipv6");
            await(Subject.ROUTE, true, "fd00:10:244:2::/64 table 254 proto 171");
        }
    }

    @Test
    void whatIsNotOursIsNotTold() throws Exception {
        sh("ip link add other-br type bridge && ip link add other0 type veth peer name other1");
        sh("ip link add other-vx type vxlan id 77 dstport 4789 local 192.0.2.1");
        sh(
                "ip link set other-br up && ip link set other0 master other-br up && ip link set other1 up && ip link set other-vx up");
        try (KernelEvents events = subscribe(Set.of())) {
            assertThat(events).isNotNull();
            sh("bridge fdb add 02:00:00:00:00:31 dev other0 master temp");
            sh("bridge fdb add 02:00:00:00:00:32 dev other-vx dst 192.0.2.9 self permanent");
            sh("ip neigh add 198.51.100.7 lladdr 02:00:00:00:00:33 dev other1 nud permanent");
            sh("ip route add 198.51.100.0/24 dev other1 && ip route del 198.51.100.0/24 dev other1");
            sh("ip route add 198.51.100.0/24 dev other1 table 99 proto 171 && ip route flush table 99");
            sh("ip neigh add 10.244.9.9 lladdr 02:00:00:00:00:34 dev fyr-vxlan4 nud permanent");
            assertThat(heard.poll(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Changed.class,
                            event -> assertThat(event.detail()).startsWith("10.244.9.9 lladdr 02:00:00:00:00:34"));
        } finally {
            sh("ip link del other-br; ip link del other0; ip link del other-vx");
        }
    }

    /** The kernel names no sender of changes of IPv6 addresses (inet6_ifa_notify), but since Linux 5.18 it stores their protocol number. */
    @Test
    void addressesThatAreMarkedOursAreNotTold() throws Exception {
        try (KernelEvents events = subscribe(Set.of(overlays.socket.port()))) {
            assertThat(events).isNotNull();
            put(
                    addresses,
                    Map.of(
                            new AddressKey("fyr-vxlan6", ip("fd00::1")), new InterfaceAddress(128),
                            new AddressKey("fyr-vxlan4", ip("10.244.1.0")), new InterfaceAddress(32)));
            sh("ip addr add fd00::2/128 dev fyr-vxlan6 nodad");
            assertThat(heard.poll(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Changed.class, event -> assertThat(event.detail()).startsWith("fd00::2/128"));
        }
    }

    /** No table is read again, whether the pod's routes and neighbours are removed before its link or with it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPodThatGoesIsNoNews(boolean inOrder) throws Exception {
        Path file = Path.of("/run/netns/events-pod");
        NetworkNamespace.create(file).close();
        PodLink pod = new PodLink(
                "fyr00000001", "eth0", file, MAC, PEER, 1450, List.of(ip("10.244.1.5"), ip("fd00:10:244:1::5")));
        RouteTable routes = RouteTable.main(overlays.socket);
        try (LinuxPodLinks links = LinuxPodLinks.open();
                KernelEvents events = subscribe(own(links))) {
            assertThat(events).isNotNull();
            links.create(pod);
            Route direct =
                    new Route.Unicast("fyr00000001", Optional.empty(), false, Optional.empty(), OptionalInt.empty());
            put(
                    neighbours,
                    Map.of(
                            new NeighbourKey("fyr00000001", ip("10.244.1.5")), new Neighbour(PEER),
                            new NeighbourKey("fyr00000001", ip("fd00:10:244:1::5")), new Neighbour(PEER)));
            put(routes, Map.of(to("10.244.1.5/32"), direct, to("fd00:10:244:1::5/128"), direct));
            if (inOrder) {
                remove(neighbours, neighbours.list().keySet());
                remove(routes, routes.list().keySet());
            }
            links.delete("fyr00000001");
            sh("ip route add unreachable 10.244.9.0/24 proto 171 && ip route del 10.244.9.0/24");
            KernelEvent next = new KernelEvent.PodLinkDown("fyr00000001");
            while (next instanceof KernelEvent.PodLinkDown(var name)) {
                assertThat(name).isEqualTo("fyr00000001");
                next = heard.poll(5, TimeUnit.SECONDS);
            }
            assertThat(next).isEqualTo(new Changed(Subject.ROUTE, false, "10.244.9.0/24 table 254 proto 171"));
        } finally {
            NetworkNamespace.delete(file);
        }
    }

    private Set<Integer> own(LinuxPodLinks links) {
        return Stream.concat(Stream.of(overlays.socket.port()), links.ports().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
