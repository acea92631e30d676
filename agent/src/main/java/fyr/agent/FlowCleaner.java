package fyr.agent;

import fyr.agent.StaleFlows.Outcome;
import fyr.compiler.service.ServiceTable;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets {@link StaleFlows} follow the newest table of services, on a thread of its own: reading a table of a million flows takes a second, and the loop
 * has pods to attach. After each pass it pauses for four times as long as the pass took, at most half a second, so that a rollout somewhere
 * in the cluster does not make every node read its table all the time; changes during the pause are handled together. A table that
 * arrives during the pause is followed within a second.
 */
final class FlowCleaner implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int REST_FACTOR = 4;
    private static final Duration REST_MAX = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final StaleFlows stale;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private final FaultLog faults = new FaultLog(
            LOG, System::nanoTime, "flows to endpoints that are gone are not removed, which is tried again");
    private Optional<ServiceTable> next = Optional.empty();
    private boolean closed;

    private FlowCleaner(StaleFlows stale) {
        this.stale = stale;
        // A platform thread: it makes blocking native calls.
        thread = Thread.ofPlatform().daemon().name("flow-cleaner").unstarted(this::run);
    }

    static FlowCleaner start(StaleFlows stale) {
        FlowCleaner cleaner = new FlowCleaner(stale);
        cleaner.thread.start();
        return cleaner;
    }

    /** Hands in services that the packet rules already implement. Returns at once. */
    void follow(ServiceTable services) {
        lock.lock();
        try {
            next = Optional.of(services);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Optional<ServiceTable> services = take(); services.isPresent(); services = take()) {
                long began = System.nanoTime();
                switch (attempt(services.get())) {
                    case NOTHING_TO_DO -> {}
                    case DONE -> rest(REST_FACTOR * (System.nanoTime() - began));
                }
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the flow cleaner was interrupted");
        }
    }

    private Outcome attempt(ServiceTable services) {
        try {
            Outcome outcome = stale.follow(services);
            faults.succeeded();
            return outcome;
        } catch (RuntimeException e) {
            faults.failed(e);
            again(services);
            return Outcome.DONE;
        }
    }

    /** The newest table, as soon as there is one; empty at the end. */
    private Optional<ServiceTable> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (next.isEmpty() && !closed) {
                changed.await();
            }
            Optional<ServiceTable> taken = closed ? Optional.empty() : next;
            next = Optional.empty();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void again(ServiceTable services) {
        lock.lock();
        try {
            next = next.or(() -> Optional.of(services));
        } finally {
            lock.unlock();
        }
    }

    private void rest(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = Math.min(nanos, REST_MAX.toNanos());
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the current pass has ended, or after five seconds. After the end of the pass its resources may be closed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (thread.isAlive() && !thread.join(STOP)) {
                LOG.log(
                        Level.WARNING,
                        "the table of connections is still being read; that is not waited for any longer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
