package fyr.compiler.policy.rules;

import fyr.compiler.policy.pods.LocalPods;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import java.util.List;
import java.util.Optional;

/**
 * A local pod with the rules for it, if there are any.
 *
 * @param policies those of its namespace, whether they select it or not
 * @param selfIngress the rules for connections of the pod to itself
 * @param selfEgress the same for egress
 */
public record Subject(
        LocalPods.LocalPod local,
        List<NetworkPolicy> policies,
        Optional<Isolation> ingress,
        Optional<Isolation> egress,
        Optional<Isolation> selfIngress,
        Optional<Isolation> selfEgress) {

    /** The rules of one direction. */
    public Optional<Isolation> isolation(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    /** The rules of one direction for connections to itself. */
    public Optional<Isolation> selfIsolation(Direction direction) {
        return switch (direction) {
            case INGRESS -> selfIngress;
            case EGRESS -> selfEgress;
        };
    }

    /** The group of one direction. */
    public Optional<Group> group(Direction direction) {
        return isolation(direction).map(Isolation::group);
    }

    /** The pod has changed, but not in what decides about its isolation. */
    Subject isolatedAsBefore(LocalPods.LocalPod changed) {
        return new Subject(changed, policies, ingress, egress, selfIngress, selfEgress);
    }
}
