package fyr.compiler.service;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.dns.DnsCompiler;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        return lookup(cluster);
    }

    private static ServiceLookup lookup(ClusterSketch cluster) {
        return ServiceLookup.of(ServicePlan.empty(List.of()).next(cluster.snapshot()));
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

    @Test
    void withoutAnyReadyEndpointTheDrainingOnesTakeNewConnections() {
        ClusterSketch draining = endpoints(endpoint("10.244.1.1", false, true, true), endpoint("10.244.1.2", false, false, true), endpoint("10.244.1.3", false, true, false));
        assertThat(leads(draining, "10.244.1.1")).isTrue();
        assertThat(leads(draining, "10.244.1.2")).as("does not answer any more").isFalse();
        assertThat(leads(draining, "10.244.1.3")).as("does not terminate, is held back").isFalse();
    }

    @Test
    void oneReadyEndpointTakesAllNewConnectionsAndTheDrainingOneKeepsItsOwn() {
        ClusterSketch both = endpoints(endpoint("10.244.1.1", false, true, true), endpoint("10.244.1.4", true, true, false));
        assertThat(leads(both, "10.244.1.1")).isFalse();
        assertThat(leads(both, "10.244.1.4")).isTrue();
        assertThat(lookup(both).stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.1.1"), 8080)).isFalse();
        ClusterSketch gone = endpoints(endpoint("10.244.1.4", true, true, false));
        assertThat(lookup(gone).stale(CLUSTER_IP, TCP, 80, IpAddress.parse("10.244.1.1"), 8080)).isTrue();
    }

    /** The port decides: endpoints that are ready are so for the ports of their own slice only. */
    @Test
    void theFallbackIsForEachPort() {
        EndpointSlice other = new EndpointSlice(
                new NamespacedName("default", "web-other"),
                new NamespacedName("default", "web"),
                Family.IPV4,
                List.of(new EndpointSlice.Port("other", Protocol.TCP, 9090)),
                List.of(endpoint("10.244.1.4", true, true, false)));
        assertThat(leads(endpoints(endpoint("10.244.1.1", false, true, true)).slice(other), "10.244.1.1")).isTrue();
    }

    /** Whether new connections may go there: whoever drains is left out of the question. */
    private static boolean leads(ClusterSketch cluster, String endpoint) {
        return !new ServiceLookup(lookup(cluster).objects(), Set.of()).stale(CLUSTER_IP, TCP, 80, IpAddress.parse(endpoint), 8080);
    }

    private static ClusterSketch endpoints(EndpointSlice.Endpoint... endpoints) {
        NamespacedName web = new NamespacedName("default", "web");
        EndpointSlice.Port http = new EndpointSlice.Port("http", Protocol.TCP, 8080);
        return ClusterSketch.empty()
                .service("web", 80, 30080, CLUSTER_IP.toString())
                .slice(new EndpointSlice(web, web, Family.IPV4, List.of(http), List.of(endpoints)));
    }

    private static EndpointSlice.Endpoint endpoint(String address, boolean ready, boolean serving, boolean terminating) {
        return new EndpointSlice.Endpoint(
                List.of(IpAddress.parse(address)), ready, serving, terminating, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void theVirtualAddressOfAnotherProxyIsNotServedAndItsNameIs() {
        NamespacedName web = new NamespacedName("default", "web");
        ClusterSketch cluster = ClusterSketch.empty()
                .service(new Service(web, Service.Type.CLUSTER_IP, List.of(CLUSTER_IP), Optional.empty(), false, true, List.of(new Service.Port("http", Protocol.TCP, 80, 0))))
                .endpoints("web", Family.IPV4, 8080, "10.244.1.1");
        ServicePlan nothing = ServicePlan.empty(List.of());
        assertThat(nothing.next(cluster.snapshot()).objects()).isEqualTo(nothing.objects());
        assertThat(DnsCompiler.empty().next(cluster.snapshot()).view().services().containsKey(web)).isTrue();
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
