package fyr.compiler.policy;

import fyr.model.Namespace;
import fyr.model.PodScope;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Action;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PolicyIndex;
import fyr.policy.PortTerm;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which pods of other nodes must be known to compile a policy: those that its peers, or the named ports of its peers, refer to. */
public final class PodsOfPolicy {

    private PodsOfPolicy() {}

    /** The scopes that contain all these pods; if there is none, addresses and the node's own pods are enough. */
    public static SortedSet<PodScope> of(NetworkPolicy policy, PersistentMap<String, Namespace> namespaces) {
        SortedSet<PodScope> scopes = new TreeSet<>();
        for (Direction direction : Direction.values()) {
            for (NetworkPolicy.Rule rule : direction.rules(policy)) {
                boolean named = direction == Direction.EGRESS
                        && PortTerm.of(rule.ports()).stream().anyMatch(PortTerm.Named.class::isInstance);
                PeerTerm.of(policy.name().namespace(), rule.peers())
                        .forEach(peer -> scopes.addAll(of(peer, named, namespaces)));
            }
        }
        return scopes;
    }

    /**
     * Those of a policy of a tier. What a rule denies to some pods must also be denied to a pod that is not known yet, and that is every
     * pod that is not known: so if a rule denies something to pods, or passes over other rules for them, all pods must be known.
     */
    static SortedSet<PodScope> of(TierPolicy policy, PersistentMap<String, Namespace> namespaces) {
        SortedSet<PodScope> scopes = new TreeSet<>();
        for (Direction direction : Direction.values()) {
            for (TierRule rule : policy.rules(direction)) {
                boolean named = direction == Direction.EGRESS
                        && rule.ports().stream().anyMatch(PortTerm.Named.class::isInstance);
                SortedSet<PodScope> of = new TreeSet<>();
                rule.peers().forEach(peer -> of.addAll(of(peer, named, namespaces)));
                boolean pods = named || rule.peers().stream().anyMatch(PeerTerm.Pods.class::isInstance);
                scopes.addAll(rule.action() != Action.ACCEPT && pods ? List.of(new PodScope.Everywhere()) : of);
            }
        }
        return scopes;
    }

    private static SortedSet<PodScope> of(PeerTerm peer, boolean named, PersistentMap<String, Namespace> namespaces) {
        SortedSet<PodScope> scopes = new TreeSet<>();
        switch (peer) {
            case PeerTerm.Pods pods -> scopes.addAll(of(pods, namespaces));
            case PeerTerm.Any _, PeerTerm.Block _ ->
                scopes.addAll(named ? List.of(new PodScope.Everywhere()) : List.of());
        }
        return scopes;
    }

    private static SortedSet<PodScope> of(PeerTerm.Pods peer, PersistentMap<String, Namespace> namespaces) {
        SortedSet<PodScope> scopes = new TreeSet<>();
        if (peer.namespace().isPresent()) {
            scopes.add(new PodScope.Namespaced(peer.namespace().get()));
        } else if (peer.namespaces().requirements().isEmpty()) {
            scopes.add(new PodScope.Everywhere());
        } else {
            namespaces.forEach((name, _) -> {
                if (peer.matchesNamespace(name, PolicyIndex.namespaceLabels(namespaces, name))) {
                    scopes.add(new PodScope.Namespaced(name));
                }
            });
        }
        return scopes;
    }
}
