package fyr.agent;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.model.Attachment;
import fyr.model.observation.ConntrackShare;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says who fills the connection tracking table before it is full: when three quarters of it are in use, again at nine tenths, and then once
 * a minute. The holders are estimated from a sample of the entries, taken at most every half minute: reading all of a large table takes
 * longer than filling the rest of it. Everything happens on a thread of its own.
 */
final class ConntrackAlarm implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    /** Of the entries in percent. */
    static final int FIRST = 75;

    private static final int SECOND = 90;

    /** Below it there is room again; less than the first, so that a table around it does not ring all the time. */
    private static final int ROOM = 70;

    /** From here on the table is looked at more often: the kernel enters more than 100,000 connections a second. */
    private static final int ATTENTION = 50;

    private static final Duration CALM_LOOK = Duration.ofMillis(500);
    private static final Duration BUSY_LOOK = Duration.ofMillis(100);
    private static final Duration REMINDER = Duration.ofMinutes(1);
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** Tells shares to a percent or so, and takes some tenths of a second. */
    private static final int SAMPLE = 20_000;

    private final Conntrack conntrack;
    private final Supplier<PersistentMap<String, Attachment>> pods;
    private final Supplier<Optional<ServiceTable>> services;
    private final Consumer<Observation> observer;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final FaultLog faults;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("conntrack-alarm").unstarted(this::run);

    private int told;
    private long toldAt;
    private Instant since = Instant.EPOCH;
    private Optional<Sample> last = Optional.empty();

    private record Sample(long takenAt, List<ConntrackShare> shares) {}

    /** With a clock for durations such as {@link System#nanoTime}, and one for dates. */
    ConntrackAlarm(
            Conntrack conntrack,
            Supplier<PersistentMap<String, Attachment>> pods,
            Supplier<Optional<ServiceTable>> services,
            Consumer<Observation> observer,
            LongSupplier nanos,
            InstantSource clock) {
        this.conntrack = conntrack;
        this.pods = pods;
        this.services = services;
        this.observer = observer;
        this.nanos = nanos;
        this.clock = clock;
        this.faults = new FaultLog(LOG, nanos, "who fills the connection tracking table is not known");
    }

    /** Starts looking. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!thread.isInterrupted()) {
                Thread.sleep(attempt() >= ATTENTION ? BUSY_LOOK : CALM_LOOK);
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the fill of the connection tracking table is no longer looked at");
        }
    }

    private int attempt() {
        try {
            int percent = look();
            faults.succeeded();
            return percent;
        } catch (RuntimeException e) {
            faults.failed(e);
            return 0;
        }
    }

    /** Looks once, says what is due, and returns how many percent of the table are in use. */
    int look() {
        ConntrackUse use = conntrack.use();
        int percent = use.max() > 0 ? (int) Math.min(100, use.entries() * 100 / use.max()) : 0;
        int level = percent >= SECOND ? SECOND : percent >= FIRST ? FIRST : 0;
        long now = nanos.getAsLong();
        if (level > told || level > 0 && now - toldAt >= REMINDER.toNanos()) {
            ring(percent, use, now);
            told = Math.max(told, level);
        } else if (told > 0 && percent < ROOM) {
            told = 0;
            observer.accept(new Observation.ConntrackRelieved(percent));
        }
        return percent;
    }

    private void ring(int percent, ConntrackUse use, long now) {
        if (told == 0) {
            since = clock.instant();
        }
        Sample sample = last.filter(earlier -> now - earlier.takenAt() < BETWEEN_SAMPLES.toNanos())
                .orElseGet(() -> sample(now));
        last = Optional.of(sample);
        toldAt = now;
        observer.accept(new Observation.ConntrackFilling(percent, use.entries(), use.max(), since, sample.shares()));
    }

    private Sample sample(long now) {
        ConntrackShares shares = new ConntrackShares(pods.get(), services.get());
        conntrack.sample(SAMPLE, shares::add);
        return new Sample(now, shares.largest());
    }

    /** Returns when the look under way has ended, if it does within five seconds: what it uses may be closed then. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(STOP)) {
                LOG.log(
                        Level.WARNING,
                        "the connection tracking table is still being read; that is not waited for any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
