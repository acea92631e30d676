package fyr.compiler.policy;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.model.address.Family;
import fyr.policy.Direction;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What all groups of this node allow, arranged by term, and how that is written as elements. Depends on the groups alone. */
final class Allowances {

    private final Terms terms;
    private final PortClasses classes;
    private final Map<Direction, Map<Group, Integer>> numbers = new HashMap<>();
    private final List<List<Use>> uses = new ArrayList<>();

    /** A group that allows a term these ports. */
    private record Use(Direction direction, int group, Set<PortTerm> ports) {}

    /** A group by its number. */
    record GroupNumber(Direction direction, int number) {}

    Allowances(Terms terms, Set<Group> ingress, Set<Group> egress) {
        Collection<Group> both = Stream.concat(ingress.stream(), egress.stream()).toList();
        this.terms = terms;
        this.classes = PortClasses.of(both);
        for (int position = 0; position < terms.size(); position++) {
            uses.add(new ArrayList<>());
        }
        use(Direction.INGRESS, ingress);
        use(Direction.EGRESS, egress);
    }

    private void use(Direction direction, Set<Group> groups) {
        Map<Group, Integer> numbered = Numbers.of(groups, Group.ORDER);
        numbers.put(direction, numbered);
        numbered.forEach((group, number) -> group.allowances()
                .forEach((peer, ports) -> uses.get(terms.position(peer)).add(new Use(direction, number, ports))));
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

    Map<GroupNumber, Group> byNumber() {
        Map<GroupNumber, Group> groups = new HashMap<>();
        numbers.forEach((direction, numbered) ->
                numbered.forEach((group, number) -> groups.put(new GroupNumber(direction, number), group)));
        return groups;
    }

    int number(Direction direction, Group group) {
        return numbers.getOrDefault(direction, Map.of()).getOrDefault(group, 0);
    }

    /** Tells the elements for what rules allow everyone. */
    void everyone(Family family, Predicate<GroupNumber> groups, Consumer<NftKey> elements) {
        int position = terms.position(new PeerTerm.Any());
        if (position >= 0) {
            elements(family, OptionalInt.empty(), position, List.of(), groups, elements);
        }
    }

    /** Tells the elements for what peers with this identity are allowed. */
    void identity(
            Family family, int identity, Match match, Predicate<GroupNumber> groups, Consumer<NftKey> elements) {
        for (int position : match.terms()) {
            elements(family, OptionalInt.of(identity), position, match.ports(), groups, elements);
        }
    }

    private void elements(
            Family family,
            OptionalInt identity,
            int position,
            List<Match.NamedPort> names,
            Predicate<GroupNumber> groups,
            Consumer<NftKey> elements) {
        for (Use use : uses.get(position)) {
            if (!groups.test(new GroupNumber(use.direction, use.group))) {
                continue;
            }
            for (PortTerm port : use.ports()) {
                switch (port) {
                    case PortTerm.Any _ -> elements.accept(allow(family, use, identity, PolicyNames.Ports.ANY, Bytes.none()));
                    case PortTerm.Range range -> range(family, use, identity, range, elements);
                    case PortTerm.Named named -> names.stream()
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

    private static NftKey allow(
            Family family, Use use, OptionalInt identity, PolicyNames.Ports kind, Bytes ports) {
        Bytes group = Bytes.host32(use.group);
        if (identity.isEmpty()) {
            return new NftKey.ElementKey(
                    family, PolicyNames.everyone(use.direction, kind), Bytes.concatenate(group, ports));
        }
        Bytes key = Bytes.concatenate(group, Bytes.host32(identity.getAsInt()), ports);
        return new NftKey.ElementKey(family, PolicyNames.peer(use.direction, kind), key);
    }
}
