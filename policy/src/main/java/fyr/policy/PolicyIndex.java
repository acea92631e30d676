package fyr.policy;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.Pod;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The NetworkPolicies of a cluster by namespace, and which of them select a pod. Immutable; safe on any thread. */
public final class PolicyIndex {

    private static final String METADATA_NAME = "kubernetes.io/metadata.name";

    private final Map<String, List<NetworkPolicy>> byNamespace;
    private final Map<Mention, List<NetworkPolicy>> mentions = new HashMap<>();

    /** A label that the podSelectors of a namespace's policies require. */
    private record Mention(String namespace, String key) {}

    private PolicyIndex(Map<String, List<NetworkPolicy>> byNamespace) {
        this.byNamespace = byNamespace;
        byNamespace.forEach((namespace, policies) ->
                policies.forEach(policy -> policy.podSelector().requirements().stream()
                        .map(requirement -> new Mention(namespace, requirement.key()))
                        .distinct()
                        .forEach(mention -> mentions.computeIfAbsent(mention, _ -> new ArrayList<>())
                                .add(policy))));
    }

    /** All policies of the tier of NetworkPolicy, indexed in one pass. */
    public static PolicyIndex of(Tiers tiers) {
        return of(tiers, namespace -> true);
    }

    /** Those of some namespaces, indexed in one pass over all policies. */
    public static PolicyIndex of(Tiers tiers, Predicate<String> namespaces) {
        Map<String, List<NetworkPolicy>> grouped = new HashMap<>();
        tiers.networkPolicies().forEach((name, policy) -> {
            if (namespaces.test(name.namespace())) {
                grouped.computeIfAbsent(name.namespace(), key -> new ArrayList<>())
                        .add(policy);
            }
        });
        grouped.values().forEach(list -> list.sort(Comparator.comparing(NetworkPolicy::name)));
        return new PolicyIndex(grouped);
    }

    /** The policies of a namespace in ascending order of their names. */
    public List<NetworkPolicy> in(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    /** The policies that select the pod, in ascending order of their names. */
    public List<NetworkPolicy> selecting(Pod pod) {
        List<NetworkPolicy> selecting = new ArrayList<>();
        if (selectable(pod)) {
            for (NetworkPolicy policy : in(pod.name().namespace())) {
                if (policy.podSelector().matches(pod.labels())) {
                    selecting.add(policy);
                }
            }
        }
        return selecting;
    }

    /**
     * Whether the same policies of the namespace select pods with either set of labels; checks only policies that mention labels that
     * differ.
     */
    public boolean selectAlike(String namespace, Labels before, Labels after) {
        Set<String> keys = new HashSet<>(before.values().keySet());
        keys.addAll(after.values().keySet());
        keys.removeIf(key -> before.get(key).equals(after.get(key)));
        return keys.stream()
                .flatMap(key -> mentions.getOrDefault(new Mention(namespace, key), List.of()).stream())
                .allMatch(policy -> policy.podSelector().matches(before)
                        == policy.podSelector().matches(after));
    }

    /**
     * Whether selectors apply to the pod at all. A pod on its node's network counts as its node (the second of the two behaviours that the
     * documentation of NetworkPolicy allows), and the address of a finished pod may already belong to another pod.
     */
    public static boolean selectable(Pod pod) {
        return !pod.hostNetwork() && !pod.finished();
    }

    /** The labels of a namespace including the one that the API server gives to every namespace (KEP 2161), even if manifests omit it. */
    public static Labels namespaceLabels(ClusterSnapshot snapshot, String namespace) {
        return namespaceLabels(snapshot.namespaces(), namespace);
    }

    /** The same index without the rest of the cluster. */
    public static Labels namespaceLabels(PersistentMap<String, Namespace> namespaces, String namespace) {
        Labels labels = namespaces.get(namespace).map(found -> found.labels()).orElse(Labels.none());
        if (labels.get(METADATA_NAME).isPresent()) {
            return labels;
        }
        Map<String, String> complete = new TreeMap<>(labels.values());
        complete.put(METADATA_NAME, namespace);
        return Labels.of(complete);
    }
}
