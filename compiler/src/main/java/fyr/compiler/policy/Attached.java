package fyr.compiler.policy;

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
 * Which addresses this node gave to which pods. What the API server says of a pod counts for an attachment only if it is said of the very
 * pod that was attached: under the name of a StatefulSet's pod there may be the one before, or the next. An attachment without a name is
 * left out: nothing could ever be said of it.
 */
record Attached(SortedMap<Key, List<IpAddress>> addresses, Map<IpAddress, Key> owners) {

    /** A pod among those that have or had its name; {@code uid} as {@link PodUid} has it. */
    record Key(NamespacedName name, long uid) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : Long.compare(uid, other.uid);
        }
    }

    static Attached of(PersistentMap<String, Attachment> attachments) {
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
        // Of two attachments with one address, which cannot be, neither depends on the order in which they came.
        more.forEach(address -> owners.merge(address, key, (one, other) -> one.compareTo(other) <= 0 ? one : other));
    }

    /** Those of this name, whatever their UIDs. */
    SortedMap<Key, List<IpAddress>> named(NamespacedName name) {
        return addresses.subMap(
                new Key(name, Long.MIN_VALUE),
                new Key(new NamespacedName(name.namespace(), name.name() + "\0"), Long.MIN_VALUE));
    }

    boolean contains(Key key) {
        return addresses.containsKey(key);
    }

    /** Whether the pod of the API server is attached here. */
    boolean contains(Pod pod) {
        return named(pod.name()).keySet().stream().anyMatch(key -> PodUid.agree(key.uid(), pod.uid()));
    }

    /**
     * What the API server says of an attached pod. Nothing if it speaks of another pod, or says what cannot be true of one that is attached
     * (that it has finished, or uses its node's network): then only this is certain, that the pod has the address.
     */
    static Optional<Pod> facts(ClusterSnapshot snapshot, Key key) {
        return snapshot.pods()
                .get(key.name())
                .filter(PolicyIndex::selectable)
                .filter(pod -> PodUid.agree(key.uid(), pod.uid()));
    }

    /** The addresses that were given to this pod, as the API server has it. */
    List<IpAddress> addresses(Pod pod) {
        List<IpAddress> all = new ArrayList<>();
        named(pod.name()).forEach((key, list) -> {
            if (PodUid.agree(key.uid(), pod.uid())) {
                all.addAll(list);
            }
        });
        return all;
    }
}
