package fyr.model;

import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;

/**
 * The whole cluster at one moment. It exists only once every kind has been listed: whoever holds one has heard everything, and may
 * delete what it does not mention. Of pods a node's snapshot has its own, and those of others that policies about its own speak of ({@link
 * PodScope}). An object that did not change is the same instance in the next snapshot.
 */
public record ClusterSnapshot(
        PersistentMap<String, Node> nodes,
        PersistentMap<String, Namespace> namespaces,
        PersistentMap<NamespacedName, Pod> pods,
        PersistentMap<NamespacedName, Service> services,
        PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> endpointSlices,
        PersistentMap<NamespacedName, NetworkPolicy> policies) {

    /**
     * A cluster without anything in it, for tests and as the state before the first change.
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
