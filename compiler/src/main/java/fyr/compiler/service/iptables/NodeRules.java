package fyr.compiler.service.iptables;

import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.compiler.service.LocalNode;
import fyr.kernel.iptables.XtMatch;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the rules of one family have to know about the node. */
record NodeRules(Family family, LocalNode node) {

    /** Each of these is a way to recognise connections of pods. */
    List<XtMatch> fromPods() {
        return switch (node.options().local()) {
            case LocalTraffic.NodeBlocks _ -> sources(node.blocks());
            case LocalTraffic.Prefixes(List<Prefix> prefixes) -> sources(prefixes);
            case LocalTraffic.Link(String name) -> List.of(new XtMatch.InputLink(name, false));
            case LocalTraffic.LinkPrefix(String prefix) -> List.of(new XtMatch.InputLink(prefix + "+", false));
        };
    }

    /** The condition that is none of {@link #fromPods}; empty if one condition cannot say that. */
    Optional<XtMatch> notFromPods() {
        List<XtMatch> ways = fromPods();
        if (ways.size() != 1) {
            return Optional.empty();
        }
        return switch (ways.getFirst()) {
            case XtMatch.Source(Prefix prefix, boolean _) -> Optional.of(new XtMatch.Source(prefix, true));
            case XtMatch.InputLink(String name, boolean _) -> Optional.of(new XtMatch.InputLink(name, true));
            default -> Optional.empty();
        };
    }

    private List<XtMatch> sources(List<Prefix> prefixes) {
        return ofFamily(prefixes)
                .map(prefix -> (XtMatch) new XtMatch.Source(prefix, false))
                .toList();
    }

    private Stream<Prefix> ofFamily(List<Prefix> prefixes) {
        return prefixes.stream().filter(prefix -> prefix.family() == family).distinct();
    }

    /** Addresses that never have node ports. */
    Prefix loopback() {
        return switch (family) {
            case IPV4 -> Prefix.parse("127.0.0.0/8");
            case IPV6 -> Prefix.single(IpAddress.parse("::1"));
        };
    }

    /** The conditions of destinations that have node ports; each list is one way. */
    List<List<XtMatch>> atNodePorts() {
        XtMatch local = new XtMatch.DestinationIsLocal();
        return nodePorts().stream()
                .map(prefix -> List.of(
                        local,
                        prefix.length() == 0
                                ? new XtMatch.Destination(loopback(), true)
                                : new XtMatch.Destination(prefix, false)))
                .toList();
    }

    /** Whether some of {@link #atNodePorts} include loopback addresses, which a rule before them has to exclude. */
    boolean excludesLoopback() {
        return nodePorts().stream().anyMatch(prefix -> prefix.length() > 0 && prefix.overlaps(loopback()));
    }

    /** The prefixes whose local addresses have node ports; those that lie in others say nothing more. */
    private List<Prefix> nodePorts() {
        SortedSet<Prefix> prefixes = new TreeSet<>();
        switch (node.options().nodePorts()) {
            case NodePorts.Everywhere _ -> {}
            case NodePorts.At(boolean primary, List<Prefix> among) -> {
                ofFamily(among).forEach(prefixes::add);
                if (primary) {
                    node.addresses().stream()
                            .filter(address -> address.family() == family)
                            .limit(1)
                            .forEach(address -> prefixes.add(Prefix.single(address)));
                }
            }
        }
        List<Prefix> disjoint = new ArrayList<>();
        for (Prefix prefix : prefixes.isEmpty() ? List.of(Prefix.all(family)) : prefixes) {
            if ((disjoint.isEmpty() || !disjoint.getLast().contains(prefix))
                    && !loopback().contains(prefix)) {
                disjoint.add(prefix);
            }
        }
        return disjoint;
    }
}
