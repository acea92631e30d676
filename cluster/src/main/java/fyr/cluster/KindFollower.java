package fyr.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.KindWatch;
import fyr.cluster.watch.Pace;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows one kind of object that snapshots of the cluster do not contain. What was heard last stays valid while the server is away. Safe on
 * any thread.
 */
public final class KindFollower<K, V> implements AutoCloseable {

    private final KindState<K, V> state = new KindState<>((_, _, _) -> {});
    private final Thread thread;
    private volatile boolean listed;

    private KindFollower(ApiClient client, Kind<K, V> kind, Runnable changed, Consumer<Observation> observer) {
        KindWatch<K, V> watch = new KindWatch<>(
                kind,
                client,
                state::known,
                change -> {
                    boolean isNews = state.apply(change);
                    listed = state.listed();
                    if (isNews) {
                        changed.run();
                    }
                },
                observer,
                Pace.standard());
        thread = Thread.ofVirtual().name("watch-" + kind.name()).unstarted(() -> {
            watch.run();
            watch.withdraw();
        });
    }

    /**
     * A follower that does nothing before {@link #start}; the caller closes the client, after closing this.
     *
     * @param changed called on a thread of its own after each change; must not take long
     */
    public static <K, V> KindFollower<K, V> of(
            ApiClient client, Kind<K, V> kind, Runnable changed, Consumer<Observation> observer) {
        return new KindFollower<>(client, kind, changed, observer);
    }

    /** Starts to follow. */
    public KindFollower<K, V> start() {
        thread.start();
        return this;
    }

    /** All objects; empty until the server has told all of them. */
    public Optional<PersistentMap<K, V>> objects() {
        return listed ? Optional.of(state.objects()) : Optional.empty();
    }

    /** Ends the watch. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
