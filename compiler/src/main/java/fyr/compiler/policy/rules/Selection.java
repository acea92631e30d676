package fyr.compiler.policy.rules;

import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import fyr.policy.TierPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policies that have rules for a pod in one direction, and the ports that they may call by name: all that its group is made of.
 * NetworkPolicies are compared as instances: as values there would be too much to compare.
 */
public final class Selection {

    private final Direction direction;
    private final List<List<TierPolicy>> before;
    private final boolean isolated;
    private final List<NetworkPolicy> isolating;
    private final List<List<TierPolicy>> after;
    private final List<Pod.ContainerPort> ports;
    private final int hash;

    private Selection(
            Direction direction,
            List<List<TierPolicy>> before,
            boolean isolated,
            List<NetworkPolicy> isolating,
            List<List<TierPolicy>> after,
            List<Pod.ContainerPort> ports) {
        this.direction = direction;
        this.before = before;
        this.isolated = isolated;
        this.isolating = isolating;
        this.after = after;
        this.ports = ports;
        int sum = 31 * ports.hashCode() + direction.ordinal();
        for (NetworkPolicy policy : isolating) {
            sum = 31 * sum + System.identityHashCode(policy);
        }
        this.hash = 31 * (31 * sum + names(before)) + names(after);
    }

    private static int names(List<List<TierPolicy>> tiers) {
        return tiers.stream()
                .map(tier -> tier.stream().map(TierPolicy::name).toList())
                .toList()
                .hashCode();
    }

    /** The policies that select a pod with these ports, tier by tier. Those of NetworkPolicy isolate it if there are any. */
    static Selection of(
            Direction direction,
            List<List<TierPolicy>> before,
            List<NetworkPolicy> isolating,
            List<List<TierPolicy>> after,
            List<Pod.ContainerPort> ports) {
        return new Selection(direction, before, !isolating.isEmpty(), isolating, after, ports);
    }

    /** Isolated, and nothing is accepted. */
    static Selection nothing(Direction direction) {
        return new Selection(direction, List.of(), true, List.of(), List.of(), List.of());
    }

    /** Those for connections of the pod to itself: the tier of NetworkPolicy accepts them, if it decides. */
    Selection toItself() {
        return isolated ? new Selection(direction, before, false, List.of(), List.of(), ports) : this;
    }

    /** Whether there is any rule for the pod. */
    boolean any() {
        return isolated || ordered(before) || ordered(after);
    }

    private boolean ordered(List<List<TierPolicy>> tiers) {
        return tiers.stream()
                .flatMap(List::stream)
                .anyMatch(policy -> !policy.rules(direction).isEmpty());
    }

    Direction direction() {
        return direction;
    }

    List<List<TierPolicy>> before() {
        return before;
    }

    boolean isolated() {
        return isolated;
    }

    List<NetworkPolicy> isolating() {
        return isolating;
    }

    List<List<TierPolicy>> after() {
        return after;
    }

    List<Pod.ContainerPort> ports() {
        return ports;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Selection that
                        && hash == that.hash
                        && direction == that.direction
                        && isolated == that.isolated
                        && ports.equals(that.ports)
                        && before.equals(that.before)
                        && after.equals(that.after)
                        && sameInstances(isolating, that.isolating);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Whether both lists hold the very same objects. */
    static <T> boolean sameInstances(List<T> left, List<T> right) {
        if (left == right) {
            return true;
        }
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i) != right.get(i)) {
                return false;
            }
        }
        return true;
    }
}
