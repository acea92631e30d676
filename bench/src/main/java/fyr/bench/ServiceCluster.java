package fyr.bench;

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

/** A cluster of nothing but services, all alike: one TCP port, dual-stack, some endpoints each. */
final class ServiceCluster {

    static final int PORT = 80;

    /** So many endpoints may a service have; addresses of as many others, which replace the first one, come after them. */
    static final int MOST_ENDPOINTS = 64;

    private static final IpAddress FIRST_CLUSTER_IP = IpAddress.parse("10.96.0.1");
    private static final IpAddress FIRST_CLUSTER_IP6 = IpAddress.parse("fd00:10:96::1");
    private static final IpAddress FIRST_ENDPOINT = IpAddress.parse("10.128.0.1");
    private static final IpAddress FIRST_ENDPOINT6 = IpAddress.parse("fd00:10:128::1");
    private static final NamespacedName EMPTY = new NamespacedName("default", "none");

    private ServiceCluster() {}

    static ClusterSnapshot of(int services, int endpoints) {
        PersistentMap<NamespacedName, Service> all = PersistentMap.empty();
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices = PersistentMap.empty();
        for (int i = 0; i < services; i++) {
            all = all.with(name(i), service(i));
            slices = slices.with(name(i), slices(i, endpoints, 0));
        }
        return with(ClusterSnapshot.empty(), all, slices);
    }

    /** The same, but all services lead to one endpoint that exists. */
    static ClusterSnapshot leadingTo(int services, IpAddress endpoint, int port) {
        ClusterSnapshot cluster = of(services, 1);
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices = PersistentMap.empty();
        for (int i = 0; i < services; i++) {
            EndpointSlice only = slice(i, Family.IPV4, List.of(endpoint), port);
            slices = slices.with(
                    name(i),
                    PersistentMap.<NamespacedName, EndpointSlice>empty().with(only.name(), only));
        }
        return with(cluster, cluster.services(), slices);
    }

    /** The same with the first endpoint of one service replaced; another one for each {@code generation}. */
    static ClusterSnapshot changed(ClusterSnapshot cluster, int service, int endpoints, int generation) {
        return with(
                cluster,
                cluster.services(),
                cluster.endpointSlices().with(name(service), slices(service, endpoints, generation)));
    }

    static IpAddress clusterIp(int service) {
        return FIRST_CLUSTER_IP.plus(service);
    }

    static IpAddress endpoint(int service, int number) {
        return FIRST_ENDPOINT.plus(2L * MOST_ENDPOINTS * service + number);
    }

    private static NamespacedName name(int service) {
        return service < 0 ? EMPTY : new NamespacedName("default", "service-" + service);
    }

    private static Service service(int number) {
        return new Service(
                name(number),
                Service.Type.CLUSTER_IP,
                List.of(clusterIp(number), FIRST_CLUSTER_IP6.plus(number)),
                Optional.empty(),
                false,
                List.of(new Service.Port("http", Protocol.TCP, PORT, 0)));
    }

    private static PersistentMap<NamespacedName, EndpointSlice> slices(int service, int endpoints, int generation) {
        PersistentMap<NamespacedName, EndpointSlice> slices = PersistentMap.empty();
        for (Family family : Family.values()) {
            List<IpAddress> addresses = IntStream.range(0, endpoints)
                    .mapToObj(number -> address(family, service, number == 0 ? first(generation) : number))
                    .toList();
            EndpointSlice slice = slice(service, family, addresses, RoutedPair.PORT);
            slices = slices.with(slice.name(), slice);
        }
        return slices;
    }

    /** The beginning has one of its own, so that every change is one. */
    private static int first(int generation) {
        return MOST_ENDPOINTS + (generation == 0 ? 0 : 1 + generation % (MOST_ENDPOINTS - 1));
    }

    private static IpAddress address(Family family, int service, int number) {
        return family == Family.IPV4
                ? endpoint(service, number)
                : FIRST_ENDPOINT6.plus(2L * MOST_ENDPOINTS * service + number);
    }

    private static EndpointSlice slice(int service, Family family, List<IpAddress> addresses, int port) {
        List<EndpointSlice.Endpoint> endpoints = addresses.stream()
                .map(address -> new EndpointSlice.Endpoint(List.of(address), true, true, false, Optional.empty()))
                .toList();
        NamespacedName name = new NamespacedName("default", name(service).name() + "-" + family);
        return new EndpointSlice(
                name, name(service), family, List.of(new EndpointSlice.Port("http", Protocol.TCP, port)), endpoints);
    }

    private static ClusterSnapshot with(
            ClusterSnapshot cluster,
            PersistentMap<NamespacedName, Service> services,
            PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices) {
        return cluster.withServices(services).withEndpointSlices(slices);
    }
}
