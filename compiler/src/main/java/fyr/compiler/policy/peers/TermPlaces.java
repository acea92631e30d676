package fyr.compiler.policy.peers;

import fyr.model.Labels;
import fyr.model.policy.LabelSelector;
import fyr.policy.PeerTerm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where to look for the terms that a pod may match. A term is put where its namespace and its pods must lead: the name or one label of the
 * namespace, one label of the pod, or anywhere. A pod looks in the few places its namespace and its labels lead to, so that many pods
 * against many terms cost their matches and not their product. Made once with the terms.
 */
final class TermPlaces {

    /** A label and its value. The name of a namespace is a label without a key; {@link #ANYWHERE} has neither. */
    record Anchor(String key, String value) {}

    private record Place(Anchor namespace, Anchor pod) {}

    private static final Anchor ANYWHERE = new Anchor("", "");

    private final Map<Place, List<Integer>> positions = new HashMap<>();

    void put(int position, PeerTerm.Pods term) {
        List<Anchor> namespaces =
                term.namespace().map(name -> List.of(new Anchor("", name))).orElseGet(() -> anchors(term.namespaces()));
        for (Anchor namespace : namespaces) {
            for (Anchor pod : anchors(term.pods())) {
                positions
                        .computeIfAbsent(new Place(namespace, pod), _ -> new ArrayList<>())
                        .add(position);
            }
        }
    }

    /** What a selector asks for first: one of several values, of which an object has one at most. So it meets a term once. */
    private static List<Anchor> anchors(LabelSelector selector) {
        Optional<LabelSelector.Requirement> first = selector.requirements().stream()
                .filter(requirement -> requirement.operator() == LabelSelector.Operator.IN)
                .findFirst();
        return first.map(in -> in.values().stream()
                        .map(value -> new Anchor(in.key(), value))
                        .toList())
                .orElse(List.of(ANYWHERE));
    }

    /** Where a namespace leads. */
    static List<Anchor> namespace(String name, Labels labels) {
        List<Anchor> anchors = labels(labels);
        anchors.add(new Anchor("", name));
        return anchors;
    }

    private static List<Anchor> labels(Labels labels) {
        List<Anchor> anchors = new ArrayList<>();
        anchors.add(ANYWHERE);
        labels.values().forEach((key, value) -> anchors.add(new Anchor(key, value)));
        return anchors;
    }

    /** Terms that pods with these labels, in a namespace that leads there, may match. */
    List<Integer> candidates(List<Anchor> namespace, Labels pod) {
        List<Integer> candidates = new ArrayList<>();
        for (Anchor label : labels(pod)) {
            for (Anchor anchor : namespace) {
                candidates.addAll(positions.getOrDefault(new Place(anchor, label), List.of()));
            }
        }
        return candidates;
    }
}
