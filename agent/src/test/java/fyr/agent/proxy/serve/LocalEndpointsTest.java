package fyr.agent.proxy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.ClusterSnapshot;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalEndpointsTest {

    private static final ServiceTraffic LOCAL =
            new ServiceTraffic(Policy.LOCAL, Policy.LOCAL, Optional.empty(), List.of(), List.of(), List.of());

    private final ClusterSnapshot service = Snapshots.withService(ClusterSnapshot.empty(), LOCAL);

    /** KEP-1669: endpoints that terminate still serve, but load balancers should send nothing more. */
    @Test
    void onlyReadyEndpointsOfTheNodeCount() {
        ClusterSnapshot cluster = Snapshots.withSlice(
                service,
                "a",
                0,
                Snapshots.endpoint("10.244.1.2", "node1", true, false),
                Snapshots.endpoint("10.244.1.3", "node1", true, false),
                Snapshots.endpoint("10.244.1.4", "node1", false, true),
                Snapshots.endpoint("10.244.2.2", "node2", true, false));
        cluster = Snapshots.withSlice(cluster, "b", 0, Snapshots.endpoint("10.244.1.3", "node1", true, false));
        cluster = Snapshots.withSlice(cluster, "six", 0, Snapshots.endpoint("fd00::2", "node1", true, false));
        assertThat(new LocalEndpoints(cluster, "node1").ready(Snapshots.WEB)).isEqualTo(2);
        assertThat(new LocalEndpoints(cluster, "node2").ready(Snapshots.WEB)).isEqualTo(1);
        assertThat(new LocalEndpoints(cluster, "node3").ready(Snapshots.WEB)).isZero();
    }

    @Test
    void portsWithoutLocalEndpointsAreThoseWithOthers() {
        assertThat(new LocalEndpoints(service, "node1").portsWithoutLocal(false, Family.IPV4))
                .isZero();
        ClusterSnapshot elsewhere =
                Snapshots.withSlice(service, "a", 0, Snapshots.endpoint("10.244.2.2", "node2", true, false));
        LocalEndpoints here = new LocalEndpoints(elsewhere, "node1");
        assertThat(here.portsWithoutLocal(false, Family.IPV4)).isEqualTo(1);
        assertThat(here.portsWithoutLocal(true, Family.IPV4)).isEqualTo(1);
        assertThat(here.portsWithoutLocal(true, Family.IPV6)).isZero();
        assertThat(new LocalEndpoints(elsewhere, "node2").portsWithoutLocal(true, Family.IPV4))
                .isZero();
        assertThat(new LocalEndpoints(Snapshots.withService(elsewhere, ServiceTraffic.USUAL), "node1")
                        .portsWithoutLocal(true, Family.IPV4))
                .isZero();
    }
}
