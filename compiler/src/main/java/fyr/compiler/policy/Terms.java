package fyr.compiler.policy;

import fyr.model.policy.LabelSelector;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The distinct peers that the groups of this node speak of, each with a position. */
final class Terms {

    static final PeerTerm EVERY_POD = new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());

    private final List<PeerTerm> terms;
    private final Map<PeerTerm, Integer> positions;
    private final long[] hashes;
    private final List<Set<PortTerm.Named>> names;
    private final boolean pods;

    private Terms(Map<PeerTerm, Integer> positions, List<PeerTerm> terms, List<Set<PortTerm.Named>> names) {
        this.terms = terms;
        this.positions = positions;
        this.names = names;
        this.hashes = terms.stream().mapToLong(term -> Stable.hash(term.toString())).toArray();
        this.pods = terms.stream().anyMatch(PeerTerm.Pods.class::isInstance);
    }

    static Terms of(Collection<Group> groups) {
        Map<PeerTerm, Integer> positions = new HashMap<>();
        List<PeerTerm> terms = new ArrayList<>();
        List<Set<PortTerm.Named>> names = new ArrayList<>();
        for (Group group : groups) {
            group.allowances().forEach((peer, ports) -> {
                if (positions.putIfAbsent(peer, terms.size()) == null) {
                    terms.add(peer);
                    names.add(new HashSet<>());
                }
                for (PortTerm port : ports) {
                    if (port instanceof PortTerm.Named named) {
                        names.get(positions.getOrDefault(peer, 0)).add(named);
                    }
                }
            });
        }
        return new Terms(positions, terms, names);
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

    /** Whether any term is about pods at all. */
    boolean aboutPods() {
        return pods;
    }
}
