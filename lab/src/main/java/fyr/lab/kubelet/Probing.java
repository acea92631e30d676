package fyr.lab.kubelet;

import fyr.kernel.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Runs a running pod's startup and readiness probes, with a virtual thread for each container: the readiness probe starts once the startup
 * probe has passed. Liveness probes are not run, because a restart would repair nothing. Ends with {@link #close}.
 */
final class Probing implements AutoCloseable {

    private final Set<String> started = new TreeSet<>();
    private final Set<String> ready = new TreeSet<>();
    private final NetworkNamespace node;
    private final String address;
    private final Runnable changed;
    private final Consumer<String> failed;
    private volatile boolean closed;

    private Probing(NetworkNamespace node, String address, Runnable changed, Consumer<String> failed) {
        this.node = node;
        this.address = address;
        this.changed = changed;
        this.failed = failed;
    }

    /**
     * Begins.
     *
     * @param address of the pod
     * @param changed called when a container has started, becomes ready, or is no longer ready
     * @param failed called for each probe that failed; must not block, because the next probe waits for it
     * @param skipped called, before this returns, for each probe that cannot be run
     */
    static Probing start(
            List<JsonNode> containers,
            NetworkNamespace node,
            String address,
            Runnable changed,
            Consumer<String> failed,
            Consumer<String> skipped) {
        Probing probing = new Probing(node, address, changed, failed);
        List<Runnable> followers = new ArrayList<>();
        for (JsonNode container : containers) {
            Optional<ContainerProbe> startup = askable("Startup", container, skipped);
            Optional<ContainerProbe> readiness = askable("Readiness", container, skipped);
            String name = container.path("name").asString("");
            if (startup.isEmpty()) {
                probing.started.add(name);
            }
            if (startup.isEmpty() && readiness.isEmpty()) {
                probing.ready.add(name);
            } else {
                followers.add(() -> probing.follow(name, startup, readiness));
            }
        }
        // Once the sets are filled: the followers change them.
        followers.forEach(follower -> Thread.ofVirtual().name("probe").start(follower));
        return probing;
    }

    private static Optional<ContainerProbe> askable(String kind, JsonNode container, Consumer<String> skipped) {
        Optional<ContainerProbe> probe = ContainerProbe.of(kind, container);
        probe.flatMap(ContainerProbe::unaskable)
                .ifPresent(what -> skipped.accept(kind + " probe of container "
                        + container.path("name").asString("") + " (" + what
                        + ") counts as passed: no image runs in a lab. A pod with the annotation " + PodFacts.READY
                        + "=false is not ready"));
        return probe.filter(one -> one.unaskable().isEmpty());
    }

    /** The containers that have started. */
    synchronized Set<String> started() {
        return Set.copyOf(started);
    }

    /** The containers that are ready. */
    synchronized Set<String> ready() {
        return Set.copyOf(ready);
    }

    private void follow(String name, Optional<ContainerProbe> startup, Optional<ContainerProbe> readiness) {
        try {
            if (startup.isPresent()) {
                watch(startup.get(), true, passed -> note(started, name, passed));
            }
            if (readiness.isPresent()) {
                watch(readiness.get(), false, passed -> note(ready, name, passed));
            } else {
                note(ready, name, true);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Set<String> set, String name, boolean holds) {
        synchronized (this) {
            if (!(holds ? set.add(name) : set.remove(name))) {
                return;
            }
        }
        changed.run();
    }

    /** Thresholds are numbers of consecutive results (core/v1 Probe); until the first is reached, the probe counts as failed. */
    private void watch(ContainerProbe probe, boolean once, Consumer<Boolean> result) throws InterruptedException {
        Thread.sleep(probe.delay());
        int passes = 0;
        int failures = 0;
        while (!closed) {
            Optional<String> failure = probe.failure(node, address);
            passes = failure.isEmpty() ? passes + 1 : 0;
            failures = failure.isEmpty() ? 0 : failures + 1;
            if (passes >= probe.successThreshold()) {
                result.accept(true);
                if (once) {
                    return;
                }
            } else if (failures >= probe.failureThreshold()) {
                result.accept(false);
            }
            failure.filter(_ -> !closed).ifPresent(why -> failed.accept(probe.kind() + " probe failed: " + why));
            rest(probe.period());
        }
    }

    private synchronized void rest(Duration period) throws InterruptedException {
        long end = System.nanoTime() + Math.max(1, period.toNanos());
        for (long left = end - System.nanoTime(); left > 0 && !closed; left = end - System.nanoTime()) {
            wait(Math.max(1, left / 1_000_000));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
