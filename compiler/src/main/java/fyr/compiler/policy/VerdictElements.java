package fyr.compiler.policy;

import fyr.compiler.policy.Decisions.GroupNumber;
import fyr.compiler.policy.peers.Match;
import fyr.compiler.policy.rules.Clause;
import fyr.compiler.policy.rules.PortClasses;
import fyr.compiler.policy.rules.Verdicts;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.policy.Direction;
import fyr.policy.PortTerm;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The elements for a group's verdicts about one identity, or about everyone. Packets are looked up by port, then by class of ports, then
 * without ports; the first element found decides. If there is none, those about the address alone decide, and then those about everyone.
 * So an element is needed only where the verdict differs from that of what is looked up later.
 * Where all rules accept, the order does not count, and each rule has its elements.
 */
record VerdictElements(Family family, GroupNumber group, OptionalInt identity, BiConsumer<NftKey, NftObject> elements) {

    private static final NftObject PRESENT = new NftObject.Element(Optional.empty(), new NftData.None());

    /** Each of these rules by itself, of a group all of whose rules accept: whichever of its elements is found is right. */
    void accept(List<Clause> clauses, List<Match.NamedPort> names, PortClasses classes) {
        for (Clause clause : clauses) {
            for (PortTerm port : clause.ports()) {
                switch (port) {
                    case PortTerm.Any _ -> any(true);
                    case PortTerm.Range range -> accept(range, classes);
                    case PortTerm.Named named ->
                        names.stream()
                                .filter(known -> known.name().equals(named))
                                .forEach(known -> accept(known.range(), classes));
                }
            }
        }
    }

    private void accept(PortTerm.Range range, PortClasses classes) {
        int protocol = range.protocol().number();
        if (range.single()) {
            port(new Verdicts.Port(protocol, range.first()), true);
        } else {
            classes.classes(range).forEach(number -> range(new Verdicts.Port(protocol, number), true));
        }
    }

    /** Verdicts that are looked up last, before what is not found is dropped. */
    void against(Verdicts everyone) {
        boolean any = everyone.accepted();
        if (any) {
            any(true);
        }
        Set<Verdicts.Port> ranges = new HashSet<>(2);
        for (Verdicts.Port range : everyone.namedRanges()) {
            if (everyone.acceptedRange(range) != any) {
                ranges.add(range);
                range(range, !any);
            }
        }
        for (Verdicts.Port port : everyone.namedPorts()) {
            boolean otherwise = ranges.contains(everyone.classOf(port)) != any;
            if (everyone.acceptedPort(port) != otherwise) {
                port(port, !otherwise);
            }
        }
    }

    /** Verdicts after which others are looked up. */
    void difference(Verdicts here, Verdicts below) {
        boolean any = here.accepted();
        boolean decided = any != below.accepted();
        if (decided) {
            any(any);
        }
        Set<Verdicts.Port> ranges = new HashSet<>(2);
        for (Verdicts.Port range : union(here.namedRanges(), below.namedRanges())) {
            boolean accepted = here.acceptedRange(range);
            if (accepted != (decided ? any : below.acceptedRange(range))) {
                ranges.add(range);
                range(range, accepted);
            }
        }
        for (Verdicts.Port port : union(here.namedPorts(), below.namedPorts())) {
            Verdicts.Port range = here.classOf(port);
            boolean otherwise =
                    ranges.contains(range) ? here.acceptedRange(range) : decided ? any : below.acceptedPort(port);
            if (here.acceptedPort(port) != otherwise) {
                port(port, !otherwise);
            }
        }
    }

    private static Set<Verdicts.Port> union(Iterable<Verdicts.Port> some, Iterable<Verdicts.Port> others) {
        Set<Verdicts.Port> union = new HashSet<>(4);
        some.forEach(union::add);
        others.forEach(union::add);
        return union;
    }

    private void any(boolean accepted) {
        element(PolicyNames.Ports.ANY, Bytes.none(), accepted);
    }

    private void range(Verdicts.Port range, boolean accepted) {
        Bytes ports = Bytes.concatenate(Bytes.u8(range.protocol()), Bytes.host32(range.number()));
        element(PolicyNames.Ports.RANGE, ports, accepted);
    }

    private void port(Verdicts.Port port, boolean accepted) {
        Bytes ports = Bytes.concatenate(Bytes.u8(port.protocol()), Bytes.u16(port.number()));
        element(PolicyNames.Ports.ONE, ports, accepted);
    }

    private void element(PolicyNames.Ports kind, Bytes ports, boolean accepted) {
        Direction direction = group.direction();
        Bytes number = Bytes.host32(group.number());
        if (identity.isEmpty()) {
            String set = accepted ? PolicyNames.everyone(direction, kind) : PolicyNames.deniedEveryone(direction, kind);
            elements.accept(new NftKey.ElementKey(family, set, Bytes.concatenate(number, ports)), PRESENT);
            return;
        }
        String set = accepted ? PolicyNames.peer(direction, kind) : PolicyNames.deniedPeer(direction, kind);
        Bytes key = Bytes.concatenate(number, Bytes.host32(identity.getAsInt()), ports);
        elements.accept(new NftKey.ElementKey(family, set, key), PRESENT);
    }
}
