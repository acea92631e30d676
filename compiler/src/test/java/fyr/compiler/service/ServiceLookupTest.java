package fyr.compiler.service;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceLookupTest {

    private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.1");
    private static final IpAddress NODE = IpAddress.parse("172.18.0.11");
    private static final int TCP = 6;

    private static ServiceLookup plan(String... endpoints) {
        ClusterSketch cluster = ClusterSketch.empty().service("web", 80, 30080, CLUSTER_IP.toString()).endpoints("web", Family.IPV4, 8080, endpoints);
        return new ServiceLookup(ServicePlan.empty(List.of()).next(cluster.snapshot()).objects());
    }

    @Test
    void aFlowToAnEndpointThatIsThereStays() {
        ServiceLookup plan = plan("10.244.1.1", "10.244.2.2");
        assertThat(plan.stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.2.2"), 8080)).isFalse();
        assertThat(plan.stale(NODE, TCP, 30080, IpAddress.parse("10.244.2.2"), 8080)).isFalse();
    }

    @Test
    void aFlowToAnEndpointThatIsGoneIsStale() {
        ServiceLookup plan = plan("10.244.1.1");
        assertThat(plan.stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.2.2"), 8080)).isTrue();
        assertThat(plan.stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.1.1"), 8081)).isTrue();
        assertThat(plan.stale(NODE, TCP, 30080, IpAddress.parse("10.244.2.2"), 8080)).isTrue();
        assertThat(plan().stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.1.1"), 8080)).isTrue();
    }

    @Test
    void flowsThatAreNotOursAreLeftAlone() {
        ServiceLookup plan = plan("10.244.1.1");
        assertThat(plan.stale(NODE, TCP, 22, NODE, 22)).isFalse();
        assertThat(plan.stale(IpAddress.parse("203.0.113.1"), 17, 53, IpAddress.parse("203.0.113.1"), 53)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 63, 64, 65, 100, 128, 129, 250, 1000, 5000, 8192})
    void everyEndpointHasItsShareOfTheSlots(int endpoints) {
        int slots = ServiceTier.slots(endpoints);
        assertThat(ServiceTier.all().boxed()).contains(slots);
        int least = slots / endpoints;
        int most = (slots + endpoints - 1) / endpoints;
        assertThat(IntStream.range(0, slots).filter(slot -> slot % endpoints == endpoints - 1).count()).isBetween((long) least, (long) most);
        assertThat(most * 8).isLessThanOrEqualTo(9 * least + (endpoints <= ServiceTier.EXACT ? 8 : 0));
    }
}
