package fyr.policy;

import fyr.model.NamespacedName;
import java.util.List;
import java.util.Optional;

/** Whether a flow may be, and why: both the source's egress and the destination's ingress must allow it. */
public record Verdict(Side egress, Side ingress) {

    /** Whether the flow may be. */
    public boolean allowed() {
        return egress.allowed() && ingress.allowed();
    }

    /** What one direction says. */
    public sealed interface Side {

        /** Whether it allows the flow. */
        default boolean allowed() {
            return switch (this) {
                case NotIsolated _, Exempt _, Allowed _ -> true;
                case Denied _ -> false;
                case Ruled ruled -> ruled.action() == Action.ACCEPT;
            };
        }
    }

    /**
     * A rule of a tier decides.
     *
     * @param action accept or deny
     * @param rule position in the policy's section, from 0
     */
    public record Ruled(Action action, String tier, String policy, int rule) implements Side {}

    /** No policy isolates this end and no rule of a tier decides, or this end is no pod. */
    public record NotIsolated() implements Side {}

    /** The traffic is of a kind that no policy can forbid. */
    public record Exempt(Exemption exemption) implements Side {}

    /** Kinds of traffic that no policy can forbid. */
    public enum Exemption {
        /** A pod and itself. */
        SELF,
        /** A pod and the node that it runs on. */
        OWN_NODE
    }

    /** Policies isolate this end, and the rule at this position (from 0) of this policy allows the flow. */
    public record Allowed(List<NamespacedName> isolatedBy, NamespacedName policy, int rule) implements Side {}

    /** Policies isolate this end, and no rule of theirs allows the flow. */
    public record Denied(List<NamespacedName> isolatedBy, Optional<NearMiss> nearest) implements Side {}

    /**
     * The rule that came nearest to allowing the flow.
     *
     * @param rule position in the policy's section, from 0
     * @param field the first thing that did not match
     * @param explanation one line that sets what was wanted against what was there
     */
    public record NearMiss(NamespacedName policy, int rule, Field field, String explanation) {}

    /** What can fail to match, in ascending order of nearness. */
    public enum Field {
        ADDRESS,
        NAMESPACE,
        POD_LABELS,
        PROTOCOL,
        PORT
    }
}
