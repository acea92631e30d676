package fyr.model;

import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;

/**
 * The whole cluster at one moment. It exists only after every kind has been listed: whoever has a snapshot may delete what it does not
 * mention. A node's snapshot contains its own pods, and those of other nodes that policies about its own pods refer to ({@link PodScope}).
 * An object that has not changed is the same instance in the next snapshot.
 */
public record ClusterSnapshot(
        PersistentMap<String, Node> nodes,
        PersistentMap<String, Namespace> namespaces,
        PersistentMap<NamespacedName, Pod> pods,
        PersistentMap<NamespacedName, Service> services,
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> endpointSlices,
        PersistentMap<NamespacedName, NetworkPolicy> policies) {

    /**
     * A cluster without any objects, for tests and as the state before the first change.
     *
     * <p>{@code endpointSlices} are grouped by their service, so that one changed slice concerns one service.
     */
    public static ClusterSnapshot empty() {
        return new ClusterSnapshot(
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }
}
