package fyr.policy;

import fyr.model.policy.NetworkPolicy;
import java.util.List;

/** The two halves of a policy, seen from the pod that it selects. */
public enum Direction {
    INGRESS,
    EGRESS;

    /** Whether the policy isolates the pods it selects in this direction. */
    public boolean isolatedBy(NetworkPolicy policy) {
        return switch (this) {
            case INGRESS -> policy.isolatesIngress();
            case EGRESS -> policy.isolatesEgress();
        };
    }

    /** What the policy allows in this direction; nothing if it does not isolate in it, for then its rules have no effect. */
    public List<NetworkPolicy.Rule> rules(NetworkPolicy policy) {
        if (!isolatedBy(policy)) {
            return List.of();
        }
        return switch (this) {
            case INGRESS -> policy.ingress();
            case EGRESS -> policy.egress();
        };
    }

    /** The word used in comments and messages. */
    public String word() {
        return switch (this) {
            case INGRESS -> "ingress";
            case EGRESS -> "egress";
        };
    }
}
