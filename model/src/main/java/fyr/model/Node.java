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
 * @param labels those of its labels that the network needs ({@link #ZONE}, {@link #NO_LOAD_BALANCER}); nodes with the same ones share an
 *     instance
 * @param leaving whether it is being deleted, or the cluster autoscaler has marked it for that (taint {@link #TO_BE_DELETED})
 * @param ready whether its condition Ready is true: its kubelet reports, and all is well
 */
public record Node(
        String name,
        long created,
        List<IpAddress> addresses,
        List<Prefix> podCidrs,
        Labels labels,
        boolean leaving,
        boolean ready) {

    /** The taint of a node that the cluster autoscaler is about to delete: load balancers should not use it any more. */
    public static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

    /** The label that names a node's zone. */
    public static final String ZONE = "topology.kubernetes.io/zone";

    /** The label, of any value, of a node that must not announce load balancer addresses. */
    public static final String NO_LOAD_BALANCER = "node.kubernetes.io/exclude-from-external-load-balancers";

    public Node {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }

    /** A node that has not said that it is ready. */
    public Node(
            String name,
            long created,
            List<IpAddress> addresses,
            List<Prefix> podCidrs,
            Labels labels,
            boolean leaving) {
        this(name, created, addresses, podCidrs, labels, leaving, false);
    }

    /** A node that stays, and has not said that it is ready. */
    public Node(String name, long created, List<IpAddress> addresses, List<Prefix> podCidrs, Labels labels) {
        this(name, created, addresses, podCidrs, labels, false, false);
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
