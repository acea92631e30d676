package fyr.model.policy;

import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/** The other end of allowed traffic. */
public sealed interface PolicyPeer {

    /**
     * Pods by labels. Without {@code namespaceSelector}: pods of the policy's own namespace; without {@code podSelector}: all pods of the
     * selected namespaces; with both: pods that match, in namespaces that match.
     */
    record Pods(Optional<LabelSelector> namespaceSelector, Optional<LabelSelector> podSelector) implements PolicyPeer {}

    /** Addresses within {@code cidr} and in none of {@code except}. */
    record IpBlock(Prefix cidr, List<Prefix> except) implements PolicyPeer {
        public IpBlock {
            except = List.copyOf(except);
        }
    }
}
