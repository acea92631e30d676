package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import java.util.List;
import java.util.Optional;

/** Answers whether flows are allowed in one state of the cluster. Immutable; safe on any thread. */
public final class PolicyEvaluation {

    private final ClusterSnapshot snapshot;
    private final Tiers tiers;
    private final PolicyIndex policies;

    /** Prepares for any number of questions; one pass over the policies. */
    public PolicyEvaluation(ClusterSnapshot snapshot) {
        this(snapshot, Tiers.of(snapshot));
    }

    /** With these policies, whatever the snapshot has. */
    public PolicyEvaluation(ClusterSnapshot snapshot, Tiers tiers) {
        this.snapshot = snapshot;
        this.tiers = tiers;
        this.policies = PolicyIndex.of(tiers);
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
        Side side = new Side(
                direction,
                subject.get(),
                other,
                new RuleMatch(snapshot, flow, other, flow.destination().peer()));
        return ordered(tiers.before(), side)
                .or(() -> networkPolicies(side))
                .or(() -> ordered(tiers.after(), side))
                .orElseGet(Verdict.NotIsolated::new);
    }

    /** One end of a flow: the pod whose policies are evaluated, and what their rules are compared with. */
    private record Side(Direction direction, Pod subject, Endpoint other, RuleMatch match) {

        boolean self() {
            return other instanceof Endpoint.OfPod end && end.pod().name().equals(subject.name());
        }
    }

    /**
     * Empty if none of the tiers decides. A pod and its node are exempt, as from NetworkPolicy: the kubelet must reach the probes. A pod's
     * connection to itself is exempt only if it does not leave the pod (policy-api: "hairpin" traffic), that is, not through a Service.
     */
    private Optional<Verdict.Side> ordered(List<Tier> evaluated, Side side) {
        if (side.self() && !side.match().flow().throughService() || ownNode(side.subject(), side.other())) {
            return Optional.empty();
        }
        return evaluated.stream().flatMap(tier -> ordered(tier, side).stream()).findFirst();
    }

    /**
     * The first rule that matches decides. Of a pod that is not known yet it is not known whether it matches, so a flow is accepted only if
     * it is accepted whatever that pod is: a rule that may match denies, or does not accept, or perhaps passes.
     */
    private Optional<Verdict.Side> ordered(Tier tier, Side side) {
        boolean perhapsPassed = false;
        String namespace = side.subject().name().namespace();
        Labels labels = PolicyIndex.namespaceLabels(snapshot, namespace);
        for (TierPolicy policy : tier.policies()) {
            List<TierRule> rules =
                    policy.subject().matches(side.subject(), labels) ? policy.rules(side.direction()) : List.of();
            for (int index = 0; index < rules.size(); index++) {
                TierRule rule = rules.get(index);
                boolean matches = side.match().matches(rule);
                boolean may = matches || side.match().mayMatch(rule);
                if (matches && rule.action() == Action.PASS || matches && accepts(rule) && perhapsPassed) {
                    return Optional.empty();
                }
                if (matches && accepts(rule) || may && rule.action() == Action.DENY) {
                    return Optional.of(new Verdict.Ruled(rule.action(), tier.name(), policy.name(), index));
                }
                perhapsPassed |= may && rule.action() == Action.PASS;
            }
        }
        return Optional.empty();
    }

    private static boolean accepts(TierRule rule) {
        return rule.action() == Action.ACCEPT;
    }

    /** Empty if no NetworkPolicy isolates the pod. */
    private Optional<Verdict.Side> networkPolicies(Side side) {
        List<NetworkPolicy> isolating = policies.selecting(side.subject()).stream()
                .filter(side.direction()::isolatedBy)
                .toList();
        if (isolating.isEmpty()) {
            return Optional.empty();
        }
        if (side.self()) {
            return Optional.of(new Verdict.Exempt(Verdict.Exemption.SELF));
        }
        if (ownNode(side.subject(), side.other())) {
            return Optional.of(new Verdict.Exempt(Verdict.Exemption.OWN_NODE));
        }
        return Optional.of(rules(side, isolating));
    }

    private boolean ownNode(Pod pod, Endpoint other) {
        Optional<Node> node = pod.node().flatMap(snapshot.nodes()::get);
        return !(other instanceof Endpoint.OfClusterDns)
                && node.filter(found -> found.addresses().contains(other.address()))
                        .isPresent();
    }

    private static Verdict.Side rules(Side side, List<NetworkPolicy> isolating) {
        List<NamespacedName> names = isolating.stream().map(NetworkPolicy::name).toList();
        Optional<Verdict.NearMiss> nearest = Optional.empty();
        for (NetworkPolicy policy : isolating) {
            List<NetworkPolicy.Rule> rules = side.direction().rules(policy);
            for (int index = 0; index < rules.size(); index++) {
                Optional<RuleMatch.Miss> miss = side.match().miss(policy.name().namespace(), rules.get(index));
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
