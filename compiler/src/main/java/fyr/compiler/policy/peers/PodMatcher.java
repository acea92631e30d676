package fyr.compiler.policy.peers;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Pod;
import fyr.policy.PeerTerm;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the terms that the pods of one snapshot match. Pods that are alike, such as those of one Deployment, share one match. */
public final class PodMatcher {

    private final ClusterSnapshot snapshot;
    private final Terms terms;
    private final Map<String, Namespace> namespaces = new HashMap<>();
    private final Map<List<Object>, Optional<Match>> known = new HashMap<>();

    private record Namespace(Labels labels, List<TermPlaces.Anchor> anchors) {}

    /** For the pods of this snapshot. */
    public PodMatcher(ClusterSnapshot snapshot, Terms terms) {
        this.snapshot = snapshot;
        this.terms = terms;
    }

    /** What a selectable pod matches; empty if it matches no term and no rule can deny, because then only rules for everybody concern it. */
    public Optional<Match> match(Pod pod) {
        return known.computeIfAbsent(List.of(pod.name().namespace(), pod.labels(), pod.ports()), _ -> compute(pod));
    }

    private Optional<Match> compute(Pod pod) {
        Namespace namespace = namespaces.computeIfAbsent(pod.name().namespace(), this::namespace);
        int[] matched = terms.places().candidates(namespace.anchors(), pod.labels()).stream()
                .filter(position ->
                        terms.term(position) instanceof PeerTerm.Pods term && term.matches(pod, namespace.labels()))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return matched.length == 0 && !terms.ordered()
                ? Optional.empty()
                : Optional.of(Match.of(terms, matched, ports(pod, matched)));
    }

    private Namespace namespace(String name) {
        Labels labels = PolicyIndex.namespaceLabels(snapshot, name);
        return new Namespace(labels, TermPlaces.namespace(name, labels));
    }

    private List<Match.NamedPort> ports(Pod pod, int[] matched) {
        if (pod.ports().isEmpty()) {
            return List.of();
        }
        List<Match.NamedPort> ports = new ArrayList<>();
        for (int position : matched) {
            terms.names(position)
                    .forEach(named -> named.of(pod).forEach(range -> ports.add(new Match.NamedPort(named, range))));
        }
        return ports.stream()
                .distinct()
                .sorted(Comparator.comparing(Match.NamedPort::toString))
                .toList();
    }
}
