package fyr.compiler.policy;

import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.peers.Match;
import fyr.compiler.policy.peers.Terms;
import fyr.compiler.policy.rules.Clause;
import fyr.compiler.policy.rules.Group;
import fyr.compiler.policy.rules.PortClasses;
import fyr.compiler.policy.rules.Verdicts;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;

/** What all groups of this node decide, arranged by term, and how that is written as elements. Depends on the groups alone. */
final class Decisions {

    private static final PeerTerm EVERYONE = new PeerTerm.Any();

    private final Terms terms;
    private final int mask;
    private final Map<Direction, Map<Group, Integer>> numbers;
    private final PortClasses classes;
    private final List<List<Use>> uses;

    /** A group that has rules about a term. */
    private record Use(GroupNumber number, Group group, List<Clause> clauses) {}

    /** A group by its number. */
    record GroupNumber(Direction direction, int number) {}

    /** Some of the decisions: those of these groups, which are about these terms. */
    record Part(Map<GroupNumber, Group> groups, BitSet terms) {}

    private Decisions(Terms terms, int mask, Map<Direction, Map<Group, Integer>> numbers, List<List<Use>> uses) {
        this.terms = terms;
        this.mask = mask;
        this.numbers = numbers;
        this.classes = PortClasses.of(
                numbers.values().stream()
                        .flatMap(numbered -> numbered.keySet().stream())
                        .toList(),
                mask);
        this.uses = uses;
    }

    /**
     * Those of no group.
     *
     * @param mask bits of a hash that make a number; all but in tests that want numbers to collide
     */
    static Decisions none(Terms terms, int mask) {
        return new Decisions(terms, mask, Map.of(), Collections.nCopies(terms.size(), List.of()));
    }

    /** Those of these groups; costs what the groups say that come, go or get another number. */
    Decisions of(Set<Group> ingress, Set<Group> egress) {
        Map<Direction, Map<Group, Integer>> now = Map.of(
                Direction.INGRESS, Numbers.of(ingress, Group.ORDER, mask),
                Direction.EGRESS, Numbers.of(egress, Group.ORDER, mask));
        List<List<Use>> all = new ArrayList<>(uses);
        BitSet copied = new BitSet();
        missing(numbers, now)
                .forEach((number, group) -> group.clauses()
                        .keySet()
                        .forEach(peer -> copy(all, copied, terms.position(peer))
                                .removeIf(use -> use.number().equals(number))));
        missing(now, numbers)
                .forEach((number, group) -> group.clauses()
                        .forEach((peer, clauses) ->
                                copy(all, copied, terms.position(peer)).add(new Use(number, group, clauses))));
        return new Decisions(terms, mask, now, all);
    }

    private static List<Use> copy(List<List<Use>> all, BitSet copied, int position) {
        if (!copied.get(position)) {
            copied.set(position);
            all.set(position, new ArrayList<>(all.get(position)));
        }
        return all.get(position);
    }

    /** The groups that have another number on the other side, or none. */
    private static Map<GroupNumber, Group> missing(
            Map<Direction, Map<Group, Integer>> here, Map<Direction, Map<Group, Integer>> there) {
        Map<GroupNumber, Group> missing = new HashMap<>();
        here.forEach((direction, numbered) -> numbered.forEach((group, number) -> {
            if (!number.equals(there.getOrDefault(direction, Map.of()).get(group))) {
                missing.put(new GroupNumber(direction, number), group);
            }
        }));
        return missing;
    }

    Terms terms() {
        return terms;
    }

    PortClasses classes() {
        return classes;
    }

    Set<Group> groups(Direction direction) {
        return numbers.getOrDefault(direction, Map.of()).keySet();
    }

    int number(Direction direction, Group group) {
        return numbers.getOrDefault(direction, Map.of()).getOrDefault(group, 0);
    }

    /** Everything. */
    Part all() {
        BitSet about = new BitSet();
        about.set(0, terms.size());
        return new Part(missing(numbers, Map.of()), about);
    }

    /** What the other ones do not have under the same number. They are about the same terms. */
    Part missingFrom(Decisions other) {
        Map<GroupNumber, Group> missing = missing(numbers, other.numbers);
        BitSet about = new BitSet();
        missing.values().forEach(group -> group.clauses().keySet().forEach(peer -> about.set(terms.position(peer))));
        return new Part(missing, about);
    }

    /** Tells the elements about packets whose other end matches no term, and about what is not decided for others. */
    void everyone(Family family, Part part, BiConsumer<NftKey, NftObject> elements) {
        part.groups()
                .forEach((number, group) ->
                        new VerdictElements(family, number, OptionalInt.empty(), elements).against(verdicts(group)));
    }

    /** Tells the elements about peers with this identity, as far as packets are not judged so without them. */
    void identity(Family family, int identity, Match match, Part part, BiConsumer<NftKey, NftObject> elements) {
        for (int position : match.terms()) {
            if (part.terms().get(position)) {
                for (Use use : uses.get(position)) {
                    if (use.group().onlyAccepts() && part.groups().containsKey(use.number())) {
                        new VerdictElements(family, use.number(), OptionalInt.of(identity), elements)
                                .accept(use.clauses(), match.ports(), classes);
                    }
                }
            }
        }
        if (terms.ordered()) {
            ordered(family, identity, match, ordered(match, part), elements);
        }
    }

    private void ordered(
            Family family,
            int identity,
            Match match,
            Map<GroupNumber, Group> ordered,
            BiConsumer<NftKey, NftObject> elements) {
        Map<GroupNumber, Verdicts> otherwise =
                match.below().map(below -> verdicts(below, ordered)).orElse(Map.of());
        verdicts(match, ordered).forEach((number, here) -> {
            Verdicts below = otherwise.get(number);
            new VerdictElements(family, number, OptionalInt.of(identity), elements)
                    .difference(here, below == null ? verdicts(here.group()) : below);
        });
    }

    /** The groups with ordered rules that may treat the peer otherwise than is done without knowing it. */
    private Map<GroupNumber, Group> ordered(Match match, Part part) {
        Map<GroupNumber, Group> ordered = new HashMap<>();
        ordered(match.terms(), part, ordered);
        ordered(match.possible(), part, ordered);
        match.below().ifPresent(below -> ordered(below.possible(), part, ordered));
        return ordered;
    }

    private void ordered(int[] positions, Part part, Map<GroupNumber, Group> ordered) {
        for (int position : positions) {
            if (part.terms().get(position)) {
                for (Use use : uses.get(position)) {
                    if (!use.group().onlyAccepts() && part.groups().containsKey(use.number())) {
                        ordered.put(use.number(), use.group());
                    }
                }
            }
        }
    }

    private Verdicts verdicts(Group group) {
        Verdicts verdicts = new Verdicts(group, classes);
        verdicts.add(group.clauses().getOrDefault(EVERYONE, List.of()));
        return verdicts;
    }

    private Map<GroupNumber, Verdicts> verdicts(Match match, Map<GroupNumber, Group> groups) {
        Map<GroupNumber, Verdicts> verdicts = new HashMap<>(4);
        groups.forEach((number, group) -> verdicts.put(number, verdicts(group)));
        match.below().ifPresent(below -> add(verdicts, below.terms(), below));
        add(verdicts, match.terms(), match);
        for (int position : match.possible()) {
            for (Use use : uses.get(position)) {
                Verdicts ofGroup = verdicts.get(use.number());
                if (ofGroup != null) {
                    ofGroup.addPossible(use.clauses());
                }
            }
        }
        return verdicts;
    }

    private void add(Map<GroupNumber, Verdicts> verdicts, int[] positions, Match match) {
        for (int position : positions) {
            for (Use use : uses.get(position)) {
                Verdicts ofGroup = verdicts.get(use.number());
                if (ofGroup != null) {
                    ofGroup.add(use.clauses(), match);
                }
            }
        }
    }
}
