package fyr.agent;

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
 * What has arrived for the loop since it last looked: only the newest state of each kind, and the kernel's events. The lock is held only
 * briefly; many threads hand in and one takes.
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
            pending = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that arrived, waiting if there is nothing; an empty batch after the longest wait. */
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

    /**
     * A caller who waits for the end of a round.
     *
     * @param added the pod whose traffic the kernel has to carry by then; empty for a caller who only handed in something
     */
    record Waiter(Optional<Attachment> added, CompletableFuture<Void> done) {}

    /** One round's arrivals. */
    static final class Batch {
        Optional<ClusterSnapshot> snapshot = Optional.empty();
        Optional<PersistentMap<String, Attachment>> attachments = Optional.empty();
        final KernelNews news = new KernelNews();
        final List<Waiter> waiting = new ArrayList<>();

        /** Whether anything arrived. */
        boolean isAnything() {
            return snapshot.isPresent() || attachments.isPresent() || !news.isEmpty() || !waiting.isEmpty();
        }
    }
}
