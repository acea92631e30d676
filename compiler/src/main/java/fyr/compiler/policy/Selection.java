package fyr.compiler.policy;

import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policies that isolate a pod in one direction, and the ports that they may call by name: all that its group is made of. Policies are
 * compared as instances: as values there would be too much to compare.
 */
final class Selection {

    private final Direction direction;
    private final List<NetworkPolicy> policies;
    private final List<Pod.ContainerPort> ports;
    private final int hash;

    Selection(Direction direction, List<NetworkPolicy> policies, List<Pod.ContainerPort> ports) {
        this.direction = direction;
        this.policies = policies;
        this.ports = ports;
        int sum = 31 * ports.hashCode() + direction.ordinal();
        for (NetworkPolicy policy : policies) {
            sum = 31 * sum + System.identityHashCode(policy);
        }
        this.hash = sum;
    }

    Group group() {
        return Group.of(direction, policies, ports);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Selection that
                        && hash == that.hash
                        && direction == that.direction
                        && ports.equals(that.ports)
                        && sameInstances(policies, that.policies);
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
