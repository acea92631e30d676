package fyr.compiler.policy;

import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import java.util.List;
import java.util.Optional;

/**
 * A local pod with what isolates it, if anything does.
 *
 * @param policies those of its namespace, whether they select it or not
 */
record Subject(
        LocalPods.LocalPod local,
        List<NetworkPolicy> policies,
        Optional<Isolation> ingress,
        Optional<Isolation> egress) {

    Optional<Isolation> isolation(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    Optional<Group> group(Direction direction) {
        return isolation(direction).map(Isolation::group);
    }

    /** The pod has changed, but not in what decides about its isolation. */
    Subject isolatedAsBefore(LocalPods.LocalPod changed) {
        return new Subject(changed, policies, ingress, egress);
    }
}
