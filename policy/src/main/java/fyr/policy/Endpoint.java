package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import java.util.Comparator;
import java.util.List;
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

    /** Who has this address; of several pods that claim it, the first by name. */
    static Endpoint at(ClusterSnapshot snapshot, List<IpAddress> dnsAddresses, IpAddress address) {
        if (dnsAddresses.contains(address)) {
            return new OfClusterDns(address);
        }
        Optional<Pod> owner = snapshot.pods().sorted().values().stream()
                .filter(pod -> pod.networked() && pod.addresses().contains(address))
                .min(Comparator.comparing(Pod::name));
        return owner.<Endpoint>map(pod -> new OfPod(pod, address)).orElseGet(() -> new OfAddress(address));
    }

    /** The pod that selectors of peers see here. Those without a network of their own are only addresses. */
    default Optional<Pod> peer() {
        return switch (this) {
            case OfPod end -> Optional.of(end.pod()).filter(PolicyIndex::selectable);
            case OfAddress _ -> Optional.empty();
            case OfClusterDns _ -> Optional.of(ClusterDns.POD);
        };
    }

    /** The pod that policies can isolate here. The cluster's DNS is none: a node cannot be isolated. */
    default Optional<Pod> subject() {
        return switch (this) {
            case OfPod _ -> peer();
            case OfAddress _, OfClusterDns _ -> Optional.empty();
        };
    }
}
