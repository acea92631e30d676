package fyr.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.read.Kind;
import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.cluster.watch.KindWatch;
import fyr.cluster.watch.Pace;
import fyr.model.observation.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The running watches, with a virtual thread for each. Safe on any thread. */
final class Watches {

    private final ApiClient client;
    private final Consumer<Observation> observations;
    private final Pace pace;
    private final Map<Thread, KindWatch<?, ?>> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Watches(ApiClient client, Consumer<Observation> observations, Pace pace) {
        this.client = client;
        this.observations = observations;
        this.pace = pace;
    }

    /** Starts a watch after a delay; interrupting the thread ends it. */
    <K, V> Thread start(Kind<K, V> kind, KindState<K, V> state, Duration delay, Consumer<Change<K, V>> changes) {
        KindWatch<K, V> watch = new KindWatch<>(kind, client, state::known, changes, observations, pace);
        Thread thread = Thread.ofVirtual().name("watch-" + kind.name()).unstarted(() -> run(watch, delay));
        running.put(thread, watch);
        thread.start();
        return thread;
    }

    private void run(KindWatch<?, ?> watch, Duration delay) {
        try {
            if (delay.isPositive()) {
                pace.pause().pause(delay);
            }
            watch.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(Thread.currentThread());
            if (!closed) {
                watch.withdraw();
            }
        }
    }

    /** When the watch that waits longest heard its last word, or began if it has not heard any; empty if none runs. */
    Optional<Instant> oldestWord() {
        return running.values().stream().map(KindWatch::lastWord).min(Comparator.naturalOrder());
    }

    /** Ends all and waits for them; what they complained of holds on. None may be started meanwhile. */
    void close() throws InterruptedException {
        closed = true;
        List<Thread> all = List.copyOf(running.keySet());
        all.forEach(Thread::interrupt);
        for (Thread each : all) {
            each.join();
        }
    }
}
