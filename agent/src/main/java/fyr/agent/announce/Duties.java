package fyr.agent.announce;

import fyr.agent.balancer.Rendezvous;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Service;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.balancer.AddressPool;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node has to claim and to vote on, as a pure function of the cluster.
 *
 * @param known all addresses that are announced by somebody
 * @param claims those that this node claims, each with its voters
 */
record Duties(Set<IpAddress> known, Map<IpAddress, List<String>> claims) {

    /** How many nodes claim an address: the best one, and those that take its place at once. */
    static final int CANDIDATES = 3;

    /** How many nodes vote on an address, at most; always an odd number. */
    static final int VOTERS = 5;

    /** The nodes on one subnet that may announce, and the order of any key among them. */
    private record Segment(List<String> names, Rendezvous order) {}

    Duties {
        known = Set.copyOf(known);
        claims = Map.copyOf(claims);
    }

    /** Those of a node that takes no part. */
    static Duties none() {
        return new Duties(Set.of(), Map.of());
    }

    /**
     * Computes them.
     *
     * @param balanced the Services that have load balancer addresses
     * @param subnets those of the link that this node answers on: only there can anyone ask for an address
     */
    static Duties of(
            String self,
            ClusterSnapshot cluster,
            Collection<Service> balanced,
            Collection<AddressPool> pools,
            List<Prefix> subnets) {
        Map<IpAddress, List<Service>> owners = new HashMap<>();
        for (Service service : balanced) {
            for (IpAddress address : service.otherProxy()
                    ? List.<IpAddress>of()
                    : service.traffic().loadBalancerIps()) {
                if (pools.stream().anyMatch(pool -> pool.contains(address))) {
                    owners.computeIfAbsent(address, _ -> new ArrayList<>()).add(service);
                }
            }
        }
        List<String> ready = new ArrayList<>();
        Map<Prefix, List<String>> eligible = new HashMap<>();
        cluster.nodes().forEach((name, node) -> {
            if (node.ready()) {
                ready.add(name);
                if (!node.leaving() && node.labels().get(Node.NO_LOAD_BALANCER).isEmpty()) {
                    subnets.stream()
                            .filter(subnet -> node.addresses().stream().anyMatch(subnet::contains))
                            .forEach(subnet -> eligible.computeIfAbsent(subnet, _ -> new ArrayList<>())
                                    .add(name));
                }
            }
        });
        Rendezvous voters = Rendezvous.of(ready);
        int count = Math.min(VOTERS, ready.size() - 1 | 1);
        Map<Prefix, Segment> segments = new HashMap<>();
        eligible.forEach((subnet, names) -> segments.put(subnet, new Segment(names, Rendezvous.of(names))));
        Map<IpAddress, List<String>> claims = new HashMap<>();
        owners.forEach((address, services) -> subnets.stream()
                .filter(subnet -> subnet.contains(address))
                .flatMap(subnet -> Optional.ofNullable(segments.get(subnet)).stream())
                .findFirst()
                .filter(segment ->
                        candidates(cluster, address, services, segment).contains(self))
                .ifPresent(_ -> claims.put(address, voters.first(address.toString(), count))));
        return new Duties(owners.keySet(), claims);
    }

    private static List<String> candidates(
            ClusterSnapshot cluster, IpAddress address, List<Service> services, Segment segment) {
        Set<String> suitable = new HashSet<>(segment.names());
        boolean restricted = false;
        for (Service service : services) {
            if (service.traffic().external() == Policy.LOCAL) {
                suitable.retainAll(nodesWithEndpoints(cluster, service.name()));
                restricted = true;
            }
        }
        return (restricted ? Rendezvous.of(suitable) : segment.order()).first(address.toString(), CANDIDATES);
    }

    /** The nodes with ready endpoints; if there are none, those with endpoints that still serve while they end. */
    private static Set<String> nodesWithEndpoints(ClusterSnapshot cluster, NamespacedName service) {
        Set<String> ready = new HashSet<>();
        Set<String> draining = new HashSet<>();
        cluster.endpointSlices().get(service).orElse(PersistentMap.empty()).forEach((_, slice) -> {
            for (Endpoint endpoint : slice.endpoints()) {
                if (endpoint.ready()) {
                    ready.add(endpoint.locality().node());
                } else if (endpoint.draining()) {
                    draining.add(endpoint.locality().node());
                }
            }
        });
        return ready.isEmpty() ? draining : ready;
    }
}
