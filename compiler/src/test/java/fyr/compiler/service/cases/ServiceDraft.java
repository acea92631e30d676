package fyr.compiler.service.cases;

import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Service of a sketch, with its endpoint slices. It has one port number for each of its protocols, unless it is headless a virtual address,
 * and any other frontends.
 *
 * @param clusterIp empty if headless
 * @param nodePort 0 if it has none
 * @param dual whether it has addresses of both families
 * @param ranges the subnets around these places
 */
record ServiceDraft(
        String name,
        Optional<Place> clusterIp,
        int port,
        int nodePort,
        Set<Protocol> protocols,
        Policy internal,
        Policy external,
        Optional<Duration> affinity,
        List<Place> externalIps,
        List<Place> loadBalancers,
        List<Place> ranges,
        boolean dual,
        boolean otherProxy,
        List<SliceDraft> slices) {

    /** A service with one frontend of each kind. */
    static ServiceDraft web(EndpointDraft... endpoints) {
        return web(SliceDraft.of(endpoints));
    }

    /** The same with these slices. */
    static ServiceDraft web(SliceDraft... slices) {
        return new ServiceDraft(
                "web",
                Optional.of(Place.CLUSTER_IP),
                Scene.PORT,
                Scene.NODE_PORT,
                EnumSet.allOf(Protocol.class),
                Policy.CLUSTER,
                Policy.CLUSTER,
                Optional.empty(),
                List.of(Place.EXTERNAL_IP),
                List.of(Place.LOAD_BALANCER),
                List.of(),
                false,
                false,
                List.of(slices));
    }

    /** Another service, with a virtual address and this external one. */
    static ServiceDraft other(Place externalIp, int port, int nodePort, EndpointDraft... endpoints) {
        return new ServiceDraft(
                "other",
                Optional.of(Place.CLUSTER_IP_2),
                port,
                nodePort,
                EnumSet.allOf(Protocol.class),
                Policy.CLUSTER,
                Policy.CLUSTER,
                Optional.empty(),
                List.of(externalIp),
                List.of(),
                List.of(),
                false,
                false,
                List.of(SliceDraft.of(endpoints)));
    }

    ServiceDraft internal(Policy policy) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                policy,
                external,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft external(Policy policy) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                policy,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft affine(Duration time) {
        return withAffinity(Optional.of(time));
    }

    ServiceDraft only(Protocol protocol) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                Set.of(protocol),
                internal,
                external,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft allowing(Place... places) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                external,
                affinity,
                externalIps,
                loadBalancers,
                List.of(places),
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft ofBothFamilies() {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                external,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                true,
                otherProxy,
                slices);
    }

    ServiceDraft ofOtherProxy() {
        return ofOtherProxy(true);
    }

    ServiceDraft ofOtherProxy(boolean labelled) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                external,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                labelled,
                slices);
    }

    ServiceDraft at(List<Place> externals, List<Place> balancers, int atNode) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                atNode,
                protocols,
                internal,
                external,
                affinity,
                externals,
                balancers,
                ranges,
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft withAffinity(Optional<Duration> time) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                external,
                time,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                otherProxy,
                slices);
    }

    ServiceDraft withSlices(List<SliceDraft> others) {
        return new ServiceDraft(
                name,
                clusterIp,
                port,
                nodePort,
                protocols,
                internal,
                external,
                affinity,
                externalIps,
                loadBalancers,
                ranges,
                dual,
                otherProxy,
                others);
    }

    /** Without a virtual address and all that follows from one. */
    ServiceDraft headless() {
        return new ServiceDraft(
                name,
                Optional.empty(),
                port,
                0,
                protocols,
                internal,
                external,
                affinity,
                List.of(),
                List.of(),
                ranges,
                dual,
                otherProxy,
                slices);
    }

    /** The cluster with this service in it. */
    ClusterSketch in(ClusterSketch cluster, Family family) {
        ClusterSketch all = cluster.service(service(family));
        for (int i = 0; i < slices.size(); i++) {
            all = all.slice(slice(slices.get(i), i, family));
        }
        return all;
    }

    private NamespacedName key() {
        return new NamespacedName("default", name);
    }

    private Service service(Family family) {
        List<Family> families = dual ? List.of(family, other(family)) : List.of(family);
        return new Service(
                key(),
                0,
                type(),
                clusterIp.stream()
                        .flatMap(place -> addresses(List.of(place), families))
                        .toList(),
                Optional.empty(),
                false,
                otherProxy,
                protocols.stream()
                        .sorted()
                        .map(protocol -> new Service.Port(protocol.name(), protocol, port, nodePort))
                        .toList(),
                new ServiceTraffic(
                        internal,
                        external,
                        affinity,
                        addresses(externalIps, families).toList(),
                        addresses(loadBalancers, families).toList(),
                        prefixes(families)));
    }

    private Service.Type type() {
        if (!loadBalancers.isEmpty()) {
            return Service.Type.LOAD_BALANCER;
        }
        return nodePort == 0 ? Service.Type.CLUSTER_IP : Service.Type.NODE_PORT;
    }

    private static Stream<IpAddress> addresses(List<Place> places, List<Family> families) {
        return families.stream().flatMap(family -> places.stream().map(place -> place.in(family)));
    }

    private List<Prefix> prefixes(List<Family> families) {
        List<Prefix> prefixes = new ArrayList<>();
        families.forEach(family -> ranges.forEach(place -> prefixes.add(place.subnet(family))));
        return prefixes;
    }

    private EndpointSlice slice(SliceDraft draft, int number, Family family) {
        Family of = draft.otherFamily() ? other(family) : family;
        return new EndpointSlice(
                new NamespacedName("default", name + "-" + number),
                key(),
                draft.otherProxy(),
                of,
                protocols.stream()
                        .sorted()
                        .map(protocol -> new EndpointSlice.Port(protocol.name(), protocol, draft.target()))
                        .toList(),
                draft.endpoints().stream().map(endpoint -> endpoint.in(of)).toList());
    }

    private static Family other(Family family) {
        return switch (family) {
            case IPV4 -> Family.IPV6;
            case IPV6 -> Family.IPV4;
        };
    }
}
