package fyr.agent;

import fyr.kernel.KernelEvent;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.persistent.PersistentMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What arrived for the loop since it last looked: only the newest of each kind of state, and every event. The lock is held for moments
 * only; it is here because many threads hand in and one takes.
 */
final class Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private Batch batch = new Batch();
    private boolean pending;

    /** Notes an arrival. */
    void put(Consumer<Batch> arrival) {
        lock.lock();
        try {
            arrival.accept(batch);
            pending |= batch.urgent();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** All that arrived, waiting for something if there is nothing; an empty batch after the longest wait. */
    Batch take(Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = longest.toNanos();
            while (!pending && left > 0) {
                left = arrived.awaitNanos(left);
            }
            Batch taken = batch;
            batch = new Batch();
            pending = false;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** One round's arrivals. */
    static final class Batch {
        Optional<ClusterSnapshot> snapshot = Optional.empty();
        Optional<PersistentMap<String, Attachment>> attachments = Optional.empty();
        final List<KernelEvent> events = new ArrayList<>();
        final List<CompletableFuture<Void>> waiting = new ArrayList<>();

        /** Whether there is something to do. Those who wait for the next success are no reason to try at once. */
        boolean urgent() {
            return snapshot.isPresent() || attachments.isPresent() || !events.isEmpty();
        }

        boolean isEmpty() {
            return !urgent();
        }
    }
}
