package fyr.cluster;

import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.Service;
import fyr.model.ServiceCidr;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the known state: takes the changes of all kinds from a queue and publishes snapshots, at once if it was idle, and a
 * burst as one snapshot. A full queue slows down the watches, and through them the server.
 */
final class SnapshotOwner implements Runnable {

    private static final System.Logger LOG = System.getLogger("fyr.cluster");
    private static final int WAITING = 1 << 14;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final BlockingQueue<BooleanSupplier> queue = new ArrayBlockingQueue<>(WAITING);
    private final KindState<String, Node> nodes = new KindState<>(SnapshotOwner::ignore);
    private final KindState<String, Namespace> namespaces = new KindState<>(SnapshotOwner::ignore);
    private final KindState<NamespacedName, Service> services = new KindState<>(SnapshotOwner::ignore);
    private final KindState<NamespacedName, EndpointSlice> slices = new KindState<>(this::regroup);
    private final KindState<NamespacedName, NetworkPolicy> policies = new KindState<>(SnapshotOwner::ignore);
    private final KindState<String, ServiceCidr> serviceCidrs = new KindState<>(SnapshotOwner::ignore);
    private final List<KindState<?, ?>> kinds = List.of(nodes, namespaces, services, slices, policies, serviceCidrs);

    private final Consumer<ClusterSnapshot> consumer;
    private final Duration interval;
    private final InstantSource clock;
    private final PodWatches pods;
    private final PolicyPods policyPods;
    private boolean owed;
    private boolean given;
    private PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slicesByService =
            PersistentMap.empty();

    /** Starts watches of pods of other nodes. */
    @FunctionalInterface
    interface RemotePods {
        /** Starts the watch of a scope for this owner; returns what ends it. */
        Runnable start(SnapshotOwner owner, PodScope scope, KindState<NamespacedName, Pod> state);
    }

    /**
     * @param demand which pods of other nodes policies refer to; none if {@code pods} knows all pods anyway
     */
    SnapshotOwner(Consumer<ClusterSnapshot> consumer, Pace pace, RemotePods remote, PodDemand demand) {
        this.consumer = consumer;
        this.interval = pace.interval();
        this.clock = pace.clock();
        this.pods = new PodWatches((scope, state) -> remote.start(this, scope, state));
        this.policyPods = new PolicyPods(pods, demand);
    }

    KindState<NamespacedName, Pod> ownPods() {
        return pods.own();
    }

    KindState<String, Node> nodes() {
        return nodes;
    }

    /** Whether a snapshot was published, or could have been. Used on its own thread. */
    boolean given() {
        return given;
    }

    KindState<String, Namespace> namespaces() {
        return namespaces;
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

    KindState<String, ServiceCidr> serviceCidrs() {
        return serviceCidrs;
    }

    /**
     * Passes a change on, from any thread; waits while the queue is full. An interrupted thread ends soon, and its change is lost with it.
     */
    <K, V> void offer(KindState<K, V> state, Change<K, V> change) {
        put(() -> state.apply(change));
    }

    /** The same for pods. */
    void offerPods(KindState<NamespacedName, Pod> state, Change<NamespacedName, Pod> change) {
        put(() -> pods.apply(state, change));
    }

    private void put(BooleanSupplier change) {
        try {
            queue.put(change);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                take();
                if (heard() && owed) {
                    owed = !handedOut();
                    Thread.sleep(interval);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            throw new AssertionError("a change was lost: what is known of the cluster cannot be relied on", e);
        }
    }

    /**
     * Whether everything that the first snapshot must contain was received, and the pods that policies refer to; starts the watches for
     * what is missing.
     */
    private boolean heard() {
        if (!kinds.stream().allMatch(KindState::listed) || !pods.own().listed()) {
            return false;
        }
        owed |= policyPods.follow(policies.objects(), namespaces.objects(), clock.instant(), given);
        given |= pods.heard();
        return given;
    }

    /**
     * Waits for a change and takes it together with all that are queued behind it; waits only briefly while a snapshot is pending or a time
     * limit is running.
     */
    private void take() throws InterruptedException {
        List<BooleanSupplier> changes = new ArrayList<>();
        if (owed || policyPods.waits()) {
            Optional.ofNullable(queue.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS))
                    .ifPresent(changes::add);
        } else {
            changes.add(queue.take());
        }
        queue.drainTo(changes);
        for (BooleanSupplier change : changes) {
            owed |= change.getAsBoolean();
        }
    }

    /** A consumer that throws is called again: if this thread ended, the node would stay as it is for ever and look healthy. */
    private boolean handedOut() {
        try {
            consumer.accept(snapshot());
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a snapshot was not taken and is handed out again", e);
            return false;
        }
    }

    private ClusterSnapshot snapshot() {
        return ClusterSnapshot.empty()
                .withNodes(nodes.objects())
                .withNamespaces(namespaces.objects())
                .withPods(pods.pods())
                .withServices(services.objects())
                .withEndpointSlices(slicesByService)
                .withPolicies(policyPods.published())
                .withServiceCidrs(serviceCidrs.objects());
    }

    private static <K, V> void ignore(K key, @Nullable V before, @Nullable V after) {}

    /** A slice may move to another service, which is rare; a service without slices has no entry. */
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
