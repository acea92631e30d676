package fyr.cluster;

import static org.assertj.core.api.Assertions.fail;

import fyr.cluster.client.ApiClient;
import fyr.cluster.watch.Pace;
import fyr.model.ClusterSnapshot;
import fyr.model.observation.Observation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A ClusterWatch under test, and what came of it. */
final class Follower implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final List<ClusterSnapshot> snapshots = new CopyOnWriteArrayList<>();
    final List<Observation> observations = new CopyOnWriteArrayList<>();
    final ApiClient client;
    private final ClusterWatch watch;

    Follower(ApiClient client) {
        this(client, Pace.standard());
    }

    Follower(ApiClient client, Pace pace) {
        this.client = client;
        this.watch = ClusterWatch.start(client, this::remember, observations::add, pace);
    }

    private synchronized void remember(ClusterSnapshot snapshot) {
        snapshots.add(snapshot);
        if (snapshots.size() > 1000) {
            snapshots.removeFirst(); // tests look at the last ones
        }
    }

    ClusterWatch watch() {
        return watch;
    }

    ClusterSnapshot last() {
        return snapshots.getLast();
    }

    ClusterSnapshot await(Predicate<ClusterSnapshot> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (!snapshots.isEmpty() && condition.test(last())) {
                return last();
            }
            Thread.sleep(2);
        }
        return fail("not within " + PATIENCE + "; last: " + (snapshots.isEmpty() ? "none" : last()) + "; observed: "
                + texts());
    }

    void awaitObservation(int from, Predicate<Observation> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (observations.stream().skip(from).noneMatch(condition)) {
            if (System.nanoTime() > end) {
                fail("not observed; but: " + texts());
            }
            Thread.sleep(2);
        }
    }

    List<String> texts() {
        return observations.stream().map(Observation::text).toList();
    }

    @Override
    public void close() {
        watch.close();
        client.close();
    }
}
