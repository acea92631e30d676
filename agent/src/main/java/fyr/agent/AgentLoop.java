package fyr.agent;

import fyr.compiler.Compiler;
import fyr.compiler.NodeIdentity;
import fyr.compiler.NodePlan;
import fyr.kernel.KernelEvent;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.persistent.PersistentMap;
import fyr.reconciler.NodeReconciler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The one thread that owns the node's state: takes what arrived since it last looked, compiles, reconciles, and tells who waited. It works
 * as soon as something arrives; while it works, arrivals gather, so that a burst costs one round and not many.
 */
final class AgentLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration SLOW_TIMER = Duration.ofMinutes(5);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    private final Inbox inbox = new Inbox();
    private final NodeReconciler reconciler;
    private final IdentityFinder identities;
    private final LivePods pods;
    private final PlanFollower follower;
    private final Thread thread;

    private Optional<ClusterSnapshot> snapshot = Optional.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private PersistentMap<String, Attachment> live = PersistentMap.empty();
    private Optional<NodePlan> plan = Optional.empty();
    private Duration retry = FIRST_RETRY;
    private boolean followed; // whether the kernel did as the last plan says
    private long doubted = System.nanoTime(); // when all was last to be read anew
    private volatile Readiness readiness = new Readiness.NotReady("the API server has not been heard yet");
    private volatile Optional<Long> roundBegan = Optional.empty();

    AgentLoop(NodeReconciler reconciler, IdentityFinder identities, LivePods pods, PlanFollower follower) {
        this.reconciler = reconciler;
        this.identities = identities;
        this.pods = pods;
        this.follower = follower;
        // A platform thread: it makes blocking native calls, which would hold up other virtual threads.
        thread = Thread.ofPlatform().name("agent-loop").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Hands in what the cluster looks like now. */
    void snapshot(ClusterSnapshot next) {
        inbox.put(batch -> batch.snapshot = Optional.of(next));
    }

    /** Hands in the node's pods. The result completes once the kernel knows them. */
    CompletableFuture<Void> attachments(PersistentMap<String, Attachment> next) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        inbox.put(batch -> {
            batch.attachments = Optional.of(next);
            batch.waiting.add(done);
        });
        return done;
    }

    /** Hands in something that the kernel said. */
    void event(KernelEvent event) {
        inbox.put(batch -> batch.events.add(event));
    }

    /** Whether the kernel follows the cluster. */
    Readiness readiness() {
        return readiness;
    }

    /** For how long the loop has been busy with one round; zero while it waits. */
    Duration busyFor() {
        return roundBegan.map(began -> Duration.ofNanos(System.nanoTime() - began)).orElse(Duration.ZERO);
    }

    private void run() {
        Duration wait = SLOW_TIMER;
        while (!Thread.currentThread().isInterrupted()) {
            Inbox.Batch batch;
            try {
                batch = inbox.take(wait);
            } catch (InterruptedException stopped) {
                return;
            }
            roundBegan = Optional.of(System.nanoTime());
            wait = attempt(batch) ? SLOW_TIMER : nextRetry();
            roundBegan = Optional.empty();
        }
    }

    /** Nothing that goes wrong in a round may end the loop: the node would stay as it is for ever, and look healthy. */
    private boolean attempt(Inbox.Batch batch) {
        try {
            return round(batch);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a round failed and is tried again", e);
            reconciler.suspectAll();
            readiness = new Readiness.NotReady("a round failed: " + e);
            keepWaiting(batch);
            return false;
        }
    }

    private void keepWaiting(Inbox.Batch batch) {
        inbox.put(later -> later.waiting.addAll(0, batch.waiting));
    }

    private Duration nextRetry() {
        Duration now = retry;
        Duration doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
        return now;
    }

    private boolean round(Inbox.Batch batch) {
        batch.snapshot.ifPresent(next -> snapshot = Optional.of(next));
        batch.attachments.ifPresent(next -> attachments = next);
        batch.events.forEach(this::note);
        if (batch.attachments.isPresent() || !batch.events.isEmpty() || batch.isEmpty()) {
            live = pods.among(attachments);
        }
        if (!batch.events.isEmpty()) {
            identities.forget(); // the uplink may have another MTU or address now
        }
        boolean slowTimer = System.nanoTime() - doubted >= SLOW_TIMER.toNanos();
        if (batch.isEmpty() && (slowTimer || !followed)) {
            reconciler.suspectAll(); // trust nothing; but what is tried again beside the kernel is no reason to read all of it
            doubted = System.nanoTime();
        }
        boolean done = snapshot.map(this::follow).orElse(true);
        if (done) {
            retry = FIRST_RETRY;
        }
        if (done || followed) {
            batch.waiting.forEach(waiting -> waiting.complete(null));
        } else {
            keepWaiting(batch);
        }
        return done;
    }

    private void note(KernelEvent event) {
        if (!(event instanceof KernelEvent.PodLinkDown(String link)) || pods.setUpAgain(link)) {
            reconciler.note(event);
        }
    }

    private boolean follow(ClusterSnapshot now) {
        return switch (identities.find(now)) {
            case IdentityFinder.Found(NodeIdentity identity) -> reconcile(now, identity);
            case IdentityFinder.Missing(String why) -> {
                readiness = new Readiness.NotReady(why);
                yield true; // nothing to try again: the next snapshot or link event will tell
            }
        };
    }

    private boolean reconcile(ClusterSnapshot now, NodeIdentity identity) {
        NodePlan next = Compiler.compile(now, identity, live, plan);
        plan = Optional.of(next);
        follower.planned(next);
        followed = reconciler.reconcile(next.kernel());
        if (followed) {
            follower.applied(next);
            readiness = new Readiness.Ready();
        } else {
            readiness = new Readiness.NotReady("the kernel refused a change; see the log");
        }
        boolean nothingLeft = follower.attempted(next);
        return followed && nothingLeft;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
