package fyr.agent;

import fyr.agent.Inbox.Waiter;
import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.persistent.PersistentMap;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The one thread that owns the node's state: it takes what has arrived since the last round, compiles, reconciles, and notifies those who
 * wait. It works as soon as something arrives. Arrivals during a round are collected, so that a burst costs one round and not many.
 */
final class AgentLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Duration STOP = Duration.ofSeconds(5);

    /** How long a change may be delayed by one step of reading a large table. */
    private static final Duration STEP_OF_A_LOOK = Duration.ofMillis(10);

    private final Inbox inbox;
    private final Agenda agenda = new Agenda(System::nanoTime);
    private final NodeReconciler reconciler;
    private final PodRefusals refusals;
    private final IdentityFinder identities;
    private final LivePods pods;
    private final RoundFollower follower;
    private final Consumer<Throwable> fatal;
    private final Thread thread;

    private Optional<ClusterSnapshot> snapshot = Optional.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private PersistentMap<String, Attachment> live = PersistentMap.empty();
    private Optional<NodePlan> plan = Optional.empty();
    private volatile Readiness readiness = new Readiness.NotReady("the API server has not been heard yet");
    private final Progress progress;
    private volatile boolean stopping;
    private boolean repairable;

    /**
     * @param fatal receives errors that no round can survive; the loop has ended then, and the process is of no further use
     */
    AgentLoop(
            Inbox inbox,
            NodeReconciler reconciler,
            IdentityFinder identities,
            LivePods pods,
            RoundFollower follower,
            Consumer<Throwable> fatal) {
        this.inbox = inbox;
        this.reconciler = reconciler;
        this.refusals = new PodRefusals(reconciler);
        this.identities = identities;
        this.pods = pods;
        this.follower = follower;
        this.fatal = fatal;
        // A platform thread: it makes blocking native calls, which would block other virtual threads.
        thread = Thread.ofPlatform().name("agent-loop").unstarted(this::run);
        progress = new Progress(
                System::nanoTime, () -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
        reconciler.whenStepped(progress::step);
    }

    void start() {
        thread.start();
    }

    /** Where others hand in what concerns the loop. */
    Inbox inbox() {
        return inbox;
    }

    /** Whether the kernel follows the cluster. */
    Readiness readiness() {
        return readiness;
    }

    /** For how long the loop has had work to do and made no progress with it. */
    Duration standstill() {
        return progress.standstill();
    }

    private void run() {
        try {
            while (!stopping) {
                progress.idle();
                Inbox.Batch batch = inbox.take(isBusy() ? Duration.ZERO : agenda.left());
                progress.step();
                work(batch);
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the loop was interrupted");
        } catch (RuntimeException | Error e) {
            fatal.accept(e);
            throw e;
        }
    }

    /** Whether there is work that need not wait: a look that has not finished, or something that it found. */
    private boolean isBusy() {
        return reconciler.isLooking() || isRepairing();
    }

    private boolean isRepairing() {
        return repairable && reconciler.isInDoubt();
    }

    /** A look makes one step between two rounds, so that neither delays the other for long. */
    private void work(Inbox.Batch batch) {
        if (agenda.takeGlance()) {
            reconciler.poll();
        }
        if (batch.isAnything() || agenda.isDue() || isRepairing()) {
            turn(batch);
        }
        if (reconciler.isLooking() && !reconciler.look(STEP_OF_A_LOOK.toNanos())) {
            agenda.failed();
        }
    }

    private void turn(Inbox.Batch batch) {
        Round round = attempt(batch);
        readiness = Readiness.all(round.readiness(), sight());
        repairable = round.plan().isPresent();
        batch.waiting.forEach(waiter -> answer(waiter, round));
        boolean nothingLeft = tell(round);
        if (nothingLeft && round.settled() && !reconciler.isUnseen()) {
            agenda.succeeded();
        } else {
            agenda.failed();
        }
    }

    private Readiness sight() {
        return reconciler.isUnseen()
                ? new Readiness.Strained("the changes of others in the kernel could not be read; retrying, see the log")
                : new Readiness.Ready();
    }

    private Round attempt(Inbox.Batch batch) {
        try {
            return round(batch);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private boolean tell(Round round) {
        try {
            return follower.ended(round);
        } catch (RuntimeException e) {
            readiness = failed(e).readiness();
            return false;
        }
    }

    /** No error in a round may end the loop: otherwise the node would stay as it is for ever and look healthy. */
    private Round failed(RuntimeException failure) {
        LOG.log(stopping ? Level.DEBUG : Level.ERROR, "a round failed; retrying", failure);
        reconciler.suspectAll();
        return new Round.Failed(failure.toString());
    }

    private Round round(Inbox.Batch batch) {
        batch.snapshot.ifPresent(next -> snapshot = Optional.of(next));
        batch.attachments.ifPresent(next -> attachments = next);
        boolean everything = agenda.takeFullLook();
        if (everything || batch.news.overrun()) {
            reconciler.suspectAll();
        }
        boolean podLinks = note(batch.news);
        live = everything || podLinks || agenda.hasFailed()
                ? pods.listPresent(attachments)
                : pods.listPresentIfAnyWasMissing(attachments);
        return snapshot.map(this::follow).orElseGet(() -> new Round.NoPlan("the API server has not been heard yet"));
    }

    /** Whether something happened that the links of pods may not have survived. */
    private boolean note(KernelNews news) {
        if (news.isEmpty()) {
            return false;
        }
        agenda.resetBackOff();
        news.note(reconciler);
        if (news.concernsUplink()) {
            identities.forget(); // the uplink may have another MTU or address now
        }
        // A link without an attachment is one that a DEL is removing.
        Set<String> down = new HashSet<>();
        if (!news.podLinksDown().isEmpty()) {
            attachments.forEach((_, pod) -> down.add(pod.hostLink()));
            down.retainAll(news.podLinksDown());
        }
        for (String link : down) {
            if (pods.setUpAgain(link)) {
                reconciler.note(Set.of(Subject.POD_LINK));
            }
        }
        return !down.isEmpty() || news.concernsUplink();
    }

    private Round follow(ClusterSnapshot now) {
        return switch (identities.find(now)) {
            case IdentityFinder.Found(NodeIdentity identity) -> reconcile(now, identity);
            case IdentityFinder.Missing(String why) -> new Round.NoPlan(why);
        };
    }

    /**
     * A pod's link may disappear after the links were listed. What is refused for that reason is not reported; the round is planned again
     * without the pod. That ends: each time there are fewer pods.
     */
    private Round reconcile(ClusterSnapshot now, NodeIdentity identity) {
        while (true) {
            Set<String> vanished = new HashSet<>();
            Round round = reconcile(now, identity, vanished);
            if (vanished.isEmpty()) {
                return round;
            }
            live = LivePods.without(live, vanished);
        }
    }

    private Round reconcile(ClusterSnapshot now, NodeIdentity identity, Set<String> vanished) {
        follower.began(now);
        NodePlan next = Compiler.compile(NodeInputs.of(identity).with(now).withAttachments(live), plan);
        progress.step();
        plan = Optional.of(next);
        follower.planned(next);
        boolean applied = reconciler.reconcile(next.kernel(), links -> {
            vanished.addAll(pods.vanishedOf(live, links));
            return vanished;
        });
        return applied
                ? new Round.Applied(next)
                : new Round.PartlyApplied(next, reconciler.refusal().orElse("see the log"), refusals.ofEveryPod());
    }

    private void answer(Waiter waiter, Round round) {
        Optional<String> obstacle = waiter.added().flatMap(pod -> obstacle(pod, round));
        obstacle.ifPresentOrElse(
                why -> waiter.done().completeExceptionally(new AgentException(why)),
                () -> waiter.done().complete(null));
    }

    /** Why the kernel does not carry a pod's traffic. Refusals that concern other pods are ignored. */
    private Optional<String> obstacle(Attachment pod, Round round) {
        return switch (round) {
            case Round.NoPlan(String why) -> Optional.of(why);
            case Round.Failed(String why) -> Optional.of(why);
            case Round.Applied _ -> live.containsKey(pod.key()) ? Optional.empty() : Optional.of("its link is gone");
            case Round.PartlyApplied _ ->
                live.containsKey(pod.key()) ? refusals.of(pod.hostLink()) : Optional.of("its link is gone");
        };
    }

    /** Returns when the current round has ended, or after five seconds. After the end of the round its resources may be closed. */
    @Override
    public void close() {
        stopping = true;
        inbox.wake();
        try {
            if (thread.isAlive() && !thread.join(STOP)) {
                LOG.log(Level.WARNING, "the loop is busy; it is not waited for any longer");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
