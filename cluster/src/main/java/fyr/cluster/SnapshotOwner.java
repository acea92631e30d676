package fyr.cluster;

import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Service;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of what is known: takes the changes of all kinds from a queue and hands out snapshots, at once when it was idle, and a
 * burst as one. A full queue slows the watches down, and with them the server.
 */
final class SnapshotOwner implements Runnable {

    private static final int WAITING = 1 << 14;

    private final BlockingQueue<BooleanSupplier> queue = new ArrayBlockingQueue<>(WAITING);
    private final KindState<String, Node> nodes = new KindState<>(SnapshotOwner::ignore);
    private final KindState<String, Namespace> namespaces = new KindState<>(SnapshotOwner::ignore);
    private final KindState<NamespacedName, Pod> pods = new KindState<>(SnapshotOwner::ignore);
    private final KindState<NamespacedName, Service> services = new KindState<>(SnapshotOwner::ignore);
    private final KindState<NamespacedName, EndpointSlice> slices = new KindState<>(this::regroup);
    private final KindState<NamespacedName, NetworkPolicy> policies = new KindState<>(SnapshotOwner::ignore);
    private final List<KindState<?, ?>> kinds = List.of(nodes, namespaces, pods, services, slices, policies);

    private final Consumer<ClusterSnapshot> consumer;
    private final Duration interval;
    private PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slicesByService =
            PersistentMap.empty();

    SnapshotOwner(Consumer<ClusterSnapshot> consumer, Duration interval) {
        this.consumer = consumer;
        this.interval = interval;
    }

    KindState<String, Node> nodes() {
        return nodes;
    }

    KindState<String, Namespace> namespaces() {
        return namespaces;
    }

    KindState<NamespacedName, Pod> pods() {
        return pods;
    }

    KindState<NamespacedName, Service> services() {
        return services;
    }

    KindState<NamespacedName, EndpointSlice> slices() {
        return slices;
    }

    KindState<NamespacedName, NetworkPolicy> policies() {
        return policies;
    }

    /** Hands a change over, from any thread; waits while the queue is full. An interrupted thread ends soon, and its change with it. */
    <K, V> void offer(KindState<K, V> state, Change<K, V> change) {
        try {
            queue.put(() -> state.apply(change));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean changed = drain(queue.take());
                if (changed && kinds.stream().allMatch(KindState::listed)) {
                    consumer.accept(snapshot());
                    Thread.sleep(interval);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean drain(BooleanSupplier first) {
        List<BooleanSupplier> changes = new ArrayList<>();
        changes.add(first);
        queue.drainTo(changes);
        boolean changed = false;
        for (BooleanSupplier change : changes) {
            changed |= change.getAsBoolean();
        }
        return changed;
    }

    private ClusterSnapshot snapshot() {
        return new ClusterSnapshot(
                nodes.objects(),
                namespaces.objects(),
                pods.objects(),
                services.objects(),
                slicesByService,
                policies.objects());
    }

    private static <K, V> void ignore(K key, @Nullable V before, @Nullable V after) {}

    /** A slice may change its service, though hardly ever; a service without slices has no entry. */
    private void regroup(NamespacedName key, @Nullable EndpointSlice before, @Nullable EndpointSlice after) {
        if (before != null && (after == null || !after.service().equals(before.service()))) {
            PersistentMap<NamespacedName, EndpointSlice> rest = group(before).without(key);
            slicesByService = rest.isEmpty()
                    ? slicesByService.without(before.service())
                    : slicesByService.with(before.service(), rest);
        }
        if (after != null) {
            slicesByService = slicesByService.with(after.service(), group(after).with(key, after));
        }
    }

    private PersistentMap<NamespacedName, EndpointSlice> group(EndpointSlice slice) {
        return slicesByService.get(slice.service()).orElse(PersistentMap.empty());
    }
}
