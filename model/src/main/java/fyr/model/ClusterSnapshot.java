package fyr.model;

import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster at one moment. It exists only after every kind has been listed: whoever has a snapshot may delete what it does not
 * mention. A node's snapshot contains its own pods, and those of other nodes that policies about its own pods refer to ({@link PodScope}).
 * An object that has not changed is the same instance in the next snapshot. Immutable.
 */
public final class ClusterSnapshot {

    private static final ClusterSnapshot EMPTY = new ClusterSnapshot(
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty());

    private final PersistentMap<String, Node> nodes;
    private final PersistentMap<String, Namespace> namespaces;
    private final PersistentMap<NamespacedName, Pod> pods;
    private final PersistentMap<NamespacedName, Service> services;
    private final PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> endpointSlices;
    private final PersistentMap<NamespacedName, NetworkPolicy> policies;
    private final PersistentMap<String, ServiceCidr> serviceCidrs;

    private ClusterSnapshot(
            PersistentMap<String, Node> nodes,
            PersistentMap<String, Namespace> namespaces,
            PersistentMap<NamespacedName, Pod> pods,
            PersistentMap<NamespacedName, Service> services,
            PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> endpointSlices,
            PersistentMap<NamespacedName, NetworkPolicy> policies,
            PersistentMap<String, ServiceCidr> serviceCidrs) {
        this.nodes = nodes;
        this.namespaces = namespaces;
        this.pods = pods;
        this.services = services;
        this.endpointSlices = endpointSlices;
        this.policies = policies;
        this.serviceCidrs = serviceCidrs;
    }

    /** A cluster without any objects, for tests and as the state before the first change. */
    public static ClusterSnapshot empty() {
        return EMPTY;
    }

    /** The nodes by name. */
    public PersistentMap<String, Node> nodes() {
        return nodes;
    }

    /** The same cluster with other nodes. */
    public ClusterSnapshot withNodes(PersistentMap<String, Node> other) {
        return new ClusterSnapshot(other, namespaces, pods, services, endpointSlices, policies, serviceCidrs);
    }

    /** The namespaces by name. */
    public PersistentMap<String, Namespace> namespaces() {
        return namespaces;
    }

    /** The same cluster with other namespaces. */
    public ClusterSnapshot withNamespaces(PersistentMap<String, Namespace> other) {
        return new ClusterSnapshot(nodes, other, pods, services, endpointSlices, policies, serviceCidrs);
    }

    /** The pods by name. */
    public PersistentMap<NamespacedName, Pod> pods() {
        return pods;
    }

    /** The same cluster with other pods. */
    public ClusterSnapshot withPods(PersistentMap<NamespacedName, Pod> other) {
        return new ClusterSnapshot(nodes, namespaces, other, services, endpointSlices, policies, serviceCidrs);
    }

    /** The Services by name. */
    public PersistentMap<NamespacedName, Service> services() {
        return services;
    }

    /** The same cluster with other Services. */
    public ClusterSnapshot withServices(PersistentMap<NamespacedName, Service> other) {
        return new ClusterSnapshot(nodes, namespaces, pods, other, endpointSlices, policies, serviceCidrs);
    }

    /** The EndpointSlices, grouped by their Service, so that one changed slice concerns one Service. */
    public PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> endpointSlices() {
        return endpointSlices;
    }

    /** The same cluster with other EndpointSlices. */
    public ClusterSnapshot withEndpointSlices(
            PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> other) {
        return new ClusterSnapshot(nodes, namespaces, pods, services, other, policies, serviceCidrs);
    }

    /** The NetworkPolicies by name. */
    public PersistentMap<NamespacedName, NetworkPolicy> policies() {
        return policies;
    }

    /** The same cluster with other NetworkPolicies. */
    public ClusterSnapshot withPolicies(PersistentMap<NamespacedName, NetworkPolicy> other) {
        return new ClusterSnapshot(nodes, namespaces, pods, services, endpointSlices, other, serviceCidrs);
    }

    /** The ServiceCIDRs by name; none if the API server does not have this kind. */
    public PersistentMap<String, ServiceCidr> serviceCidrs() {
        return serviceCidrs;
    }

    /** The same cluster with other ServiceCIDRs. */
    public ClusterSnapshot withServiceCidrs(PersistentMap<String, ServiceCidr> other) {
        return new ClusterSnapshot(nodes, namespaces, pods, services, endpointSlices, policies, other);
    }

    private List<Object> parts() {
        return List.of(nodes, namespaces, pods, services, endpointSlices, policies, serviceCidrs);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClusterSnapshot that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "cluster of " + nodes.size() + " nodes, " + pods.size() + " pods, " + services.size() + " services";
    }
}
