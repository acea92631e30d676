package fyr.compiler.dns;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsPointersTest {

    private static final IpAddress SHARED = IpAddress.parse("172.18.0.11");

    /** Pods with hostnames on the network of one node all have its address. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40})
    void anAddressKeepsAllItsNames(int pods) {
        NamespacedName name = new NamespacedName("default", "db");
        List<Endpoint> endpoints = IntStream.range(0, pods)
                .mapToObj(pod ->
                        new Endpoint(List.of(SHARED), true, true, false, Optional.of(String.format("db-%02d", pod))))
                .toList();
        ClusterSketch cluster = ClusterSketch.empty()
                .service(new Service(name, Service.Type.CLUSTER_IP, List.of(), Optional.empty(), false, List.of()))
                .slice(new EndpointSlice(
                        new NamespacedName("default", "db-1"),
                        name,
                        Family.IPV4,
                        List.of(new EndpointSlice.Port("sql", Protocol.TCP, 5432)),
                        endpoints));
        assertThat(DnsCompiler.empty()
                        .next(cluster.snapshot())
                        .view()
                        .pointers()
                        .get(SHARED))
                .contains(IntStream.range(0, pods)
                        .mapToObj(pod -> String.format("db-%02d.db.default.svc", pod))
                        .toList());
    }
}
