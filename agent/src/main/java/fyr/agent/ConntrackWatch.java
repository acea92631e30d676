package fyr.agent;

import fyr.agent.observe.Metrics;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackUse;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Watches how full the connection tracking table is. When it is full, the kernel drops the first packets of any connection, and reports
 * that only in its own log. The table is checked every five seconds. A node whose table is full is not ready; a node whose table is nearly
 * full is ready, with a remark. The entries of the node's own network namespace are counted, as the kernel does.
 */
final class ConntrackWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration EVERY = Duration.ofSeconds(5);
    /** How many checks in a row must find room before a table that was full is no longer considered full: half a minute. */
    private static final int CALM_LOOKS = 6;

    private static final int LOOKS_PER_REMINDER = 12; // one minute
    private static final double NEARLY = 0.9;
    private static final long COUNTER_MASK = 0xffffffffL;
    private static final String ADVICE =
            "raise net.netfilter.nf_conntrack_max, and net.netfilter.nf_conntrack_buckets with it, or find who opens so many connections"
                    + " (conntrack -L)";

    private final Conntrack conntrack;
    private final BiConsumer<Level, String> log;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("conntrack-watch").factory());
    private Optional<ConntrackUse> before = Optional.empty();
    private final FaultLog faults = new FaultLog(LOG, System::nanoTime, "the connection tracking table is not watched");
    private int looksInVain;
    private int looksSinceFull = CALM_LOOKS;
    private int looksSinceSaid = LOOKS_PER_REMINDER;
    private volatile ConntrackUse use = new ConntrackUse(0, 0, 0, 0, 0);
    private volatile Readiness readiness = new Readiness.Ready();

    ConntrackWatch(Conntrack conntrack, BiConsumer<Level, String> log) {
        this.conntrack = conntrack;
        this.log = log;
    }

    /** Starts checking, and exports the numbers as metrics. */
    static ConntrackWatch start(Conntrack conntrack, Metrics metrics) {
        ConntrackWatch watch = new ConntrackWatch(conntrack, (level, line) -> LOG.log(level, line));
        watch.show(metrics);
        var unused = watch.thread.scheduleWithFixedDelay(watch::attempt, 0, EVERY.toNanos(), TimeUnit.NANOSECONDS);
        return watch;
    }

    private void show(Metrics metrics) {
        metrics.gauge(
                "fyr_conntrack_entries", "Connections that the node's kernel tracks.", number(ConntrackUse::entries));
        metrics.gauge("fyr_conntrack_max", "How many it can track (nf_conntrack_max).", number(ConntrackUse::max));
        metrics.counter(
                "fyr_conntrack_insert_failed_total",
                "Connections that lost against another one with the same addresses and ports.",
                number(ConntrackUse::insertFailed));
        metrics.counter(
                "fyr_conntrack_drop_total",
                "Packets dropped because their connection could not be tracked.",
                number(ConntrackUse::drop));
        metrics.counter(
                "fyr_conntrack_early_drop_total",
                "Connections that were forgotten to make room in a full table.",
                number(ConntrackUse::earlyDrop));
    }

    private DoubleSupplier number(ToDoubleFunction<ConntrackUse> which) {
        return () -> which.applyAsDouble(use);
    }

    /** Not ready while the table is full, and for half a minute afterwards; safe on any thread. */
    Readiness readiness() {
        return readiness;
    }

    /**
     * If a scheduled task throws, it is not called again. After some failed looks the state of the table is unknown, which is no reason to be not
     * ready.
     */
    void attempt() {
        try {
            look();
            looksInVain = 0;
            faults.succeeded();
        } catch (RuntimeException e) {
            faults.failed(e);
            if (++looksInVain >= CALM_LOOKS) {
                before = Optional.empty();
                looksSinceFull = CALM_LOOKS;
                readiness = new Readiness.Ready();
            }
        }
    }

    /** What was lost between two checks. */
    private record Losses(long insertFailed, long drop, long earlyDrop) {

        static Losses between(ConntrackUse before, ConntrackUse now) {
            return new Losses(
                    (now.insertFailed() - before.insertFailed()) & COUNTER_MASK,
                    (now.drop() - before.drop()) & COUNTER_MASK,
                    (now.earlyDrop() - before.earlyDrop()) & COUNTER_MASK);
        }

        boolean any() {
            return insertFailed > 0 || drop > 0 || earlyDrop > 0;
        }

        @Override
        public String toString() {
            return drop + " packets dropped (drop), " + earlyDrop + " connections forgotten (early_drop), "
                    + insertFailed + " not entered (insert_failed)";
        }
    }

    void look() {
        ConntrackUse now = conntrack.use();
        Losses losses = Losses.between(before.orElse(now), now);
        before = Optional.of(now);
        use = now;
        looksSinceSaid++;
        boolean nearly = now.max() > 0 && now.entries() >= now.max() * NEARLY;
        boolean full = now.max() > 0
                && (now.entries() >= now.max() || nearly && (losses.drop() > 0 || losses.earlyDrop() > 0));
        looksSinceFull = full ? 0 : Math.min(looksSinceFull + 1, CALM_LOOKS);
        become(judge(now, nearly, losses), losses);
    }

    private Readiness judge(ConntrackUse now, boolean nearly, Losses losses) {
        String entries = now.entries() + " of " + now.max() + " entries";
        if (looksSinceFull < CALM_LOOKS) {
            String tense = looksSinceFull == 0 ? "is full (" : "was full less than half a minute ago (";
            return new Readiness.NotReady("the connection tracking table " + tense + entries + "; in the last "
                    + EVERY.toSeconds() + " s " + losses + "), so that new connections fail: " + ADVICE);
        }
        return nearly
                ? new Readiness.Strained("the connection tracking table is nearly full (" + entries + "): " + ADVICE)
                : new Readiness.Ready();
    }

    /** Logs a change at once, and a lasting state once a minute. */
    private void become(Readiness next, Losses losses) {
        boolean changed = !next.getClass().equals(readiness.getClass());
        boolean due = changed || looksSinceSaid >= LOOKS_PER_REMINDER;
        readiness = next;
        Optional<String> word = switch (next) {
            case Readiness.NotReady(String why) -> Optional.of(why);
            case Readiness.Strained(String remark) -> Optional.of(remark);
            case Readiness.Ready _ ->
                changed
                        ? Optional.of("the connection tracking table has room again")
                        : losses.any()
                                ? Optional.of("connection tracking lost something in the last " + EVERY.toSeconds()
                                        + " s, although the table is not full: " + losses)
                                : Optional.empty();
        };
        if (due && word.isPresent()) {
            looksSinceSaid = 0;
            log.accept(next instanceof Readiness.Ready && changed ? Level.INFO : Level.WARNING, word.get());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(
                        Level.WARNING,
                        "the watch over connection tracking does not end; it is not waited for any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
