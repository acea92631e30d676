package fyr.compiler.policy.pods;

import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which addresses this node gave to which pods. A pod object of the API server counts for an attachment only if it is about the very pod
 * that was attached: the name of a StatefulSet's pod may also belong to the previous pod or the next one. An attachment without a name is
 * left out, because nothing can be known about its pod.
 */
public record Attached(SortedMap<Key, List<IpAddress>> addresses, Map<IpAddress, Key> owners) {

    /** A pod among those that have or had its name; {@code uid} is the one of {@link PodUid}. */
    public record Key(NamespacedName name, long uid) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : Long.compare(uid, other.uid);
        }
    }

    /** The addresses of these attachments. */
    public static Attached of(PersistentMap<String, Attachment> attachments) {
        Attached attached = new Attached(new TreeMap<>(), new HashMap<>());
        attachments.forEach((_, attachment) -> {
            if (!attachment.pod().name().isEmpty()) {
                attached.add(new Key(attachment.pod(), attachment.podUid()), attachment.addresses());
            }
        });
        attached.addresses.values().forEach(list -> list.sort(null));
        return attached;
    }

    private void add(Key key, List<IpAddress> more) {
        addresses.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(more);
        // If two attachments have one address, which should not happen, the result does not depend on the order in
        // which they came.
        more.forEach(address -> owners.merge(address, key, (one, other) -> one.compareTo(other) <= 0 ? one : other));
    }

    /** The attachments of this name, whatever their UIDs. */
    public SortedMap<Key, List<IpAddress>> named(NamespacedName name) {
        return addresses.subMap(
                new Key(name, Long.MIN_VALUE),
                new Key(new NamespacedName(name.namespace(), name.name() + "\0"), Long.MIN_VALUE));
    }

    /** Whether this pod is attached. */
    public boolean contains(Key key) {
        return addresses.containsKey(key);
    }

    /** Whether the pod of the API server is the one attached here. */
    public boolean contains(Pod pod) {
        return named(pod.name()).keySet().stream().anyMatch(key -> PodUid.agree(key.uid(), pod.uid()));
    }

    /**
     * What the API server says about an attached pod. Empty if it is about another pod, or cannot be true of an attached pod (that it has
     * finished, or uses its node's network): then only the address of the pod is certain.
     */
    public static Optional<Pod> facts(ClusterSnapshot snapshot, Key key) {
        return snapshot.pods()
                .get(key.name())
                .filter(PolicyIndex::selectable)
                .filter(pod -> PodUid.agree(key.uid(), pod.uid()));
    }

    /** The addresses that were given to this pod object. */
    public List<IpAddress> addresses(Pod pod) {
        List<IpAddress> all = new ArrayList<>();
        named(pod.name()).forEach((key, list) -> {
            if (PodUid.agree(key.uid(), pod.uid())) {
                all.addAll(list);
            }
        });
        return all;
    }
}
