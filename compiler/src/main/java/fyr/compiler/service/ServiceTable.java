package fyr.compiler.service;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.ServiceOptions;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What services mean on one node, whatever carries it out: where clients find them, which endpoints take their connections, and what
 * happens if there are none.
 *
 * <p>The table holds the objects that its rows follow from, not the rows: computing those of one service again costs less than keeping
 * those of all. It is incremental all the same, because {@link #changedSince} names the services whose rows may differ from an earlier
 * table's, and a back end asks for the rows of those alone.
 *
 * @param elsewhere virtual addresses that are served in another way (cluster DNS, on the node itself): no row is about them
 */
public record ServiceTable(
        LocalNode node,
        List<IpAddress> elsewhere,
        PersistentMap<NamespacedName, Service> services,
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices) {

    /** The table of a cluster without services, for this node. */
    public static ServiceTable empty(NodeIdentity node) {
        return empty(node.name(), node.dnsAddresses(), node.services());
    }

    /** The table of a cluster without services, for the node of this name, with the usual options. */
    public static ServiceTable empty(String node, List<IpAddress> elsewhere) {
        return empty(node, elsewhere, ServiceOptions.USUAL);
    }

    private static ServiceTable empty(String node, List<IpAddress> elsewhere, ServiceOptions options) {
        return new ServiceTable(
                LocalNode.unknown(node, options), List.copyOf(elsewhere), PersistentMap.empty(), PersistentMap.empty());
    }

    /** The table of another snapshot, in which no two services claim one thing ({@link fyr.compiler.claim}). */
    public ServiceTable next(ClusterSnapshot snapshot) {
        return new ServiceTable(node.in(snapshot), elsewhere, snapshot.services(), snapshot.endpointSlices());
    }

    /** This table without its services. */
    public ServiceTable withoutServices() {
        return new ServiceTable(node, elsewhere, PersistentMap.empty(), PersistentMap.empty());
    }

    /** The services whose rows may differ from those in an earlier table. The cost depends on what changed, unless the node moved. */
    public Set<NamespacedName> changedSince(ServiceTable before) {
        Set<NamespacedName> changed = new HashSet<>();
        services.differences(before.services, (name, _, _) -> changed.add(name));
        slices.differences(before.slices, (name, _, _) -> changed.add(name));
        boolean moved = !node.isWhere(before.node);
        boolean readdressed = !node.addresses().equals(before.node.addresses());
        if (moved || readdressed) {
            services.forEach((name, service) -> {
                if (moved && dependsOnPlace(name, service)
                        || readdressed && !service.traffic().sourceRanges().isEmpty()) {
                    changed.add(name);
                }
            });
        }
        return changed;
    }

    private boolean dependsOnPlace(NamespacedName name, Service service) {
        return service.traffic().internal() == ServiceTraffic.Policy.LOCAL
                || service.traffic().external() == ServiceTraffic.Policy.LOCAL
                || hinted(name);
    }

    private boolean hinted(NamespacedName name) {
        return slices.get(name).stream()
                .flatMap(ofService -> ofService.sorted().values().stream())
                .flatMap(slice -> slice.endpoints().stream())
                .anyMatch(endpoint -> !endpoint.locality().hints().equals(Locality.Hints.NONE));
    }

    /** What a service means; nothing if it does not exist or another proxy serves it. */
    public ServiceRows rows(NamespacedName name) {
        return services.get(name)
                .map(service -> RowsOfService.of(service, addresses(service), candidates(name), node))
                .orElse(ServiceRows.NONE);
    }

    /**
     * The frontends of a service and the endpoints that keep their existing flows there, of one protocol: also those that take no new
     * connections, because they terminate or because the policy sends new connections elsewhere.
     */
    Map<Frontend, Set<Backend>> serving(NamespacedName name, Protocol protocol) {
        return ends(name, protocol, Candidates::serving);
    }

    /** The same with all endpoints that the service has, ready or not. */
    Map<Frontend, Set<Backend>> present(NamespacedName name, Protocol protocol) {
        return ends(name, protocol, Candidates::present);
    }

    /** Selects some of the endpoints of a port. */
    private interface Selection {
        Set<Backend> of(Candidates candidates, Family family, Service.Port port);
    }

    private Map<Frontend, Set<Backend>> ends(NamespacedName name, Protocol protocol, Selection selection) {
        Map<Frontend, Set<Backend>> ends = new HashMap<>();
        services.get(name).ifPresent(service -> {
            Frontends frontends = new Frontends(service, addresses(service));
            Candidates candidates = candidates(name);
            for (Service.Port port : service.ports()) {
                for (Family family : Family.values()) {
                    for (Frontend frontend : frontends.of(port, family)) {
                        if (port.protocol() == protocol) {
                            ends.put(frontend, selection.of(candidates, family, port));
                        }
                    }
                }
            }
        });
        return ends;
    }

    private Candidates candidates(NamespacedName name) {
        return new Candidates(slices.get(name).orElse(PersistentMap.empty()), elsewhere);
    }

    /** The load balancer addresses of a service that have rows. */
    public Set<IpAddress> loadBalancers(Service service) {
        if (service.traffic().loadBalancerIps().isEmpty()) {
            return Set.of();
        }
        Set<IpAddress> balancers = new HashSet<>();
        for (Frontend frontend : new Frontends(service, addresses(service)).all()) {
            if (frontend instanceof Frontend.LoadBalancerIp balancer) {
                balancers.add(balancer.address());
            }
        }
        return balancers;
    }

    /**
     * The virtual addresses of a service that have rows. If only one family of the service belongs to cluster DNS, the other address
     * remains.
     */
    List<IpAddress> addresses(Service service) {
        return service.otherProxy()
                ? List.of()
                : service.clusterIps().stream()
                        .filter(address -> !elsewhere.contains(address))
                        .toList();
    }
}
