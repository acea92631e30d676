package fyr.agent;

import fyr.compiler.conntrack.ConnectionCap;
import fyr.kernel.nft.Meters;
import fyr.model.Attachment;
import fyr.model.address.Family;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Reports pods that have opened as many connections as a pod may have at once ({@link ConnectionCap}): at once when the kernel has dropped
 * something, and then once a minute for as long as it goes on.
 */
final class PodConnections implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final int most;
    private final Meters meters;
    private final Supplier<PersistentMap<String, Attachment>> pods;
    private final Consumer<Observation> observer;
    private final LongSupplier nanos;
    private final FaultLog faults;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("pod-connections").unstarted(this::run);

    /** What the kernel has counted, by family and link. */
    private Map<Key, Long> counted = Map.of();

    private final Map<String, Offender> offenders = new HashMap<>();

    private record Key(Family family, String link) {}

    private record Offender(long untold, long quietUntil) {}

    /**
     * With a clock such as {@link System#nanoTime}.
     *
     * @param most how many connections a pod may have
     */
    PodConnections(
            int most,
            Meters meters,
            Supplier<PersistentMap<String, Attachment>> pods,
            Consumer<Observation> observer,
            LongSupplier nanos) {
        this.most = most;
        this.meters = meters;
        this.pods = pods;
        this.observer = observer;
        this.nanos = nanos;
        this.faults = new FaultLog(LOG, nanos, "the pods' connections cannot be counted");
    }

    /** Starts checking every few seconds, on a thread of its own. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!thread.isInterrupted()) {
                Thread.sleep(LOOK);
                attempt();
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the pods' connections are no longer counted");
        }
    }

    private void attempt() {
        try {
            look();
            faults.succeeded();
        } catch (RuntimeException e) {
            faults.failed(e);
        }
    }

    /** Counts what was dropped since the last check, and reports what is due. */
    void look() {
        Map<String, String> names = new HashMap<>();
        pods.get().forEach((_, pod) -> names.put(pod.hostLink(), pod.pod().toString()));
        Map<Key, Long> now = counts();
        long time = nanos.getAsLong();
        now.forEach((key, count) -> {
            long before = counted.getOrDefault(key, 0L);
            // A key that the kernel has forgotten meanwhile counts from zero again.
            long more = count < before ? count : count - before;
            if (more > 0 && names.containsKey(key.link())) {
                offenders.merge(
                        names.getOrDefault(key.link(), ""),
                        new Offender(more, time),
                        (old, added) -> new Offender(old.untold + added.untold, old.quietUntil));
            }
        });
        counted = now;
        tell(time);
        forget(new HashSet<>(names.values()));
    }

    private Map<Key, Long> counts() {
        Map<Key, Long> counts = new HashMap<>();
        for (Family family : Family.values()) {
            meters.counts(ConnectionCap.meter(family))
                    .forEach((key, count) -> counts.put(new Key(family, ConnectionCap.link(key)), count));
        }
        return counts;
    }

    private void tell(long time) {
        offenders.replaceAll((name, offender) -> {
            if (offender.untold == 0 || offender.quietUntil - time > 0) {
                return offender;
            }
            observer.accept(new Observation.ConnectionsRefused(name, most, offender.untold));
            return new Offender(0, time + QUIET.toNanos());
        });
    }

    private void forget(Set<String> present) {
        Set<String> gone = new HashSet<>(offenders.keySet());
        gone.removeAll(present);
        gone.forEach(name -> {
            offenders.remove(name);
            observer.accept(new Observation.ConnectionsForgotten(name));
        });
    }

    /** Returns when the look under way has ended, if it does within five seconds: what it uses may be closed then. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(STOP)) {
                LOG.log(
                        Level.WARNING,
                        "the pods' connections are still being counted; that is not waited for any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
