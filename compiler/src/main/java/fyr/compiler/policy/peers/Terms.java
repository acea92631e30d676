package fyr.compiler.policy.peers;

import fyr.compiler.feature.StableHash;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Action;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.TierPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The distinct peers that policies about pods of this node may refer to, each with a position. */
public final class Terms {

    private static final PeerTerm EVERY_POD =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());

    private final List<PeerTerm> terms;
    private final Map<PeerTerm, Integer> positions;
    private final long[] hashes;
    private final List<Set<PortTerm.Named>> names;
    private final boolean pods;
    private final boolean ordered;
    private final int[] suspects;
    private final TermPlaces places = new TermPlaces();

    private Terms(Draft draft) {
        this.terms = draft.terms;
        this.positions = draft.positions;
        this.names = draft.names;
        this.ordered = draft.ordered;
        this.suspects = draft.suspects.stream().toArray();
        this.hashes = terms.stream()
                .mapToLong(term -> StableHash.hash(term.toString()))
                .toArray();
        this.pods = terms.stream().anyMatch(PeerTerm.Pods.class::isInstance);
        for (int position = 0; position < terms.size(); position++) {
            if (terms.get(position) instanceof PeerTerm.Pods term) {
                places.put(position, term);
            }
        }
    }

    /** Terms while they are collected. */
    private static final class Draft {
        private final Map<PeerTerm, Integer> positions = new HashMap<>();
        private final List<PeerTerm> terms = new ArrayList<>();
        private final List<Set<PortTerm.Named>> names = new ArrayList<>();
        private final BitSet suspects = new BitSet();
        private boolean ordered;

        void add(Direction direction, Action action, List<PeerTerm> peers, List<PortTerm> ports) {
            peers.forEach(this::add);
            for (PortTerm port : ports) {
                for (PeerTerm peer : peers) {
                    boolean named = direction == Direction.EGRESS && port instanceof PortTerm.Named;
                    int owner = add(named ? owner(port, peer) : peer);
                    if (direction == Direction.EGRESS && port instanceof PortTerm.Named name) {
                        names.get(owner).add(name);
                    }
                    if (action != Action.ACCEPT && terms.get(owner) instanceof PeerTerm.Pods) {
                        suspects.set(owner);
                    }
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
    }

    /**
     * The peers of these policies. Those included that select no pod of the node now: so a pod that comes, goes or changes its labels
     * changes what is allowed, but not who is who.
     */
    public static Terms of(List<NetworkPolicy> policies, List<TierPolicy> ordered) {
        Draft draft = new Draft();
        for (NetworkPolicy policy : policies) {
            for (Direction direction : Direction.values()) {
                for (NetworkPolicy.Rule rule : direction.rules(policy)) {
                    draft.add(
                            direction,
                            Action.ACCEPT,
                            PeerTerm.of(policy.name().namespace(), rule.peers()),
                            PortTerm.of(rule.ports()));
                }
            }
        }
        for (TierPolicy policy : ordered) {
            for (Direction direction : Direction.values()) {
                policy.rules(direction)
                        .forEach(rule -> draft.add(direction, rule.action(), rule.peers(), rule.ports()));
            }
        }
        draft.ordered = !ordered.isEmpty();
        return new Terms(draft);
    }

    /** Only pods have named ports, so anyone's named port is any pod's. */
    public static PeerTerm owner(PortTerm port, PeerTerm peer) {
        return port instanceof PortTerm.Named && peer instanceof PeerTerm.Any ? EVERY_POD : peer;
    }

    /** Whether both have the same terms in the same positions. */
    public boolean same(Terms other) {
        return terms.equals(other.terms)
                && names.equals(other.names)
                && ordered == other.ordered
                && java.util.Arrays.equals(suspects, other.suspects);
    }

    /** How many there are. */
    public int size() {
        return terms.size();
    }

    /** The term at this position. */
    public PeerTerm term(int position) {
        return terms.get(position);
    }

    /** The position of a term; negative if it is not among these. */
    public int position(PeerTerm term) {
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
    public boolean aboutPods() {
        return pods;
    }

    /**
     * Whether the order of rules counts. Then the verdict about an address depends on all terms that it matches together; otherwise each
     * term allows what it allows, whatever else matches.
     */
    public boolean ordered() {
        return ordered;
    }

    /** The terms about pods to which rules deny something, or for which they skip others: a pod that is not known yet may match each. */
    int[] suspects() {
        return suspects;
    }

    /** Whether it makes a difference that an address may be that of a pod that is not known yet. */
    public boolean suspicious() {
        return suspects.length > 0;
    }
}
