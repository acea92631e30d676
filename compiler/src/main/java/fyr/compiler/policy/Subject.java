package fyr.compiler.policy;

import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A local pod with the groups that isolate it, if any do. */
record Subject(LocalPods.LocalPod local, List<NetworkPolicy> policies, Optional<Group> ingress, Optional<Group> egress) {

    Optional<Group> group(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    /** Makes subjects; pods that the same policies select, with the same ports, share one group. */
    static final class Factory {

        private final Map<Key, Optional<Group>> groups = new HashMap<>();

        Subject make(LocalPods.LocalPod local, List<NetworkPolicy> inNamespace) {
            return new Subject(
                    local, inNamespace, group(Direction.INGRESS, local, inNamespace), group(Direction.EGRESS, local, inNamespace));
        }

        private Optional<Group> group(Direction direction, LocalPods.LocalPod local, List<NetworkPolicy> inNamespace) {
            if (local.pod().isEmpty()) {
                return inNamespace.stream().anyMatch(direction::isolatedBy) ? Optional.of(Group.nothing()) : Optional.empty();
            }
            Pod pod = local.pod().get();
            List<NetworkPolicy> isolating = new ArrayList<>();
            for (NetworkPolicy policy : inNamespace) {
                if (direction.isolatedBy(policy) && policy.podSelector().matches(pod.labels())) {
                    isolating.add(policy);
                }
            }
            return isolating.isEmpty()
                    ? Optional.empty()
                    : groups.computeIfAbsent(
                            new Key(direction, isolating, pod.ports()), key -> Optional.of(Group.of(direction, isolating, pod)));
        }
    }

    /** Compares policies as instances: as values there would be too much to compare. */
    private record Key(Direction direction, List<NetworkPolicy> policies, List<Pod.ContainerPort> ports) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && direction == that.direction
                    && ports.equals(that.ports)
                    && sameInstances(policies, that.policies);
        }

        @Override
        public int hashCode() {
            int sum = ports.hashCode();
            for (NetworkPolicy policy : policies) {
                sum = 31 * sum + System.identityHashCode(policy);
            }
            return sum;
        }
    }

    /** Whether both lists hold the very same objects. */
    static <T> boolean sameInstances(List<T> left, List<T> right) {
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
