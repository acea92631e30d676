package fyr.compiler.service;

import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes the rows of one service: a function only of the service, which of its addresses are served, its endpoints and the node. */
final class RowsOfService {

    /** All frontends of a port in one family lead to the same endpoints. */
    private record Group(Family family, Service.Port port) {}

    private final ServiceTraffic traffic;
    private final Candidates candidates;
    private final LocalNode node;
    private final Map<Group, EligibleEndpoints> eligible = new HashMap<>();

    private RowsOfService(ServiceTraffic traffic, Candidates candidates, LocalNode node) {
        this.traffic = traffic;
        this.candidates = candidates;
        this.node = node;
    }

    /**
     * @param addresses those virtual addresses of the service that are served
     */
    static ServiceRows of(Service service, List<IpAddress> addresses, Candidates candidates, LocalNode node) {
        RowsOfService of = new RowsOfService(service.traffic(), candidates, node);
        List<ServiceRow> rows = new ArrayList<>();
        Frontends.of(service, addresses).forEach((frontend, port) -> rows.add(of.row(frontend, port)));
        return new ServiceRows(addresses, List.copyOf(rows));
    }

    private ServiceRow row(Frontend frontend, Service.Port port) {
        EligibleEndpoints endpoints = eligible.computeIfAbsent(
                new Group(frontend.family(), port),
                group -> new EligibleEndpoints(candidates.of(group.family(), group.port()), node));
        return switch (frontend) {
            case Frontend.ClusterIp _ -> {
                Delivery both = to(endpoints, traffic.internal(), false);
                yield new ServiceRow(frontend, both, both, traffic.affinity(), new Sources.Everyone());
            }
            case Frontend.NodePort _, Frontend.ExternalIp _ -> external(frontend, endpoints, new Sources.Everyone());
            case Frontend.LoadBalancerIp _ -> external(frontend, endpoints, sources(frontend.family()));
        };
    }

    private ServiceRow external(Frontend frontend, EligibleEndpoints endpoints, Sources sources) {
        Delivery fromElsewhere = to(endpoints, traffic.external(), traffic.external() == Policy.CLUSTER);
        Delivery fromHere = switch (traffic.external()) {
            case CLUSTER -> fromElsewhere;
            // The policy saves clients outside a second hop. This node's own clients are already inside.
            case LOCAL -> to(endpoints, Policy.CLUSTER, false);
        };
        return new ServiceRow(frontend, fromHere, fromElsewhere, traffic.affinity(), sources);
    }

    private static Delivery to(EligibleEndpoints endpoints, Policy policy, boolean masquerade) {
        List<Backend> backends = switch (policy) {
            case CLUSTER -> endpoints.cluster();
            case LOCAL -> endpoints.local();
        };
        if (!backends.isEmpty()) {
            return new Delivery.Forward(backends, masquerade);
        }
        return policy == Policy.LOCAL && endpoints.exist() ? new Delivery.Drop() : new Delivery.Refuse();
    }

    /** If all ranges are of the other family, nobody may connect (kube-proxy: everyone). */
    private Sources sources(Family family) {
        return traffic.sourceRanges().isEmpty()
                ? new Sources.Everyone()
                : new Sources.Only(traffic.sourceRanges().stream()
                        .filter(range -> range.family() == family)
                        .toList());
    }
}
