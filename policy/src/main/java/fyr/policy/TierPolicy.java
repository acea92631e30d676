package fyr.policy;

import java.util.List;

/**
 * Rules for some pods of the cluster, in the order of their precedence.
 *
 * @param subject the pods that the rules apply to; pods on their nodes' networks are never among them
 */
public record TierPolicy(String name, PeerTerm.Pods subject, List<TierRule> ingress, List<TierRule> egress) {
    public TierPolicy {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /** The rules of one direction, in order. */
    public List<TierRule> rules(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }
}
