package fyr.compiler.service;

import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Computes the rows of one service: a function only of the service, which of its addresses are served, its endpoints and the node. */
final class RowsOfService {

    private final ServiceTraffic traffic;
    private final Candidates candidates;
    private final LocalNode node;
    private final List<ServiceRow> rows = new ArrayList<>();

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
        Frontends frontends = new Frontends(service, addresses);
        for (Service.Port port : service.ports()) {
            for (Family family : Family.values()) {
                of.add(frontends.of(port, family), port, family);
            }
        }
        return new ServiceRows(addresses, List.copyOf(of.rows));
    }

    private void add(List<Frontend> frontends, Service.Port port, Family family) {
        if (!frontends.isEmpty()) {
            EligibleEndpoints endpoints = new EligibleEndpoints(candidates.of(family, port), node);
            frontends.forEach(frontend -> rows.add(row(frontend, endpoints)));
        }
    }

    private ServiceRow row(Frontend frontend, EligibleEndpoints endpoints) {
        return switch (frontend) {
            case Frontend.ClusterIp _ -> {
                // Clients outside know only the virtual address: answers must come back through this node.
                Delivery fromElsewhere = to(endpoints, traffic.internal(), true);
                Delivery fromHere =
                        to(endpoints, traffic.internal(), node.options().masqueradeAll());
                yield new ServiceRow(frontend, fromHere, fromElsewhere, traffic.affinity(), new Sources.Everyone());
            }
            case Frontend.NodePort _, Frontend.ExternalIp _ -> external(frontend, endpoints, new Sources.Everyone());
            case Frontend.LoadBalancerIp at -> external(frontend, endpoints, sources(at.address()));
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

    /**
     * If all ranges are of the other family, nobody may connect (kube-proxy: everyone). A node that may connect may also do so from the
     * load balancer's address, which is its source if the node itself has that address (kube-proxy's allowFromNode).
     */
    private Sources sources(IpAddress address) {
        if (traffic.sourceRanges().isEmpty()) {
            return new Sources.Everyone();
        }
        List<Prefix> ranges = new ArrayList<>(traffic.sourceRanges().stream()
                .filter(range -> range.family() == address.family())
                .toList());
        if (ranges.stream().anyMatch(range -> node.addresses().stream().anyMatch(range::contains))) {
            ranges.add(Prefix.single(address));
        }
        return new Sources.Only(disjoint(ranges));
    }

    /** Without those that lie in others, in ascending order. */
    private static List<Prefix> disjoint(List<Prefix> ranges) {
        List<Prefix> disjoint = new ArrayList<>();
        for (Prefix range : new TreeSet<>(ranges)) {
            // In ascending order, a prefix comes right after one that it lies in, or after another one that lies in it
            // too.
            if (disjoint.isEmpty() || !disjoint.getLast().contains(range)) {
                disjoint.add(range);
            }
        }
        return List.copyOf(disjoint);
    }
}
