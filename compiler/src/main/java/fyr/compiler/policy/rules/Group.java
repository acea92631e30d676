package fyr.compiler.policy.rules;

import fyr.compiler.feature.StableHash;
import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.peers.Terms;
import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Action;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules for some pods in one direction, tier by tier, arranged by term. Pods with the same rules are of one group. */
public final class Group implements Numbers.Numbered {

    /** By contents. */
    public static final Comparator<Group> ORDER =
            Comparator.comparingLong(Group::stableHash).thenComparing(Group::text);

    private static final int NOWHERE = -1;
    private static final int LAST_PORT = 65535;

    private final Map<PeerTerm, List<Clause>> clauses;
    private final int tiers;
    private final int isolating;
    private final Set<PortClasses.Span> spans = new HashSet<>();
    private final long hash;

    private Group(Draft draft) {
        this.clauses = draft.clauses;
        this.tiers = draft.tiers;
        this.isolating = draft.isolating;
        long sum = 31L * (tiers - 1) + isolating; // 0 if there is the tier of NetworkPolicy only
        for (Map.Entry<PeerTerm, List<Clause>> entry : clauses.entrySet()) {
            long rules = 0;
            for (Clause clause : entry.getValue()) {
                rules += ports(clause)
                        + StableHash.mix((long) clause.tier() << 40
                                | (long) clause.rank() << 8
                                | clause.action().ordinal());
            }
            sum += StableHash.mix(StableHash.hash(entry.getKey().toString()) + 31 * rules);
        }
        this.hash = StableHash.mix(sum);
    }

    private long ports(Clause clause) {
        long sum = 0;
        for (PortTerm port : clause.ports()) {
            sum += StableHash.hash(port.toString());
            if (port instanceof PortTerm.Range range && !range.single()) {
                spans.add(new PortClasses.Span(range.first(), range.last()));
            }
            if (port instanceof PortTerm.Named && clause.action() != Action.ACCEPT) {
                spans.add(new PortClasses.Span(0, LAST_PORT)); // of a pod that is not known, any port may have the name
            }
        }
        return sum;
    }

    /** A group while its rules are collected. */
    private static final class Draft {
        private final Direction direction;
        private final List<Pod.ContainerPort> ports;
        private final Map<PeerTerm, List<Clause>> clauses = new HashMap<>();
        private int tiers;
        private int isolating = NOWHERE;

        Draft(Direction direction, List<Pod.ContainerPort> ports) {
            this.direction = direction;
            this.ports = ports;
        }

        void tier(List<TierPolicy> policies) {
            int rank = 0;
            for (TierPolicy policy : policies) {
                for (TierRule rule : policy.rules(direction)) {
                    add(rank++, rule.action(), rule.peers(), rule.ports());
                }
            }
            tiers += rank > 0 ? 1 : 0;
        }

        /** Their order does not count, because all of them accept. */
        void isolation(List<NetworkPolicy> policies) {
            isolating = tiers;
            for (NetworkPolicy policy : policies) {
                for (NetworkPolicy.Rule rule : direction.rules(policy)) {
                    add(
                            0,
                            Action.ACCEPT,
                            PeerTerm.of(policy.name().namespace(), rule.peers()),
                            PortTerm.of(rule.ports()));
                }
            }
            tiers++;
        }

        private void add(int rank, Action action, List<PeerTerm> peers, List<PortTerm> ranges) {
            for (PortTerm port : ranges) {
                for (PeerTerm peer : peers) {
                    for (PortTerm resolved : resolve(port)) {
                        if (!(resolved instanceof PortTerm.Named && peer instanceof PeerTerm.Block)) {
                            clause(Terms.owner(resolved, peer), rank, action)
                                    .ports()
                                    .add(resolved);
                        }
                    }
                }
            }
        }

        private Clause clause(PeerTerm owner, int rank, Action action) {
            List<Clause> ofTerm = clauses.computeIfAbsent(owner, _ -> new ArrayList<>(1));
            if (!ofTerm.isEmpty()
                    && ofTerm.getLast().tier() == tiers
                    && ofTerm.getLast().rank() == rank) {
                return ofTerm.getLast();
            }
            ofTerm.add(new Clause(tiers, rank, action, new HashSet<>()));
            return ofTerm.getLast();
        }

        /** Names of ingress ports are the pod's own; those of egress ports are each peer's, see {@link fyr.compiler.policy.peers.Match}. */
        private List<PortTerm> resolve(PortTerm port) {
            return direction == Direction.INGRESS && port instanceof PortTerm.Named named
                    ? named.of(ports).<PortTerm>map(range -> range).toList()
                    : List.of(port);
        }
    }

    /** The rules of this selection. */
    static Group of(Selection selection) {
        Draft draft = new Draft(selection.direction(), selection.ports());
        selection.before().forEach(draft::tier);
        if (selection.isolated()) {
            draft.isolation(selection.isolating());
        }
        selection.after().forEach(draft::tier);
        return new Group(draft);
    }

    /** What each term is subject to. */
    public Map<PeerTerm, List<Clause>> clauses() {
        return clauses;
    }

    /** The number of tiers that have rules for these pods. */
    int tiers() {
        return tiers;
    }

    /** Whether this tier denies what none of its rules accepts. */
    boolean isolates(int tier) {
        return tier == isolating;
    }

    /** Whether all rules accept and everything else is denied, so that each rule can be enforced without regard to the others. */
    public boolean onlyAccepts() {
        return tiers == 1 && isolating == 0;
    }

    /** The ranges of more than one port. */
    Set<PortClasses.Span> spans() {
        return spans;
    }

    @Override
    public long stableHash() {
        return hash;
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        clauses.forEach((peer, ofTerm) -> ofTerm.forEach(clause -> lines.add(peer + " " + clause.tier() + " "
                + clause.rank() + " " + clause.action() + " "
                + clause.ports().stream().map(PortTerm::toString).sorted().toList())));
        lines.sort(null);
        return tiers + " " + isolating + " " + lines;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Group that
                        && hash == that.hash
                        && tiers == that.tiers
                        && isolating == that.isolating
                        && clauses.equals(that.clauses);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
