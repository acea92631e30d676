package fyr.compiler.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Pod;
import fyr.model.policy.LabelSelector;
import fyr.policy.PeerTerm;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds which terms pods match. Terms are sorted out for a namespace once, by the label value that a pod must have to match them, so that
 * many pods against many terms cost their matches and not their product.
 */
final class PodMatcher {

    private final ClusterSnapshot snapshot;
    private final Terms terms;
    private final Map<String, Candidates> namespaces = new HashMap<>();

    PodMatcher(ClusterSnapshot snapshot, Terms terms) {
        this.snapshot = snapshot;
        this.terms = terms;
    }

    private record Value(String key, String value) {}

    /** The terms that pods of one namespace may match: those behind a label value, and those of which nothing is known before. */
    private record Candidates(Map<Value, List<Integer>> anchored, List<Integer> others, Map<List<Object>, Optional<Match>> known) {}

    /** What the pod matches; empty if no term, and then no rule but one for everybody concerns it. */
    Optional<Match> match(Pod pod) {
        if (!PolicyIndex.selectable(pod)) {
            return Optional.empty();
        }
        Candidates candidates = namespaces.computeIfAbsent(pod.name().namespace(), this::candidates);
        if (candidates.anchored().isEmpty() && candidates.others().isEmpty()) {
            return Optional.empty();
        }
        return candidates.known().computeIfAbsent(List.of(pod.labels(), pod.ports()), key -> match(pod, candidates));
    }

    private Optional<Match> match(Pod pod, Candidates candidates) {
        Set<Integer> matched = new HashSet<>();
        collect(pod, candidates.others(), matched);
        pod.labels()
                .values()
                .forEach((key, value) ->
                        collect(pod, candidates.anchored().getOrDefault(new Value(key, value), List.of()), matched));
        if (matched.isEmpty()) {
            return Optional.empty();
        }
        int[] sorted = matched.stream().mapToInt(Integer::intValue).sorted().toArray();
        return Optional.of(new Match(terms, sorted, ports(pod, sorted)));
    }

    private void collect(Pod pod, List<Integer> candidates, Set<Integer> matched) {
        for (int position : candidates) {
            if (((PeerTerm.Pods) terms.term(position)).pods().matches(pod.labels())) {
                matched.add(position);
            }
        }
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

    private Candidates candidates(String namespace) {
        Labels labels = PolicyIndex.namespaceLabels(snapshot, namespace);
        Candidates candidates = new Candidates(new HashMap<>(), new ArrayList<>(), new HashMap<>());
        for (int position = 0; position < terms.size(); position++) {
            if (terms.term(position) instanceof PeerTerm.Pods pods && pods.matchesNamespace(namespace, labels)) {
                add(candidates, position, pods.pods());
            }
        }
        return candidates;
    }

    private static void add(Candidates candidates, int position, LabelSelector selector) {
        Optional<LabelSelector.Requirement> anchor = selector.requirements().stream()
                .filter(requirement -> requirement.operator() == LabelSelector.Operator.IN)
                .findFirst();
        if (anchor.isEmpty()) {
            candidates.others().add(position);
            return;
        }
        for (String value : anchor.get().values()) {
            candidates
                    .anchored()
                    .computeIfAbsent(new Value(anchor.get().key(), value), key -> new ArrayList<>())
                    .add(position);
        }
    }
}
