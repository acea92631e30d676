package fyr.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.KindWatch;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.observation.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows a cluster: Nodes, Namespaces, Pods, Services, EndpointSlices and NetworkPolicies, one virtual thread each. The first snapshot
 * comes when all of them have been listed; then one after every change, at most one in 5 ms. Loss of the server changes nothing but
 * the observations; what did not change is the same instance before and after.
 */
public final class ClusterWatch implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private final List<KindWatch<?, ?>> watches = new ArrayList<>();
    private final SnapshotOwner owner;

    private final InstantSource clock;

    private ClusterWatch(SnapshotOwner owner, InstantSource clock) {
        this.owner = owner;
        this.clock = clock;
    }

    /**
     * Starts to follow. Returns at once; the client stays the caller's to close, after this.
     *
     * @param snapshots called on one thread of its own, one snapshot after the other; while it works, changes gather into the next;
     *     if it throws, it is given a snapshot again after a second
     * @param observations called on several threads: watches lost and found, and objects that cannot be true
     */
    public static ClusterWatch start(
            ApiClient client, Consumer<ClusterSnapshot> snapshots, Consumer<Observation> observations) {
        return start(client, snapshots, observations, Pace.standard());
    }

    static ClusterWatch start(
            ApiClient client, Consumer<ClusterSnapshot> snapshots, Consumer<Observation> observations, Pace pace) {
        SnapshotOwner owner = new SnapshotOwner(snapshots, pace.interval());
        ClusterWatch watch = new ClusterWatch(owner, pace.clock());
        watch.threads.add(Thread.ofPlatform().daemon().name("cluster").start(owner));
        watch.follow(Kind.NODE, owner.nodes(), client, observations, pace);
        watch.follow(Kind.NAMESPACE, owner.namespaces(), client, observations, pace);
        watch.follow(Kind.POD, owner.pods(), client, observations, pace);
        watch.follow(Kind.SERVICE, owner.services(), client, observations, pace);
        watch.follow(Kind.ENDPOINT_SLICE, owner.slices(), client, observations, pace);
        watch.follow(Kind.NETWORK_POLICY, owner.policies(), client, observations, pace);
        return watch;
    }

    private <K, V> void follow(
            Kind<K, V> kind, KindState<K, V> state, ApiClient client, Consumer<Observation> observations, Pace pace) {
        Consumer<Change<K, V>> changes = change -> owner.offer(state, change);
        KindWatch<K, V> watch = new KindWatch<>(kind, client, state::known, changes, observations, pace);
        watches.add(watch);
        threads.add(Thread.ofVirtual().name("watch-" + kind.name()).start(watch));
    }

    /**
     * How long ago the watch that waits longest heard a word. With all well that is little more than a minute: the server sends bookmarks
     * (beyond two minutes a silent watch is given up). Empty before all kinds were listed.
     */
    public Optional<Duration> silence() {
        List<Instant> words =
                watches.stream().flatMap(watch -> watch.lastWord().stream()).toList();
        return words.size() < watches.size()
                ? Optional.empty()
                : words.stream().min(Comparator.naturalOrder()).map(word -> Duration.between(word, clock.instant()));
    }

    /** Ends all watches and waits for a snapshot that is being worked on; none follows. Not to be called from the snapshot consumer. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
