package fyr.model.policy;

import fyr.model.NamespacedName;
import java.util.List;

/**
 * A NetworkPolicy of networking.k8s.io/v1. {@code policyTypes} are already resolved: {@code isolatesEgress} is true only if the policy
 * says Egress or, without types, has an egress section.
 *
 * @param podSelector which pods of the policy's namespace it isolates and allows traffic for
 */
public record NetworkPolicy(
        NamespacedName name,
        LabelSelector podSelector,
        boolean isolatesIngress,
        boolean isolatesEgress,
        List<Rule> ingress,
        List<Rule> egress) {

    public NetworkPolicy {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /** An allowance: any of the peers on any of the ports. An empty list of either means all. */
    public record Rule(List<PolicyPeer> peers, List<PolicyPort> ports) {
        public Rule {
            peers = List.copyOf(peers);
            ports = List.copyOf(ports);
        }
    }
}
