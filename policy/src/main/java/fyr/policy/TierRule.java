package fyr.policy;

import java.util.List;

/** A rule of a tier: what happens to traffic with any of the peers on any of the ports. */
public record TierRule(Action action, List<PeerTerm> peers, List<PortTerm> ports) {
    public TierRule {
        peers = List.copyOf(peers);
        ports = List.copyOf(ports);
    }
}
