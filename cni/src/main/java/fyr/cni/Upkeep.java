package fyr.cni;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes up for what could not be done in its time: DELs that wait in files, and healing. On a thread of its own, since both wait for
 * others; what fails is tried again every minute. Safe on any thread.
 */
final class Upkeep implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final PendingDeletes pending;
    private final CniService service;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fyr-cni-upkeep").factory());
    private final AtomicBoolean queued = new AtomicBoolean();
    /** Set from the beginning: the healing at the start may have left something. */
    private final AtomicBoolean ill = new AtomicBoolean(true);

    Upkeep(PendingDeletes pending, CniService service) {
        this(pending, service, EVERY);
    }

    Upkeep(PendingDeletes pending, CniService service, Duration every) {
        this.pending = pending;
        this.service = service;
        var unused = thread.scheduleWithFixedDelay(this::run, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Heals soon. However often it is asked for, one healing waits at a time. */
    void heal() {
        ill.set(true);
        if (queued.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    queued.set(false);
                    run();
                });
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "closed; the next process heals when it starts");
            }
        }
    }

    /** A task that throws would not be called again. */
    private void run() {
        try {
            pending.drain();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the pending DELs wait another minute: {0}", e.toString());
        }
        if (ill.getAndSet(false)) {
            ill.compareAndSet(false, !healed());
        }
    }

    private boolean healed() {
        try {
            return service.heal();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "healing failed; retrying in a minute: {0}", e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
