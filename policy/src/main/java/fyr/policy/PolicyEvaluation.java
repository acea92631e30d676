package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import java.util.List;
import java.util.Optional;

/** Answers whether flows are allowed in one state of the cluster. Immutable; safe on any thread. */
public final class PolicyEvaluation {

    private final ClusterSnapshot snapshot;
    private final PolicyIndex policies;

    /** Prepares for any number of questions; one pass over the policies. */
    public PolicyEvaluation(ClusterSnapshot snapshot) {
        this.snapshot = snapshot;
        this.policies = PolicyIndex.of(snapshot);
    }

    /** Whether one flow is allowed, and why. */
    public static Verdict evaluate(ClusterSnapshot snapshot, Flow flow) {
        return new PolicyEvaluation(snapshot).evaluate(flow);
    }

    /** Whether the flow is allowed, and why. */
    public Verdict evaluate(Flow flow) {
        return new Verdict(side(Direction.EGRESS, flow), side(Direction.INGRESS, flow));
    }

    private Verdict.Side side(Direction direction, Flow flow) {
        Endpoint own = direction == Direction.EGRESS ? flow.source() : flow.destination();
        Endpoint other = direction == Direction.EGRESS ? flow.destination() : flow.source();
        Optional<Pod> subject = own.subject();
        if (subject.isEmpty()) {
            return new Verdict.NotIsolated();
        }
        List<NetworkPolicy> isolating = policies.selecting(subject.get()).stream()
                .filter(direction::isolatedBy)
                .toList();
        if (isolating.isEmpty()) {
            return new Verdict.NotIsolated();
        }
        if (other instanceof Endpoint.OfPod end
                && end.pod().name().equals(subject.get().name())) {
            return new Verdict.Exempt(Verdict.Exemption.SELF);
        }
        if (!(other instanceof Endpoint.OfClusterDns) && ownNode(subject.get(), other)) {
            return new Verdict.Exempt(Verdict.Exemption.OWN_NODE);
        }
        return rules(direction, flow, other, isolating);
    }

    private boolean ownNode(Pod pod, Endpoint other) {
        Optional<Node> node = pod.node().flatMap(snapshot.nodes()::get);
        return node.filter(found -> found.addresses().contains(other.address())).isPresent();
    }

    private Verdict.Side rules(Direction direction, Flow flow, Endpoint other, List<NetworkPolicy> isolating) {
        List<NamespacedName> names = isolating.stream().map(NetworkPolicy::name).toList();
        RuleMatch match =
                new RuleMatch(snapshot, flow, other, flow.destination().peer());
        Optional<Verdict.NearMiss> nearest = Optional.empty();
        for (NetworkPolicy policy : isolating) {
            List<NetworkPolicy.Rule> rules = direction.rules(policy);
            for (int index = 0; index < rules.size(); index++) {
                Optional<RuleMatch.Miss> miss = match.miss(policy.name().namespace(), rules.get(index));
                if (miss.isEmpty()) {
                    return new Verdict.Allowed(names, policy.name(), index);
                }
                if (nearest.isEmpty()
                        || nearest.get().field().compareTo(miss.get().field()) < 0) {
                    nearest = Optional.of(new Verdict.NearMiss(
                            policy.name(), index, miss.get().field(), miss.get().explanation()));
                }
            }
        }
        return new Verdict.Denied(names, nearest);
    }
}
