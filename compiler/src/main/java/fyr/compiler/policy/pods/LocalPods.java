package fyr.compiler.policy.pods;

import fyr.compiler.policy.pods.Attached.Key;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The addresses of this node's pods. From CNI ADD to DEL they are those of the attachment, whatever the API server says, because the API
 * server learns them later; otherwise those of the status. A pod on its node's network or one that has finished has none in the latter
 * case.
 */
public final class LocalPods {

    private LocalPods() {}

    /** A local pod; {@code pod} is empty while the API server has not reported it, or reports another pod of the same name. */
    public record LocalPod(Key key, Optional<Pod> pod, List<IpAddress> addresses) {

        /** The pod's name. */
        public NamespacedName name() {
            return key.name();
        }

        /** Whether it is made from the same facts. */
        public boolean sameAs(LocalPod other) {
            return this == other || pod.orElse(null) == other.pod.orElse(null) && addresses.equals(other.addresses);
        }
    }

    /** By name; takes one pass over all pods of the cluster. */
    public static SortedMap<Key, LocalPod> of(ClusterSnapshot snapshot, String node, Attached attached) {
        SortedMap<Key, LocalPod> local = new TreeMap<>();
        attached.addresses().forEach((key, addresses) -> local.put(key, attached(snapshot, key, addresses)));
        snapshot.pods()
                .forEach((_, pod) -> byStatus(pod, node, attached).ifPresent(found -> local.put(found.key(), found)));
        return local;
    }

    /** The local pods of this name, from the current facts: more than one if one was attached before the other was detached. */
    public static List<LocalPod> of(ClusterSnapshot snapshot, String node, Attached attached, NamespacedName name) {
        List<LocalPod> local = new ArrayList<>();
        attached.named(name).forEach((key, addresses) -> local.add(attached(snapshot, key, addresses)));
        snapshot.pods().get(name).flatMap(pod -> byStatus(pod, node, attached)).ifPresent(local::add);
        return local;
    }

    private static LocalPod attached(ClusterSnapshot snapshot, Key key, List<IpAddress> addresses) {
        return new LocalPod(key, Attached.facts(snapshot, key), addresses);
    }

    private static Optional<LocalPod> byStatus(Pod pod, String node, Attached attached) {
        return pod.networked() && pod.node().filter(node::equals).isPresent() && !attached.contains(pod)
                ? Optional.of(new LocalPod(new Key(pod.name(), pod.uid()), Optional.of(pod), pod.addresses()))
                : Optional.empty();
    }

    /** Where peers find the pod: the addresses of its status and of its attachments. */
    public static List<IpAddress> peerAddresses(Pod pod, Attached attached) {
        List<IpAddress> here = attached.addresses(pod);
        if (here.isEmpty()) {
            return pod.addresses();
        }
        List<IpAddress> all = new ArrayList<>(here);
        all.addAll(pod.addresses());
        return all.stream().distinct().sorted(Comparator.naturalOrder()).toList();
    }
}
