package fyr.compiler.policy.pods;

import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.policy.PolicyIndex;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The pods that differ between two snapshots, in themselves or in the labels of their namespaces. */
public record PodChanges(Set<NamespacedName> pods, Set<NamespacedName> inChangedNamespaces) {

    /** The difference of two snapshots. */
    public static PodChanges between(ClusterSnapshot before, ClusterSnapshot after) {
        Set<NamespacedName> pods = new TreeSet<>();
        after.pods().differences(before.pods(), (name, was, is) -> pods.add(name));
        Set<String> namespaces = new HashSet<>();
        after.namespaces().differences(before.namespaces(), (name, was, is) -> {
            if (!PolicyIndex.namespaceLabels(before, name).equals(PolicyIndex.namespaceLabels(after, name))) {
                namespaces.add(name);
            }
        });
        Set<NamespacedName> inNamespaces = new TreeSet<>();
        if (!namespaces.isEmpty()) {
            after.pods().forEach((name, pod) -> {
                if (namespaces.contains(name.namespace())) {
                    inNamespaces.add(name);
                }
            });
        }
        return new PodChanges(pods, inNamespaces);
    }

    /** The pods that changed, or whose attachments did. */
    public Set<NamespacedName> withAttachments(Attached before, Attached after) {
        Set<NamespacedName> all = new TreeSet<>(pods);
        if (before != after) {
            before.addresses().forEach((key, addresses) -> addIfDifferent(all, key, addresses, after));
            after.addresses().forEach((key, addresses) -> addIfDifferent(all, key, addresses, before));
        }
        return all;
    }

    private static void addIfDifferent(
            Set<NamespacedName> all, Attached.Key key, List<IpAddress> addresses, Attached others) {
        if (!Objects.equals(others.addresses().get(key), addresses)) {
            all.add(key.name());
        }
    }
}
