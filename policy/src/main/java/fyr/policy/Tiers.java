package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.util.List;
import java.util.stream.Stream;

/**
 * All policies of a cluster, in the order in which they are evaluated. The tier of NetworkPolicy always decides about the pods that its
 * policies isolate. What no tier decides about is accepted. The evaluation and the compiler have no other source of policies.
 *
 * @param before tiers that NetworkPolicy cannot override (Admin)
 * @param networkPolicies the tier of NetworkPolicy
 * @param after tiers for pods that no NetworkPolicy isolates (Baseline)
 */
public record Tiers(List<Tier> before, PersistentMap<NamespacedName, NetworkPolicy> networkPolicies, List<Tier> after) {
    public Tiers {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** The policies of the snapshot. NetworkPolicy is the only kind that it has. */
    public static Tiers of(ClusterSnapshot snapshot) {
        return new Tiers(List.of(), snapshot.policies(), List.of());
    }

    /** Whether both are made of the same policies; those of NetworkPolicy are compared as instances. */
    public boolean same(Tiers other) {
        return networkPolicies == other.networkPolicies && sameOrdered(other);
    }

    /** Whether the tiers of ordered rules are the same. */
    public boolean sameOrdered(Tiers other) {
        return before.equals(other.before) && after.equals(other.after);
    }

    /** Whether any policy has ordered rules. */
    public boolean ordered() {
        return policies().findAny().isPresent();
    }

    /** The policies with ordered rules. */
    public Stream<TierPolicy> policies() {
        return Stream.concat(before.stream(), after.stream()).flatMap(tier -> tier.policies().stream());
    }
}
