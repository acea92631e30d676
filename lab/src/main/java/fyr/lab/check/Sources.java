package fyr.lab.check;

import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.Pod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The possible sources in a lab: its running pods, its nodes, pods on the network of their node, and the machine outside. */
record Sources(ClusterSnapshot snapshot, Places places) {

    /** Sources inside the cluster with matching names, ordered by name. */
    List<Source> inside(Predicate<String> wanted) {
        List<Source> sources = new ArrayList<>();
        for (Pod pod : snapshot.pods().sorted(places.pods()::containsKey).values()) {
            Path network = Optional.ofNullable(places.pods().get(pod.name())).orElseThrow();
            if (!wanted.test(pod.name().toString()) || pod.finished()) {
                continue;
            }
            if (pod.networked()) {
                sources.add(new Source.OfPod(pod, network));
            } else if (pod.hostNetwork()) {
                pod.node()
                        .flatMap(snapshot.nodes()::get)
                        .ifPresent(
                                node -> sources.add(new Source.OfNode(pod.name().toString(), node, network)));
            }
        }
        for (Node node : nodes()) {
            String name = "node:" + node.name();
            if (wanted.test(name)) {
                sources.add(new Source.OfNode(
                        name,
                        node,
                        Optional.ofNullable(places.nodes().get(node.name())).orElseThrow()));
            }
        }
        return sources;
    }

    /** The machine outside, once for each node that it may connect to. */
    List<Source.Outside> outside(Predicate<String> wanted) {
        return wanted.test(Source.Outside.NAME)
                ? nodes().stream()
                        .map(node -> new Source.Outside(places.outside(), places.outsideAddresses(), node))
                        .toList()
                : List.of();
    }

    private List<Node> nodes() {
        return List.copyOf(snapshot.nodes().sorted(places.nodes()::containsKey).values());
    }

    /** Pods with matching names that cannot be sources, with the reason. */
    List<String> absent(Predicate<String> wanted) {
        return snapshot.pods().sorted(name -> !places.pods().containsKey(name)).keySet().stream()
                .map(Object::toString)
                .filter(wanted)
                .toList();
    }
}
