package fyr.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.observation.Observation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows a cluster: Nodes, Namespaces, Pods, Services, EndpointSlices, NetworkPolicies and ServiceCIDRs, with a virtual thread for each watch. The first
 * snapshot comes when all of them have been listed; then one after every change, at most one in 5 ms. If the server is lost, only
 * observations report it; what has not changed is the same instance before and after.
 */
public final class ClusterWatch implements AutoCloseable {

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final Watches watches;
    private final InstantSource clock;
    private final Thread thread;

    private ClusterWatch(Watches watches, InstantSource clock, Thread thread) {
        this.watches = watches;
        this.clock = clock;
        this.thread = thread;
    }

    /**
     * Starts to follow the whole cluster. Returns at once; the caller closes the client, after closing this.
     *
     * @param snapshots called on one thread of its own, with one snapshot after the other; during a call, changes are collected for the
     *     next snapshot; if it throws, it is called again after a second
     * @param observations called on several threads: watches lost and found, and objects that cannot be true
     */
    public static ClusterWatch start(
            ApiClient client, Consumer<ClusterSnapshot> snapshots, Consumer<Observation> observations) {
        return start(client, snapshots, observations, Pace.standard());
    }

    /**
     * Starts to follow what concerns a node. Its pods are its own, and those of other nodes that policies in the namespaces of its own pods
     * refer to. A policy that refers to pods that are not known yet is included as soon as they are known, and after ten seconds in any
     * case.
     */
    public static ClusterWatch start(
            ApiClient client,
            String node,
            PodDemand demand,
            Consumer<ClusterSnapshot> snapshots,
            Consumer<Observation> observations) {
        return start(client, node, demand, snapshots, observations, Pace.standard());
    }

    static ClusterWatch start(
            ApiClient client, Consumer<ClusterSnapshot> snapshots, Consumer<Observation> observations, Pace pace) {
        Watches watches = new Watches(client, observations, pace);
        SnapshotOwner owner =
                new SnapshotOwner(snapshots, pace, (_, _, _) -> () -> {}, (_, _) -> Collections.emptySortedSet());
        follow(watches, owner);
        watches.start(Kind.POD, owner.ownPods(), Duration.ZERO, change -> owner.offerPods(owner.ownPods(), change));
        return running(watches, owner, pace);
    }

    static ClusterWatch start(
            ApiClient client,
            String node,
            PodDemand demand,
            Consumer<ClusterSnapshot> snapshots,
            Consumer<Observation> observations,
            Pace pace) {
        Watches watches = new Watches(client, observations, pace);
        SnapshotOwner owner = new SnapshotOwner(
                snapshots,
                pace,
                (asking, scope, state) -> {
                    Duration delay =
                            asking.given() ? delay(asking.nodes().objects().size(), pace) : Duration.ZERO;
                    Thread thread = watches.start(
                            Kind.pods(scope),
                            state,
                            delay,
                            change -> asking.offerPods(state, PodWatches.remote(change, node)));
                    return thread::interrupt;
                },
                demand);
        follow(watches, owner);
        watches.start(
                Kind.podsOfNode(node),
                owner.ownPods(),
                Duration.ZERO,
                change -> owner.offerPods(owner.ownPods(), change));
        return running(watches, owner, pace);
    }

    /** All nodes receive a new policy at the same moment, and may all need to list the same pods. */
    private static Duration delay(int nodes, Pace pace) {
        Duration most = Duration.ofMillis(nodes);
        long nanoseconds = (most.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : most).toNanos();
        return Duration.ofNanos(pace.random().nextLong(nanoseconds + 1));
    }

    private static void follow(Watches watches, SnapshotOwner owner) {
        follow(watches, owner, Kind.NODE, owner.nodes());
        follow(watches, owner, Kind.NAMESPACE, owner.namespaces());
        follow(watches, owner, Kind.SERVICE, owner.services());
        follow(watches, owner, Kind.ENDPOINT_SLICE, owner.slices());
        follow(watches, owner, Kind.NETWORK_POLICY, owner.policies());
        follow(watches, owner, Kind.SERVICE_CIDR, owner.serviceCidrs());
    }

    private static <K, V> void follow(Watches watches, SnapshotOwner owner, Kind<K, V> kind, KindState<K, V> state) {
        watches.start(kind, state, Duration.ZERO, change -> owner.offer(state, change));
    }

    private static ClusterWatch running(Watches watches, SnapshotOwner owner, Pace pace) {
        Thread thread = Thread.ofPlatform().daemon().name("cluster").start(owner);
        return new ClusterWatch(watches, pace.clock(), thread);
    }

    /**
     * How long ago the watch that waits longest heard a word. With all well that is little more than a minute: the server sends bookmarks
     * (beyond two minutes a silent watch is given up). A watch that has not listed what there is counts from its start.
     */
    public Optional<Duration> silence() {
        return watches.oldestWord().map(word -> Duration.between(word, clock.instant()));
    }

    /** Ends all watches and waits for a snapshot that is being processed; none follows. Must not be called from the snapshot consumer. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(); // it starts no watch any more
            watches.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
