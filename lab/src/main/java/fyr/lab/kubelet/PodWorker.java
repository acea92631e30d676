package fyr.lab.kubelet;

import static java.lang.System.Logger.Level.WARNING;

import fyr.lab.api.Events;
import fyr.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.ObjectNode;

/** Brings one pod to what the API server says of it: one step at a time, in the threads of an executor; what fails is tried again. */
final class PodWorker implements Runnable {

    private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
    private static final int RETRY_MILLISECONDS = 300;
    private static final Duration NEWS = Duration.ofSeconds(5);

    private final KubeletSettings settings;
    private final CniRuntime cni;
    private final PodApi api;
    private final NetworkNamespace node;
    private final ScheduledExecutorService executor;
    private final Runnable done;
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private volatile PodFacts latest;
    private final AtomicBoolean busy = new AtomicBoolean();
    private Optional<Sandbox> sandbox = Optional.empty();
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

    /** The pod is gone from the API server without having asked us (force deletion). */
    void vanished() {
        PodFacts pod = latest;
        ObjectNode json = (ObjectNode) pod.json().deepCopy();
        ((ObjectNode) json.path("metadata"))
                .put("deletionTimestamp", Instant.now().toString());
        update(new PodFacts(json));
    }

    void wake() {
        if (busy.compareAndSet(false, true)) {
            executor.execute(this);
        }
    }

    @Override
    public void run() {
        PodFacts pod = latest;
        try {
            step(pod);
            busy.set(false);
            if (latest != pod) {
                wake();
            }
        } catch (RuntimeException failure) {
            complain(pod, failure);
            // Still busy: changes that come meanwhile are seen by the next try.
            var _ = executor.schedule(this, RETRY_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    private void step(PodFacts pod) {
        if (finished) {
            return;
        }
        if (pod.isLeaving()) {
            sandbox.ifPresent(held -> held.remove(settings, cni));
            sandbox = Optional.empty();
            api.confirmDeletion(pod);
            finished = true;
            done.run();
        } else if (pod.hasEnded() || sandbox.isPresent()) {
            return;
        } else if (pod.runsToCompletion()) {
            api.report(pod, status(pod).succeeded());
        } else {
            start(pod);
        }
    }

    private void start(PodFacts pod) {
        Sandbox held = Sandbox.create(pod, settings, cni, node);
        sandbox = Optional.of(held);
        reportRunning(pod, held);
        String addresses = String.join(", ", held.addresses());
        api.tell(
                pod,
                new Events.News(false, "Started", "Started echo servers instead of images, at " + addresses),
                settings.place().name());
    }

    /** The pod runs already, so a report that fails is not a reason to begin anew. */
    private void reportRunning(PodFacts pod, Sandbox held) {
        try {
            api.report(pod, status(pod).running(held.addresses()));
        } catch (RuntimeException failure) {
            LOG.log(WARNING, settings.place().name() + " cannot report " + pod + ": " + failure.getMessage());
            var _ = executor.schedule(() -> reportRunning(pod, held), RETRY_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    private PodStatus status(PodFacts pod) {
        List<String> host =
                settings.place().addresses().stream().map(Object::toString).toList();
        return new PodStatus(pod, host, started);
    }

    private void complain(PodFacts pod, RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        boolean expected = failure instanceof CniException refused && refused.code() == CniException.TRY_AGAIN_LATER;
        tell(pod, message, expected);
        if (message.equals(lastComplaint)) {
            return;
        }
        lastComplaint = message;
        if (!expected) {
            LOG.log(WARNING, settings.place().name() + " " + pod + ": " + message);
        }
        try {
            if (!pod.isLeaving()) {
                api.report(pod, status(pod).waiting("ContainerCreating", message));
            }
        } catch (RuntimeException second) {
            LOG.log(WARNING, settings.place().name() + " cannot report " + pod + ": " + second.getMessage());
        }
    }

    /** Tries are many and the same: no more than one in a while is counted. That an agent is not there yet is no news at first. */
    private void tell(PodFacts pod, String message, boolean expected) {
        Instant now = Instant.now();
        boolean early = expected && now.isBefore(started.plus(NEWS));
        if (!pod.isLeaving() && !early && now.isAfter(nextNews)) {
            nextNews = now.plus(NEWS);
            api.tell(
                    pod,
                    new Events.News(true, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + message),
                    settings.place().name());
        }
    }
}
