package fyr.agent;

import fyr.agent.StaleFlows.Outcome;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Lets {@link StaleFlows} or {@link StaleHostPortFlows} follow the newest rules, on a thread of its own: reading a table of a million flows
 * takes a second, and the loop has pods to attach. After each pass it pauses for four times as long as the pass took, at most half a
 * second, so that a rollout somewhere in the cluster does not make every node read its table all the time; changes during the pause are
 * handled together. What arrives during the pause is followed within a second.
 *
 * @param <T> the rules
 */
final class FlowCleaner<T> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final int REST_FACTOR = 4;
    private static final Duration REST_MAX = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Function<T, Outcome> pass;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private final FaultLog faults = new FaultLog(
            LOG, System::nanoTime, "flows to endpoints or pods that are gone are not removed, which is tried again");
    private Optional<T> next = Optional.empty();
    private boolean closed;

    private FlowCleaner(String name, Function<T, Outcome> pass) {
        this.pass = pass;
        // A platform thread: it makes blocking native calls.
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param pass removes the flows that the rules before these left; it is called again with the newest rules if it throws
     */
    static <T> FlowCleaner<T> start(String name, Function<T, Outcome> pass) {
        FlowCleaner<T> cleaner = new FlowCleaner<>(name, pass);
        cleaner.thread.start();
        return cleaner;
    }

    /** Hands in what the packet rules already implement. Returns at once. */
    void follow(T rules) {
        lock.lock();
        try {
            next = Optional.of(rules);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Optional<T> rules = take(); rules.isPresent(); rules = take()) {
                long began = System.nanoTime();
                switch (attempt(rules.get())) {
                    case NOTHING_TO_DO -> {}
                    case DONE -> rest(REST_FACTOR * (System.nanoTime() - began));
                }
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the flow cleaner was interrupted");
        }
    }

    private Outcome attempt(T rules) {
        try {
            Outcome outcome = pass.apply(rules);
            faults.succeeded();
            return outcome;
        } catch (RuntimeException e) {
            faults.failed(e);
            again(rules);
            return Outcome.DONE;
        }
    }

    /** The newest rules, as soon as there are any; empty at the end. */
    private Optional<T> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (next.isEmpty() && !closed) {
                changed.await();
            }
            Optional<T> taken = closed ? Optional.empty() : next;
            next = Optional.empty();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void again(T rules) {
        lock.lock();
        try {
            next = next.or(() -> Optional.of(rules));
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
