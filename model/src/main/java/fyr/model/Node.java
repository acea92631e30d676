package fyr.model;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * A node.
 *
 * @param created when the object was created, in seconds since 1970; 0 if unknown. If two objects claim one thing, the older one gets it.
 * @param addresses its InternalIP addresses, in the order of its status
 * @param podCidrs the blocks that its pods have addresses from ({@code spec.podCIDRs}); as received there may be any number
 * @param labels those of its labels that the network needs ({@link #ZONE}); nodes with the same ones share an instance
 * @param leaving whether it is being deleted, or the cluster autoscaler has marked it for that (taint {@link #TO_BE_DELETED})
 */
public record Node(
        String name, long created, List<IpAddress> addresses, List<Prefix> podCidrs, Labels labels, boolean leaving) {

    /** The taint of a node that the cluster autoscaler is about to delete: load balancers should not use it any more. */
    public static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

    /** The label that names a node's zone. */
    public static final String ZONE = "topology.kubernetes.io/zone";

    public Node {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }

    /** A node that stays. */
    public Node(String name, long created, List<IpAddress> addresses, List<Prefix> podCidrs, Labels labels) {
        this(name, created, addresses, podCidrs, labels, false);
    }

    /** A node without labels. */
    public Node(String name, long created, List<IpAddress> addresses, List<Prefix> podCidrs) {
        this(name, created, addresses, podCidrs, Labels.none());
    }

    /** A node of unknown age and without labels. */
    public Node(String name, List<IpAddress> addresses, List<Prefix> podCidrs) {
        this(name, 0, addresses, podCidrs);
    }

    /** The zone that it is in; empty if unknown. */
    public String zone() {
        return labels.get(ZONE).orElse("");
    }

    /** Its first address of this family. */
    public Optional<IpAddress> address(Family family) {
        return addresses.stream().filter(address -> address.family() == family).findFirst();
    }

    /** Its block of pod addresses of this family. */
    public Optional<Prefix> podCidr(Family family) {
        return podCidrs.stream().filter(prefix -> prefix.family() == family).findFirst();
    }
}
