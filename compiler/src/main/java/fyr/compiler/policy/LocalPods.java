package fyr.compiler.policy;

import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The addresses of this node's pods: from CNI ADD where it has been, because the API server learns them later; otherwise from the status.
 * A pod on the network of its node, or one that has finished, has none here.
 */
final class LocalPods {

    private LocalPods() {}

    /** A local pod; {@code pod} is empty while the API server has not told us of it. */
    record LocalPod(NamespacedName name, Optional<Pod> pod, List<IpAddress> addresses) {

        /** Whether it is made of the same facts. */
        boolean sameAs(LocalPod other) {
            return this == other || pod.orElse(null) == other.pod.orElse(null) && addresses.equals(other.addresses);
        }
    }

    /** Addresses that attachments give to pods, by pod. */
    static SortedMap<NamespacedName, List<IpAddress>> attached(PersistentMap<String, Attachment> attachments) {
        SortedMap<NamespacedName, List<IpAddress>> addresses = new TreeMap<>();
        attachments.forEach((key, attachment) -> addresses
                .computeIfAbsent(attachment.pod(), pod -> new ArrayList<>())
                .addAll(attachment.addresses()));
        addresses.values().forEach(list -> list.sort(null));
        return addresses;
    }

    /** By name; one pass over all pods of the cluster. */
    static SortedMap<NamespacedName, LocalPod> of(
            ClusterSnapshot snapshot, String node, Map<NamespacedName, List<IpAddress>> attached) {
        SortedMap<NamespacedName, LocalPod> local = new TreeMap<>();
        attached.forEach((name, addresses) -> find(snapshot, name, addresses).ifPresent(pod -> local.put(name, pod)));
        snapshot.pods().forEach((name, pod) -> {
            if (pod.networked() && pod.node().filter(node::equals).isPresent() && !attached.containsKey(name)) {
                local.put(name, new LocalPod(name, Optional.of(pod), pod.addresses()));
            }
        });
        return local;
    }

    /** This pod if it is local, from the facts of this moment. */
    static Optional<LocalPod> of(
            ClusterSnapshot snapshot, String node, Map<NamespacedName, List<IpAddress>> attached, NamespacedName name) {
        List<IpAddress> addresses = attached.get(name);
        if (addresses != null) {
            return find(snapshot, name, addresses);
        }
        return snapshot.pods()
                .get(name)
                .filter(pod ->
                        pod.networked() && pod.node().filter(node::equals).isPresent())
                .map(pod -> new LocalPod(name, Optional.of(pod), pod.addresses()));
    }

    private static Optional<LocalPod> find(ClusterSnapshot snapshot, NamespacedName name, List<IpAddress> addresses) {
        Optional<Pod> pod = snapshot.pods().get(name);
        return pod.isPresent() && !PolicyIndex.selectable(pod.get())
                ? Optional.empty()
                : Optional.of(new LocalPod(name, pod, addresses));
    }

    /** Where peers find the pod: at the addresses of its status and of its attachments. */
    static List<IpAddress> peerAddresses(Pod pod, Map<NamespacedName, List<IpAddress>> attached) {
        List<IpAddress> here = attached.getOrDefault(pod.name(), List.of());
        if (here.isEmpty()) {
            return pod.addresses();
        }
        List<IpAddress> all = new ArrayList<>(here);
        all.addAll(pod.addresses());
        return all.stream().distinct().sorted(Comparator.naturalOrder()).toList();
    }
}
