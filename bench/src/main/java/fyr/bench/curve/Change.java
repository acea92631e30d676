package fyr.bench.curve;

import fyr.bench.figures.Samples;
import fyr.cluster.client.WatchStream;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One endpoint replaced: when the API server says so, and when the next connection leads to the new one. */
final class Change implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final BenchServer server;
    private final ProxiedNode node;
    private final WatchStream watch;
    private final BlockingQueue<Long> events = new LinkedBlockingQueue<>();

    /**
     * Times in nanoseconds.
     *
     * @param fromEvent 0 if the connection was first, which happens because both wait for the same event
     */
    record Times(Samples fromEvent, Samples fromRequest) {}

    Change(BenchServer server, ProxiedNode node) throws InterruptedException {
        this.server = server;
        this.node = node;
        watch = server.watch();
        Thread.ofVirtual().start(this::listen);
        event(); // the object as it is now
    }

    private void listen() {
        try {
            while (watch.next().isPresent()) {
                events.add(System.nanoTime());
            }
        } catch (IOException closed) {
            events.clear();
        }
    }

    private long event() throws InterruptedException {
        Long time = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (time == null) {
            throw new IllegalStateException("the API server sent no event");
        }
        return time;
    }

    /** Measures changes one after the other, with a pause after each. */
    Times measure(int count, Duration pause) throws Exception {
        long[] fromEvent = new long[count];
        long[] fromRequest = new long[count];
        for (int i = 0; i < count; i++) {
            IpAddress next = server.next();
            CompletableFuture<Long> arrival = arrival(next);
            long sent = System.nanoTime();
            server.change();
            long told = event();
            long reached = arrival.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            fromEvent[i] = Math.max(0, reached - told);
            fromRequest[i] = reached - sent;
            Thread.sleep(pause);
        }
        return new Times(Samples.of(fromEvent), Samples.of(fromRequest));
    }

    private CompletableFuture<Long> arrival(IpAddress endpoint) {
        CompletableFuture<Long> arrival = new CompletableFuture<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                arrival.complete(node.probe().reaches(node.target(ClusterObjects.CHANGED), endpoint, deadline));
            } catch (Exception failure) {
                arrival.completeExceptionally(failure);
            }
        });
        return arrival;
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
