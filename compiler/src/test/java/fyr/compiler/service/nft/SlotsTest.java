package fyr.compiler.service;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.dns.DnsCompiler;
import fyr.kernel.nft.NftKey;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicePlanTest {

    private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.1");
    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final Service.Port HTTP = new Service.Port("http", Protocol.TCP, 80, 30080);

    @Test
    void withoutAnyReadyEndpointTheDrainingOnesTakeNewConnections() {
        EndpointSlice slice = slice(
                "http",
                endpoint("10.244.1.1", false, true, true),
                endpoint("10.244.1.2", false, false, true),
                endpoint("10.244.1.3", false, true, false));
        assertThat(open(slice))
                .as(".2 does not answer any more, .3 does not terminate, is held back")
                .containsExactly("10.244.1.1");
    }

    @Test
    void oneReadyEndpointTakesAllNewConnectionsAndTheDrainingOneKeepsItsOwn() {
        EndpointSlice slice =
                slice("http", endpoint("10.244.1.1", false, true, true), endpoint("10.244.1.4", true, true, false));
        assertThat(open(slice)).containsExactly("10.244.1.4");
        assertThat(backends(slice).serving(Family.IPV4, HTTP)).hasSize(2);
    }

    /** The port decides: endpoints that are ready are so for the ports of their own slice only. */
    @Test
    void theFallbackIsForEachPort() {
        EndpointSlice http = slice("http", endpoint("10.244.1.1", false, true, true));
        EndpointSlice other = slice("other", endpoint("10.244.1.4", true, true, false));
        assertThat(open(http, other)).containsExactly("10.244.1.1");
    }

    private static List<String> open(EndpointSlice... slices) {
        List<String> addresses = new ArrayList<>();
        backends(slices)
                .open(Family.IPV4, HTTP)
                .forEach(backend -> addresses.add(backend.address().toString()));
        return addresses;
    }

    private static Backends backends(EndpointSlice... slices) {
        PersistentMap<NamespacedName, EndpointSlice> all = PersistentMap.of(Map.of());
        for (EndpointSlice slice : slices) {
            all = all.with(slice.name(), slice);
        }
        return new Backends(all, List.of());
    }

    private static EndpointSlice slice(String port, EndpointSlice.Endpoint... endpoints) {
        NamespacedName name = new NamespacedName("default", "web-" + port);
        return new EndpointSlice(
                name, WEB, Family.IPV4, List.of(new EndpointSlice.Port(port, Protocol.TCP, 8080)), List.of(endpoints));
    }

    private static EndpointSlice.Endpoint endpoint(
            String address, boolean ready, boolean serving, boolean terminating) {
        return new EndpointSlice.Endpoint(
                List.of(IpAddress.parse(address)), ready, serving, terminating, Optional.empty());
    }

    @Test
    void theVirtualAddressOfAnotherProxyIsNotServedAndItsNameIs() {
        ClusterSketch cluster = ClusterSketch.empty()
                .service(new Service(
                        WEB,
                        0,
                        Service.Type.CLUSTER_IP,
                        List.of(CLUSTER_IP),
                        Optional.empty(),
                        false,
                        true,
                        List.of(HTTP)))
                .endpoints("web", Family.IPV4, 8080, "10.244.1.1");
        ServicePlan nothing = ServicePlan.empty(List.of());
        assertThat(nothing.next(cluster.snapshot()).objects()).isEqualTo(nothing.objects());
        assertThat(DnsCompiler.empty()
                        .next(cluster.snapshot())
                        .view()
                        .services()
                        .containsKey(WEB))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 63, 64, 65, 100, 128, 129, 250, 1000, 5000, 8192})
    void everyEndpointHasItsShareOfTheSlots(int endpoints) {
        int slots = ServiceTier.slots(endpoints);
        assertThat(ServiceTier.all().boxed()).contains(slots);
        int least = slots / endpoints;
        int most = (slots + endpoints - 1) / endpoints;
        Map<Backend, Long> shares = Slots.of(backends(endpoints)).stream()
                .collect(Collectors.groupingBy(backend -> backend, Collectors.counting()));
        assertThat(shares).hasSize(endpoints);
        assertThat(shares.values()).allMatch(share -> share >= least && share <= most);
        assertThat(most * 8).isLessThanOrEqualTo(9 * least + (endpoints <= ServiceTier.EXACT ? 8 : 0));
    }

    private static List<Backend> backends(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Backend(IpAddress.parse("10.244.0.0").plus(i), 8080))
                .toList();
    }

    /** The plan is sent to the kernel slot by slot: if little has changed in a large service, little should change in the plan. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1000, 5000})
    void anEndpointThatGoesTakesFewSlotsWithIt(int endpoints) {
        List<Backend> all = backends(endpoints);
        for (int gone = 0; gone < endpoints; gone += endpoints / 10) {
            List<Backend> rest = new ArrayList<>(all);
            rest.remove(gone);
            List<Backend> before = Slots.of(all);
            List<Backend> after = Slots.of(rest);
            int share = before.size() / endpoints;
            assertThat(IntStream.range(0, before.size())
                            .filter(slot -> !before.get(slot).equals(after.get(slot)))
                            .count())
                    .isLessThan(20L * share);
        }
    }

    /** The label came to the slice, and nothing else changed. */
    @Test
    void aSliceOfAnotherProxyIsNotServedFromThenOn() {
        ClusterSketch cluster = ClusterSketch.empty()
                .service("web", 80, 0, "10.96.0.1")
                .endpoints("web", Family.IPV4, 8080, "10.244.1.1");
        EndpointSlice slice = cluster.snapshot()
                .endpointSlices()
                .get(new NamespacedName("default", "web"))
                .orElseThrow()
                .iterator()
                .next()
                .getValue();
        ClusterSketch labelled = cluster.slice(new EndpointSlice(
                slice.name(), slice.service(), true, slice.family(), slice.ports(), slice.endpoints()));
        ServicePlan served = ServicePlan.empty(List.of()).next(cluster.snapshot());
        assertThat(backends(served)).isEqualTo(1);
        assertThat(backends(served.next(labelled.snapshot()))).isZero();
        assertThat(backends(served.next(labelled.snapshot()).next(cluster.snapshot())))
                .isEqualTo(1);
    }

    private static int backends(ServicePlan plan) {
        return plan.objects()
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals("backends"))
                .size();
    }
}
