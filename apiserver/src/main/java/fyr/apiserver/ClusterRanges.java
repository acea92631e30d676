package fyr.apiserver;

import fyr.apiserver.kinds.NodePrefixes;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;

/** A lab's addresses: which are pods', which are Services'. The script {@code control-plane} has the same. */
public final class ClusterRanges {
    /** Pods' addresses, of which each node has a part. */
    public static final List<Prefix> PODS = List.of(Prefix.parse("10.244.0.0/16"), Prefix.parse("fd00:10:244::/56"));

    /** Services' addresses; the first is the primary family. */
    public static final List<Prefix> SERVICES = List.of(Prefix.parse("10.96.0.0/16"), Prefix.parse("fd00:10:96::/112"));

    /** Where the cluster's DNS answers, as kubeadm chooses it. */
    public static final List<IpAddress> DNS =
            SERVICES.stream().map(range -> range.address().plus(10)).toList();

    /** The Service {@code kubernetes}. */
    public static final IpAddress API = SERVICES.getFirst().address().plus(1);

    private ClusterRanges() {}

    /** The pods' addresses of the node of that number. */
    public static List<Prefix> ofNode(long number) {
        return PODS.stream().map(range -> NodePrefixes.part(range, number)).toList();
    }
}
