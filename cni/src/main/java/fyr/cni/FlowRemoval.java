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
 * Removes the tracked flows of addresses: otherwise a flow of the previous pod with an address, if it is kept alive, would pass as
 * established, whatever the policies of the next pod with that address say. Each pass reads the whole table, so there is one at a time, and
 * it serves all requests that came while the previous one ran: a hundred pods that go at once cost two passes, those that healing finds
 * gone cost one. Safe on any thread.
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
     * Starts at once, and works while the caller does something else.
     *
     * @return completes when no flow from before this call is left; exceptionally, with the kernel's message, if the kernel refuses, or if
     *     no thread can be created now
     */
    synchronized CompletableFuture<Void> begin(Collection<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (waiting.isEmpty()) {
            try {
                worker.execute(this::run); // which needs this lock to start
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
