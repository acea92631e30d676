package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.compiler.feature.ServiceMode;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One Service whose endpoints fill slices of a hundred, as the EndpointSlice controller makes them, and of which one is replaced. */
final class LargeService {

    private static final NamespacedName NAME = new NamespacedName("default", "large");
    private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.1");
    private static final IpAddress FIRST_ENDPOINT = IpAddress.parse("10.128.0.0");
    private static final int SLICE = 100;
    private static final int NODE_PORT = 30080;

    private final int endpoints;
    private ClusterSnapshot cluster;

    LargeService(int endpoints) {
        this.endpoints = endpoints;
        PersistentMap<NamespacedName, EndpointSlice> slices = PersistentMap.empty();
        for (int first = 0; first < endpoints; first += SLICE) {
            EndpointSlice slice = slice(first, 0);
            slices = slices.with(slice.name(), slice);
        }
        Service service = new Service(
                NAME,
                Service.Type.NODE_PORT,
                List.of(CLUSTER_IP),
                Optional.empty(),
                false,
                List.of(new Service.Port("http", Protocol.TCP, ServiceCluster.PORT, NODE_PORT)));
        cluster = ClusterSnapshot.empty()
                .withServices(PersistentMap.<NamespacedName, Service>empty().with(NAME, service))
                .withEndpointSlices(PersistentMap.<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>>empty()
                        .with(NAME, slices));
    }

    /** The first endpoint of a slice is another one in each generation. */
    private EndpointSlice slice(int first, int generation) {
        List<EndpointSlice.Endpoint> all = IntStream.range(first, Math.min(endpoints, first + SLICE))
                .mapToObj(number -> number == first ? 2 * endpoints + first + generation : number)
                .map(number -> new EndpointSlice.Endpoint(
                        List.of(FIRST_ENDPOINT.plus(number)), true, true, false, Optional.empty()))
                .toList();
        return new EndpointSlice(
                new NamespacedName("default", "large-" + first),
                NAME,
                Family.IPV4,
                List.of(new EndpointSlice.Port("http", Protocol.TCP, RoutedPair.PORT)),
                all);
    }

    /** Measures one replaced endpoint from snapshot to kernel, and how many entries it changes. */
    static void measure(Report report, ServiceMode mode, int endpoints, int changes) throws Exception {
        try (RoutedPair pair = RoutedPair.make("large" + endpoints)) {
            LargeService service = new LargeService(endpoints);
            BenchNode node = new BenchNode(pair.kernel(), mode);
            node.follow(service.cluster);
            node.writes();
            Samples samples = Stopwatch.time(changes / 5, changes, number -> {
                service.replace(number * SLICE % endpoints / SLICE * SLICE, number + 1);
                node.follow(service.cluster);
            });
            int rounds = changes / 5 + changes;
            report.add(Figure.milliseconds(
                    "one of " + endpoints + " endpoints of a service replaced",
                    samples,
                    node.writes() / rounds + " entries written for each"));
        }
    }

    private void replace(int first, int generation) {
        EndpointSlice slice = slice(first, generation);
        PersistentMap<NamespacedName, EndpointSlice> slices =
                cluster.endpointSlices().get(NAME).orElseThrow().with(slice.name(), slice);
        cluster = cluster.withEndpointSlices(cluster.endpointSlices().with(NAME, slices));
    }
}
