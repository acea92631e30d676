package fyr.compiler.policy;

import fyr.compiler.Stable;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The distinct peers that policies of namespaces with pods on this node speak of, each with a position. */
final class Terms {

    static final PeerTerm EVERY_POD =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());

    private final List<PeerTerm> terms;
    private final Map<PeerTerm, Integer> positions;
    private final long[] hashes;
    private final List<Set<PortTerm.Named>> names;
    private final boolean pods;
    private final TermPlaces places = new TermPlaces();

    private Terms(Map<PeerTerm, Integer> positions, List<PeerTerm> terms, List<Set<PortTerm.Named>> names) {
        this.terms = terms;
        this.positions = positions;
        this.names = names;
        this.hashes =
                terms.stream().mapToLong(term -> Stable.hash(term.toString())).toArray();
        this.pods = terms.stream().anyMatch(PeerTerm.Pods.class::isInstance);
        for (int position = 0; position < terms.size(); position++) {
            if (terms.get(position) instanceof PeerTerm.Pods term) {
                places.put(position, term);
            }
        }
    }

    /**
     * The peers of these policies. Those included that select no pod of the node now: so a pod that comes, goes or changes its labels
     * changes what is allowed, but not who is who.
     */
    static Terms of(List<NetworkPolicy> policies) {
        Terms terms = new Terms(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
        for (NetworkPolicy policy : policies) {
            for (Direction direction : Direction.values()) {
                for (NetworkPolicy.Rule rule : direction.rules(policy)) {
                    terms.add(direction, policy.name().namespace(), rule);
                }
            }
        }
        return new Terms(terms.positions, terms.terms, terms.names);
    }

    private void add(Direction direction, String namespace, NetworkPolicy.Rule rule) {
        List<PeerTerm> peers = PeerTerm.of(namespace, rule.peers());
        peers.forEach(this::add);
        for (PortTerm port : PortTerm.of(rule.ports())) {
            if (direction == Direction.EGRESS && port instanceof PortTerm.Named named) {
                peers.forEach(peer -> names.get(add(Group.owner(port, peer))).add(named));
            }
        }
    }

    private int add(PeerTerm peer) {
        Integer known = positions.putIfAbsent(peer, terms.size());
        if (known != null) {
            return known;
        }
        terms.add(peer);
        names.add(new HashSet<>());
        return terms.size() - 1;
    }

    /** Whether both have the same terms in the same positions. */
    boolean same(Terms other) {
        return terms.equals(other.terms) && names.equals(other.names);
    }

    int size() {
        return terms.size();
    }

    PeerTerm term(int position) {
        return terms.get(position);
    }

    int position(PeerTerm term) {
        return positions.getOrDefault(term, -1);
    }

    long hash(int position) {
        return hashes[position];
    }

    /** The port names that rules use of peers that match this term. */
    Set<PortTerm.Named> names(int position) {
        return names.get(position);
    }

    /** Where to look for those that a pod matches. */
    TermPlaces places() {
        return places;
    }

    /** Whether any term is about pods at all. */
    boolean aboutPods() {
        return pods;
    }
}
