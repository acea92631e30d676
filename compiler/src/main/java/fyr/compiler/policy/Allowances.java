package fyr.compiler.policy;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.model.address.Family;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** What all groups of this node allow, arranged by term, and how that is written as elements. Depends on the groups alone. */
final class Allowances {

    private final Terms terms;
    private final int mask;
    private final Map<Direction, Map<Group, Integer>> numbers;
    private final PortClasses classes;
    private final List<List<Use>> uses;

    /** A group that allows a term these ports. */
    private record Use(GroupNumber group, Set<PortTerm> ports) {}

    /** A group by its number. */
    record GroupNumber(Direction direction, int number) {}

    /** Some of the allowances: those of these groups, which are about these terms. */
    record Part(Set<GroupNumber> groups, BitSet terms) {}

    private Allowances(Terms terms, int mask, Map<Direction, Map<Group, Integer>> numbers, List<List<Use>> uses) {
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
    static Allowances none(Terms terms, int mask) {
        return new Allowances(terms, mask, Map.of(), Collections.nCopies(terms.size(), List.of()));
    }

    /** Those of these groups; costs what the groups say that come, go or get another number. */
    Allowances of(Set<Group> ingress, Set<Group> egress) {
        Map<Direction, Map<Group, Integer>> now = Map.of(
                Direction.INGRESS, Numbers.of(ingress, Group.ORDER, mask),
                Direction.EGRESS, Numbers.of(egress, Group.ORDER, mask));
        List<List<Use>> all = new ArrayList<>(uses);
        BitSet copied = new BitSet();
        missing(numbers, now)
                .forEach((number, group) -> group.allowances()
                        .keySet()
                        .forEach(peer -> copy(all, copied, terms.position(peer))
                                .removeIf(use -> use.group().equals(number))));
        missing(now, numbers)
                .forEach((number, group) -> group.allowances()
                        .forEach((peer, ports) ->
                                copy(all, copied, terms.position(peer)).add(new Use(number, ports))));
        return new Allowances(terms, mask, now, all);
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
        return new Part(missing(numbers, Map.of()).keySet(), about);
    }

    /** What the other ones do not have under the same number. They are about the same terms. */
    Part missingFrom(Allowances other) {
        Map<GroupNumber, Group> missing = missing(numbers, other.numbers);
        BitSet about = new BitSet();
        missing.values().forEach(group -> group.allowances().keySet().forEach(peer -> about.set(terms.position(peer))));
        return new Part(missing.keySet(), about);
    }

    /** Tells the elements for what rules allow everyone. */
    void everyone(Family family, Part part, Consumer<NftKey> elements) {
        int position = terms.position(new PeerTerm.Any());
        if (position >= 0) {
            elements(family, OptionalInt.empty(), position, List.of(), part, elements);
        }
    }

    /** Tells the elements for what peers with this identity are allowed. */
    void identity(Family family, int identity, Match match, Part part, Consumer<NftKey> elements) {
        for (int position : match.terms()) {
            elements(family, OptionalInt.of(identity), position, match.ports(), part, elements);
        }
    }

    private void elements(
            Family family,
            OptionalInt identity,
            int position,
            List<Match.NamedPort> names,
            Part part,
            Consumer<NftKey> elements) {
        if (!part.terms().get(position)) {
            return;
        }
        for (Use use : uses.get(position)) {
            if (!part.groups().contains(use.group())) {
                continue;
            }
            for (PortTerm port : use.ports()) {
                switch (port) {
                    case PortTerm.Any _ ->
                        elements.accept(allow(family, use, identity, PolicyNames.Ports.ANY, Bytes.none()));
                    case PortTerm.Range range -> range(family, use, identity, range, elements);
                    case PortTerm.Named named ->
                        names.stream()
                                .filter(known -> known.name().equals(named))
                                .forEach(known -> range(family, use, identity, known.range(), elements));
                }
            }
        }
    }

    private void range(Family family, Use use, OptionalInt identity, PortTerm.Range range, Consumer<NftKey> elements) {
        Bytes protocol = Bytes.u8(range.protocol().number());
        if (range.single()) {
            Bytes port = Bytes.concatenate(protocol, Bytes.u16(range.first()));
            elements.accept(allow(family, use, identity, PolicyNames.Ports.ONE, port));
            return;
        }
        for (int portClass : classes.classes(range)) {
            Bytes ports = Bytes.concatenate(protocol, Bytes.host32(portClass));
            elements.accept(allow(family, use, identity, PolicyNames.Ports.RANGE, ports));
        }
    }

    private static NftKey allow(Family family, Use use, OptionalInt identity, PolicyNames.Ports kind, Bytes ports) {
        Bytes group = Bytes.host32(use.group().number());
        if (identity.isEmpty()) {
            return new NftKey.ElementKey(
                    family, PolicyNames.everyone(use.group().direction(), kind), Bytes.concatenate(group, ports));
        }
        Bytes key = Bytes.concatenate(group, Bytes.host32(identity.getAsInt()), ports);
        return new NftKey.ElementKey(family, PolicyNames.peer(use.group().direction(), kind), key);
    }
}
