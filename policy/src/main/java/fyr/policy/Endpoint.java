package fyr.policy;

import fyr.model.Pod;
import fyr.model.address.IpAddress;
import java.util.Optional;

/** One end of a flow. */
public sealed interface Endpoint {

    /** The address in the packet, after translation of Services. */
    IpAddress address();

    /** A pod by one of its addresses. */
    record OfPod(Pod pod, IpAddress address) implements Endpoint {}

    /** An address that is no pod's: a node, the world outside. */
    record OfAddress(IpAddress address) implements Endpoint {}

    /** The address at which every node answers for the cluster's DNS itself; see {@link ClusterDns}. */
    record OfClusterDns(IpAddress address) implements Endpoint {}

    /** The address of a pod of which nothing else is known yet: it may have any labels, in any namespace. */
    record OfUnknownPod(IpAddress address) implements Endpoint {}

    /** The pod that selectors of peers see here. Those without a network of their own are only addresses. */
    default Optional<Pod> peer() {
        return switch (this) {
            case OfPod end -> Optional.of(end.pod()).filter(PolicyIndex::selectable);
            case OfAddress _, OfUnknownPod _ -> Optional.empty();
            case OfClusterDns _ -> Optional.of(ClusterDns.POD);
        };
    }

    /** The pod that policies can isolate here. The cluster's DNS is none: a node cannot be isolated. */
    default Optional<Pod> subject() {
        return switch (this) {
            case OfPod _ -> peer();
            case OfAddress _, OfUnknownPod _, OfClusterDns _ -> Optional.empty();
        };
    }
}
