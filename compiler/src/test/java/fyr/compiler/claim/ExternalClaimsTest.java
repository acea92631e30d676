package fyr.compiler.claim;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services that claim external addresses which others have. */
class ExternalClaimsTest {

    private static final NodeIdentity SELF = new NodeIdentity(
                    "self",
                    new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
                    NodeIdentity.Overlay.AUTO,
                    List.of(IpAddress.parse("10.96.0.10")),
                    List.of())
            .withApiServer(Optional.of(IpAddress.parse("192.0.2.1")));
    private static final IpAddress SHARED = IpAddress.parse("203.0.113.1");

    private static Service service(String name, long created, String clusterIp, IpAddress external, int... ports) {
        return new Service(
                new NamespacedName("default", name),
                created,
                Service.Type.LOAD_BALANCER,
                List.of(IpAddress.parse(clusterIp)),
                Optional.empty(),
                false,
                false,
                IntStream.of(ports)
                        .mapToObj(port -> new Service.Port("p" + port, Protocol.TCP, port, 0))
                        .toList(),
                new ServiceTraffic(
                        ServiceTraffic.Policy.CLUSTER,
                        ServiceTraffic.Policy.CLUSTER,
                        Optional.empty(),
                        List.of(external),
                        List.of(),
                        List.of()));
    }

    private static Granted granted(Granted before, Service... services) {
        ClusterSketch cluster = ClusterSketch.empty()
                .node("self", List.of("172.18.0.10"), List.of("10.244.1.0/24"))
                .node("other", List.of("172.18.0.11"), List.of("10.244.2.0/24"));
        for (Service service : services) {
            cluster = cluster.service(service);
        }
        return before.next(NodeInputs.of(SELF).with(cluster.snapshot()));
    }

    private static Granted granted(Service... services) {
        return granted(Granted.nothing(SELF), services);
    }

    private static List<IpAddress> externals(Granted granted, String name) {
        return granted.services()
                .granted()
                .get(new NamespacedName("default", name))
                .orElseThrow()
                .traffic()
                .externalIps();
    }

    private static List<Complaint> about(Granted granted, String name) {
        return granted.services().complaints().get("Service default/" + name).orElse(List.of());
    }

    private final Service old = service("old", 1, "10.96.0.1", SHARED, 443);
    private final Service both = service("both", 2, "10.96.0.2", SHARED, 80, 443);
    private final Service young = service("young", 3, "10.96.0.3", SHARED, 80);

    @Test
    void servicesWithDifferentPortsShareAnAddress() {
        Granted granted = granted(old, young);
        assertThat(externals(granted, "old")).containsExactly(SHARED);
        assertThat(externals(granted, "young")).containsExactly(SHARED);
        assertThat(about(granted, "young")).isEmpty();
    }

    /** What one service lost is free for another, by any road. */
    @Test
    void theOlderServiceHasTheAddressIfPortsCollide() {
        Granted all = granted(old, both, young);
        assertThat(externals(all, "both")).isEmpty();
        assertThat(externals(all, "young")).containsExactly(SHARED);
        assertThat(about(all, "both"))
                .containsExactly(new Complaint(
                        "Service",
                        "default/both",
                        "spec.externalIPs",
                        SHARED + " belongs to Service default/old, which has the same port there and is older or comes"
                                + " first by name; nothing is served there"));
        Granted without = granted(all, both, young);
        assertThat(externals(without, "both")).containsExactly(SHARED);
        assertThat(externals(without, "young")).isEmpty();
        assertThat(granted(without, old, both, young)).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.1, is the virtual address of Service default/old",
        "10.96.0.10, is the address of cluster DNS",
        "192.0.2.1, is the address of the API server",
        "10.244.2.7, 'lies in 10.244.2.0/24, the pods of Node other'",
        "127.0.0.1, is a special address (loopback)"
    })
    void anAddressThatBelongsToSomethingElseIsNotServed(String address, String why) {
        Granted granted = granted(old, service("thief", 2, "10.96.0.9", IpAddress.parse(address), 443));
        assertThat(externals(granted, "thief")).isEmpty();
        assertThat(about(granted, "thief"))
                .singleElement()
                .satisfies(complaint -> assertThat(complaint.what()).contains(why));
        assertThat(externals(granted, "old")).containsExactly(SHARED);
    }

    @Test
    void aServiceMayBeFoundAtTheAddressOfANode() {
        IpAddress node = IpAddress.parse("172.18.0.11");
        assertThat(externals(granted(service("web", 2, "10.96.0.9", node, 443)), "web"))
                .containsExactly(node);
    }

    @Test
    void theVirtualAddressOfANewServiceIsTakenFromAnOlderExternalOne() {
        Service first = service("first", 1, "10.96.0.5", IpAddress.parse("10.96.0.6"), 80);
        Granted before = granted(first);
        assertThat(externals(before, "first")).hasSize(1);
        Granted after = granted(before, first, service("second", 2, "10.96.0.6", SHARED, 81));
        assertThat(externals(after, "first")).isEmpty();
        assertThat(granted(after, first)).isEqualTo(before);
    }
}
