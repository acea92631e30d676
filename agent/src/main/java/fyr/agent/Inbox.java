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

/**
 * What has arrived for the loop since it last looked: only the newest state of each kind, and the kernel's events. The lock is held only
 * briefly; many threads hand in and one takes.
 */
final class Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private Batch batch = new Batch();
    private boolean pending;

    /** Hands in a new state of the cluster. */
    void snapshot(ClusterSnapshot next) {
        lock.lock();
        try {
            batch.snapshot = Optional.of(next);
            arrive();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands in the node's pods. The result completes when the kernel carries the traffic of the pod that was added. It completes
     * exceptionally, with the reason, as soon as it is known that the kernel does not.
     */
    CompletableFuture<Void> attachments(PersistentMap<String, Attachment> next, Optional<Attachment> added) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        lock.lock();
        try {
            batch.attachments = Optional.of(next);
            batch.waiting.add(new Waiter(added, done));
            arrive();
        } finally {
            lock.unlock();
        }
        return done;
    }

    /** Hands in an event from the kernel. */
    void event(KernelEvent event) {
        lock.lock();
        try {
            batch.news.add(event);
            arrive();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait of {@link #take}. */
    void wake() {
        lock.lock();
        try {
            arrive();
        } finally {
            lock.unlock();
        }
    }

    private void arrive() {
        pending = true;
        arrived.signal();
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
