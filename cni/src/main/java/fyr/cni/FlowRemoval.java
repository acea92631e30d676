package fyr.cni;

import fyr.kernel.conntrack.Conntrack;
import fyr.model.address.IpAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Removes the tracked flows of addresses: a kept-alive flow to the pod that had an address passes as established, whatever the policies of
 * the pod say that has it next. Each look reads the whole table, so there is one at a time, and it is for all that asked while the one before
 * it ran: a hundred pods that go at once cost two looks, those that healing finds gone cost one. Safe on any thread.
 */
final class FlowRemoval {

    private final Conntrack conntrack;
    private final ThreadPoolExecutor worker;
    private Set<IpAddress> waiting = new HashSet<>();
    private CompletableFuture<Void> removed = new CompletableFuture<>();

    FlowRemoval(Conntrack conntrack) {
        this(conntrack, Thread.ofPlatform().daemon().name("fyr-cni-flows").factory());
    }

    FlowRemoval(Conntrack conntrack, ThreadFactory threads) {
        this.conntrack = conntrack;
        worker = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        worker.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins at once, and works while the caller does something else.
     *
     * @return completes when no flow of before this call is left; exceptionally, with what the kernel said, if it would not have it, or if
     *     it makes no thread now
     */
    synchronized CompletableFuture<Void> begin(Collection<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (waiting.isEmpty()) {
            try {
                worker.execute(this::run); // which needs this lock to begin
            } catch (OutOfMemoryError noThread) {
                return CompletableFuture.failedFuture(noThread);
            }
        }
        waiting.addAll(addresses);
        return removed;
    }

    private void run() {
        Set<IpAddress> addresses;
        CompletableFuture<Void> done;
        synchronized (this) {
            addresses = waiting;
            done = removed;
            waiting = new HashSet<>();
            removed = new CompletableFuture<>();
        }
        try {
            conntrack.deleteOf(addresses);
            done.complete(null);
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }
}
