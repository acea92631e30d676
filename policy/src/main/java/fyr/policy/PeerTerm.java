package fyr.policy;

import fyr.model.Labels;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.PolicyPeer;
import java.util.List;
import java.util.Optional;

/** A peer of a rule, free of the policy it stands in: two policies that mean the same peers have equal terms. */
public sealed interface PeerTerm {

    /** Everyone, inside the cluster or not: a rule that names no peers. */
    record Any() implements PeerTerm {}

    /**
     * Pods by labels.
     *
     * @param namespace if given, only pods of that namespace
     * @param namespaces which namespaces, by their labels
     * @param pods which pods, by their labels
     */
    record Pods(Optional<String> namespace, LabelSelector namespaces, LabelSelector pods) implements PeerTerm {

        /** Whether pods of this namespace are meant, as far as the namespace goes. */
        public boolean matchesNamespace(String name, Labels labels) {
            return (namespace.isEmpty() || namespace.get().equals(name)) && namespaces.matches(labels);
        }

        /** Whether the pod, in a namespace with these labels, is meant. */
        public boolean matches(Pod pod, Labels namespaceLabels) {
            return matchesNamespace(pod.name().namespace(), namespaceLabels) && pods.matches(pod.labels());
        }
    }

    /** Addresses in the block and in none of the exceptions. Addresses of pods are no different from others. */
    record Block(Prefix cidr, List<Prefix> except) implements PeerTerm {
        public Block {
            except = List.copyOf(except);
        }

        /** Whether the address is meant. */
        public boolean matches(IpAddress address) {
            return cidr.contains(address) && except.stream().noneMatch(prefix -> prefix.contains(address));
        }
    }

    /** The term for a peer in a policy of this namespace. */
    static PeerTerm of(String policyNamespace, PolicyPeer peer) {
        return switch (peer) {
            case PolicyPeer.Pods(Optional<LabelSelector> namespaces, Optional<LabelSelector> pods) ->
                new Pods(
                        namespaces.isPresent() ? Optional.empty() : Optional.of(policyNamespace),
                        namespaces.orElse(LabelSelector.everything()),
                        pods.orElse(LabelSelector.everything()));
            case PolicyPeer.IpBlock(Prefix cidr, List<Prefix> except) -> new Block(cidr, except);
        };
    }

    /** The terms for the peers of a rule, any of which may match; the one term {@link Any} if it names none. */
    static List<PeerTerm> of(String policyNamespace, List<PolicyPeer> peers) {
        return peers.isEmpty()
                ? List.of(new Any())
                : peers.stream().map(peer -> of(policyNamespace, peer)).toList();
    }
}
