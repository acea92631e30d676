package fyr.compiler.policy;

import fyr.model.policy.LabelSelector;
import fyr.policy.Action;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.Tier;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import fyr.policy.Tiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Tiers of ordered rules around the NetworkPolicies of a {@link RandomCluster}; changed step by step. */
final class RandomTiers {

    private final RandomCluster cluster;
    private final SplittableRandom random;
    private final List<Action> actions;
    private List<Tier> before = List.of();
    private List<Tier> after = List.of();
    private int number;

    /** {@code actions} are those that rules may have. */
    RandomTiers(RandomCluster cluster, Action... actions) {
        this.cluster = cluster;
        this.random = cluster.random();
        this.actions = List.of(actions);
        step();
        step();
        step();
    }

    Tiers tiers() {
        return new Tiers(before, cluster.snapshot().policies(), after);
    }

    void step() {
        switch (random.nextInt(6)) {
            case 0, 1 ->
                before = random.nextBoolean() ? List.of(tier("Admin")) : List.of(tier("Admin"), tier("Second"));
            case 2, 3 -> after = List.of(tier("Baseline"));
            case 4 -> before = without(before);
            default -> after = without(after);
        }
    }

    private List<Tier> without(List<Tier> tiers) {
        return tiers.stream()
                .map(tier ->
                        new Tier(tier.name(), tier.policies().stream().skip(1).toList()))
                .filter(tier -> !tier.policies().isEmpty())
                .toList();
    }

    private Tier tier(String name) {
        List<TierPolicy> policies = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            policies.add(new TierPolicy(
                    "policy" + number++, pods(), cluster.several(this::rule), cluster.several(this::rule)));
        }
        return new Tier(name, policies);
    }

    private PeerTerm.Pods pods() {
        LabelSelector every = LabelSelector.everything();
        return new PeerTerm.Pods(
                Optional.empty(),
                random.nextBoolean() ? every : cluster.selector(),
                random.nextBoolean() ? every : cluster.selector());
    }

    private TierRule rule() {
        List<PeerTerm> peers = new ArrayList<>();
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            peers.add(peer());
        }
        List<PortTerm> ports = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ports.add(PortTerm.of(cluster.policyPort()));
        }
        return new TierRule(
                actions.get(random.nextInt(actions.size())), peers, ports.isEmpty() ? PortTerm.of(List.of()) : ports);
    }

    private PeerTerm peer() {
        return switch (random.nextInt(8)) {
            case 0 -> new PeerTerm.Any();
            case 1 -> PeerTerm.of("", cluster.dnsPeer());
            case 2, 3, 4 -> PeerTerm.of("", cluster.block());
            default -> pods();
        };
    }
}
