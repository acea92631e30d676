package fyr.lab.kubelet;

import static java.lang.System.Logger.Level.WARNING;

import fyr.apiserver.object.Events;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings one pod to the state that the API server requests, and reports the pod's state to the API server: one step at a time, in the
 * threads of an executor; failed steps are retried. A status that somebody else has overwritten, such as a node controller while the node
 * was silent, is reported again.
 */
final class PodWorker implements Runnable {

    private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
    private static final int RETRY_MILLISECONDS = 300;
    private static final Duration NEWS = Duration.ofSeconds(5);
    /** Between two reports of the same status: whoever overwrites the status does so again and again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final KubeletSettings settings;
    private final CniRuntime cni;
    private final PodApi api;
    private final NetworkNamespace node;
    private final ScheduledExecutorService executor;
    private final Runnable done;
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private volatile PodFacts latest;
    private volatile boolean vanished;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Something happened that the current step may not have seen: the pod has changed, or one of its probes has another result. */
    private final AtomicBoolean news = new AtomicBoolean();

    private Optional<Sandbox> sandbox = Optional.empty();
    private Optional<Probing> probing = Optional.empty();
    private Optional<PodState.Completed> completed = Optional.empty();
    private Optional<PodState.Stopped> ended = Optional.empty();
    private Optional<Instant> leaving = Optional.empty();
    private Optional<PodState> reported = Optional.empty();
    private Instant reportedAt = Instant.EPOCH;
    private String lastComplaint = "";
    private Instant nextNews = started;
    private boolean finished;

    /** For one pod; {@code done} is called when it is gone. Executor threads must be platform threads: they enter namespaces. */
    PodWorker(
            PodFacts pod,
            KubeletSettings settings,
            CniRuntime cni,
            PodApi api,
            NetworkNamespace node,
            ScheduledExecutorService executor,
            Runnable done) {
        this.latest = pod;
        this.settings = settings;
        this.cni = cni;
        this.api = api;
        this.node = node;
        this.executor = executor;
        this.done = done;
    }

    /** The pod has changed. */
    void update(PodFacts pod) {
        latest = pod;
        wake();
    }

    /** The pod was removed from the API server without asking us (force deletion): it ends at once. */
    void vanished() {
        vanished = true;
        wake();
    }

    void wake() {
        news.set(true);
        if (busy.compareAndSet(false, true)) {
            executor.execute(this);
        }
    }

    private void wakeAfter(Duration pause) {
        var _ = executor.schedule(this::wake, Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        news.set(false);
        PodFacts pod = latest;
        boolean gone = vanished;
        try {
            step(pod, gone);
            busy.set(false);
            if (news.get()) {
                wake();
            }
        } catch (RuntimeException | OutOfMemoryError failure) { // the latter also means that no thread can be made
            complain(pod, failure);
            // Still busy: changes that come meanwhile are seen by the next try.
            var _ = executor.schedule(this, RETRY_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    private void step(PodFacts pod, boolean gone) {
        if (finished) {
            return;
        }
        if (gone || pod.isLeaving()) {
            leave(pod, gone);
        } else if (completed.isPresent()) {
            sandbox.ifPresent(this::remove);
            report(pod, completed.get());
        } else if (sandbox.isPresent()) {
            report(pod, running(pod, sandbox.get()));
            if (pod.runsToCompletion()) {
                complete(pod, sandbox.get());
            }
        } else if (!pod.hasEnded()) {
            start(pod);
            step(pod, false);
        }
    }

    private void start(PodFacts pod) {
        Sandbox held = Sandbox.create(pod, settings, cni, node);
        sandbox = Optional.of(held);
        String news =
                pod.runsToCompletion() ? "Nothing runs instead of images" : "Started echo servers instead of images";
        tell(pod, new Events.News(false, "Started", news + ", at " + String.join(", ", held.addresses())));
        probing = Optional.of(Probing.start(
                pod.lasting(),
                node,
                held.addresses().stream().findFirst().orElse(""),
                this::wake,
                why -> tell(pod, new Events.News(true, "Unhealthy", why)),
                what -> tell(pod, new Events.News(false, "ProbeSkipped", what))));
    }

    private PodState running(PodFacts pod, Sandbox held) {
        Set<String> started = probing.map(Probing::started).orElse(Set.of());
        Set<String> ready = probing.map(Probing::ready).orElse(Set.of());
        return new PodState.Running(held.addresses(), started, pod.heldBack() ? Set.of() : ready);
    }

    private void complete(PodFacts pod, Sandbox held) {
        completed = Optional.of(new PodState.Completed(held.addresses(), Instant.now()));
        remove(held);
        report(pod, completed.get());
    }

    private void remove(Sandbox held) {
        stopProbing();
        held.remove(settings, cni);
        sandbox = Optional.empty();
    }

    private void stopProbing() {
        probing.ifPresent(Probing::close);
        probing = Optional.empty();
    }

    /**
     * A deleted pod continues to answer for a while, and reports that: it serves, but should not be chosen. Then it ends, and only then the
     * object is removed.
     */
    private void leave(PodFacts pod, boolean gone) {
        Instant now = Instant.now();
        leaving = Optional.of(leaving.orElse(now));
        Duration left = Duration.between(now, leaving.get().plus(pod.farewell()));
        if (sandbox.isPresent() && !gone && left.isPositive()) {
            report(pod, running(pod, sandbox.get()));
            wakeAfter(left);
            return;
        }
        if (sandbox.isPresent()) {
            Sandbox held = sandbox.get();
            stopProbing();
            held.silence();
            if (!gone) {
                // Once: if it cannot be removed yet, it has ended all the same.
                ended = Optional.of(ended.orElseGet(() -> new PodState.Stopped(held.addresses(), now)));
                reportEnd(pod, ended.get());
            }
            remove(held);
        }
        if (!gone) {
            api.confirmDeletion(pod);
        }
        finished = true;
        done.run();
    }

    /** The pod has ended whether the API server hears of it or not. */
    private void reportEnd(PodFacts pod, PodState.Stopped end) {
        try {
            report(pod, end);
        } catch (RuntimeException failure) {
            LOG.log(WARNING, settings.place().name() + " cannot report " + pod + ": " + failure.getMessage());
        }
    }

    /** Unless the API server has it so already. */
    private void report(PodFacts pod, PodState state) {
        Instant now = Instant.now();
        ObjectNode status = status(pod).of(state);
        if (PodStatus.isReported(status, pod.json().path("status"))) {
            return;
        }
        boolean again = reported.equals(Optional.of(state)) && now.isBefore(reportedAt.plus(AGAIN));
        if (again) {
            wakeAfter(AGAIN);
            return;
        }
        api.report(pod, status);
        reported = Optional.of(state);
        reportedAt = now;
    }

    private PodStatus status(PodFacts pod) {
        List<String> host =
                settings.place().addresses().stream().map(Object::toString).toList();
        return new PodStatus(pod, host, started, Instant.now());
    }

    private void complain(PodFacts pod, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        boolean expected = failure instanceof CniException refused && refused.code() == CniException.TRY_AGAIN_LATER;
        boolean starting = !pod.isLeaving() && sandbox.isEmpty() && completed.isEmpty();
        if (starting) {
            tell(pod, message, expected);
        }
        if (message.equals(lastComplaint)) {
            return;
        }
        lastComplaint = message;
        if (!expected) {
            LOG.log(WARNING, settings.place().name() + " " + pod + ": " + message);
        }
        try {
            if (starting) {
                report(pod, new PodState.Waiting("ContainerCreating", message));
            }
        } catch (RuntimeException second) {
            LOG.log(WARNING, settings.place().name() + " cannot report " + pod + ": " + second.getMessage());
        }
    }

    /** There are many identical retries: at most one in a while is counted. At first, a missing agent is not reported. */
    private void tell(PodFacts pod, String message, boolean expected) {
        Instant now = Instant.now();
        boolean early = expected && now.isBefore(started.plus(NEWS));
        if (!early && now.isAfter(nextNews)) {
            nextNews = now.plus(NEWS);
            tell(pod, new Events.News(true, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + message));
        }
    }

    private void tell(PodFacts pod, Events.News news) {
        api.tell(pod, news, settings.place().name());
    }
}
