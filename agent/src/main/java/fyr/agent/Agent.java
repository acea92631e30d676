package fyr.agent;

import fyr.cluster.ClusterWatch;
import fyr.cluster.access.AccessSource;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.event.EventWriter;
import fyr.compiler.NodePlan;
import fyr.compiler.policy.PodsOfPolicy;
import fyr.kernel.Errno;
import fyr.kernel.Kernel;
import fyr.kernel.KernelException;
import fyr.linux.LinuxKernel;
import fyr.model.Node;
import fyr.model.persistent.PersistentMap;
import fyr.observe.Metrics;
import fyr.observe.Observer;
import fyr.reconciler.NodeReconciler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The node daemon. Starting it connects the parts, with one small method for each; after that they run on their own threads. Closing it
 * stops the parts and leaves the kernel as it is: the network continues to work.
 */
public final class Agent implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    /** EX_SOFTWARE of sysexits.h. */
    private static final int HALTED = 70;

    private static final Duration STUCK = Duration.ofSeconds(30);

    private final AgentOptions options;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Metrics metrics = new Metrics();
    private final Observer observer = new Observer(metrics);

    /** As they were heard last. */
    private volatile PersistentMap<String, Node> nodes = PersistentMap.empty();

    private Agent(AgentOptions options) {
        this.options = options;
    }

    /**
     * Starts an agent in the calling thread's network namespace.
     *
     * @throws AgentException if it cannot; everything that had been started is stopped again
     */
    public static Agent start(AgentOptions options) {
        Agent agent = new Agent(options);
        try {
            agent.wire();
            return agent;
        } catch (RuntimeException e) {
            agent.close();
            throw explained(e);
        }
    }

    private static RuntimeException explained(RuntimeException failure) {
        return failure instanceof KernelException refused && refused.errno().equals(Errno.EPERM)
                ? new AgentException(
                        "the kernel does not let this user change the network (" + refused.getMessage()
                                + "); run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN",
                        refused)
                : failure;
    }

    private void wire() {
        ApiClient client = part(ApiClient.connect(access()));
        Rehearsal.play(options.overlay());
        Kernel kernel = part(LinuxKernel.open());
        PlanComplaints complaints = new PlanComplaints(observer);
        observer.alsoTell(part(EventWriter.start(
                client, options.nodeName(), () -> nodes.sorted().keySet())));
        PodAttachment[] pods = new PodAttachment[1];
        DnsShares shares =
                part(new DnsShares(kernel.meters(), () -> pods[0].attachments(), observer, System::nanoTime));
        ClusterDns dns = part(new ClusterDns(options, metrics, shares::refused));
        FlowCleaner flows = part(FlowCleaner.start(new StaleFlows(kernel.conntrack())));
        NodeReconciler reconciler = new NodeReconciler(kernel, observer);
        LivePods livePods =
                new LivePods(kernel.podLinks()::hostEnds, kernel.podLinks()::setUp, () -> pods[0].heal(), observer);
        AgentLoop loop = part(new AgentLoop(
                reconciler,
                new IdentityFinder(options, kernel.hostLinks(), () -> NeededHosts.of(options, client.server())),
                livePods,
                new RoundFollower() {
                    @Override
                    public void planned(NodePlan plan) {
                        dns.show(plan.names());
                        complaints.follow(plan);
                    }

                    @Override
                    public boolean ended(Round round) {
                        if (new PodRefusals(reconciler).ofEveryPod().isEmpty()) {
                            round.plan().ifPresent(plan -> flows.follow(plan.parts()));
                        }
                        pods[0].follow(round);
                        return round.plan()
                                .map(plan -> dns.serve(plan.parts().identity().dnsAddresses()))
                                .orElse(true);
                    }
                },
                Agent::halt));
        // Comes first, before anything is written: an unprivileged user may not do this.
        part(kernel.subscribe(loop::event));
        pods[0] =
                part(PodAttachment.start(options, kernel.podLinks(), kernel.conntrack(), loop::attachments, observer));
        serveHealth(loop, pods[0], dns, part(ConntrackWatch.start(kernel.conntrack(), metrics)));
        loop.start();
        shares.start();
        part(HeapTrim.start());
        ClusterWatch watch = part(ClusterWatch.start(
                client,
                options.nodeName(),
                PodsOfPolicy::of,
                snapshot -> {
                    nodes = snapshot.nodes();
                    loop.snapshot(snapshot);
                },
                observer));
        metrics.gauge(
                "fyr_watch_silence_seconds",
                "Time since the last word on the watch that waits longest; bookmarks come each minute.",
                () -> watch.silence().map(silence -> silence.toMillis() / 1e3).orElse(Double.NaN));
        LOG.log(Level.INFO, "agent of node {0} follows {1}", options.nodeName(), client.server());
    }

    /** An agent without its loop is useless but looks healthy, so the process ends and its supervisor restarts it. */
    private static void halt(Throwable error) {
        try {
            LOG.log(Level.ERROR, "the agent cannot go on", error);
        } finally {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    private AccessSource access() {
        return options.kubeconfig()
                .<AccessSource>map(Kubeconfig::new)
                .orElseGet(() -> AccessSource.inCluster(options.apiServer()));
    }

    private void serveHealth(AgentLoop loop, PodAttachment pods, ClusterDns dns, ConntrackWatch connections) {
        HeapRoom heap = part(HeapRoom.watch(shortage -> LOG.log(Level.WARNING, shortage)));
        part(HealthServer.start(
                options.health(),
                () -> alive(loop),
                () -> Readiness.all(loop.readiness(), pods.readiness(), dns.readiness(), connections.readiness()),
                heap::shortage,
                metrics));
        metrics.gauge("fyr_pods", "Pods attached to this node.", pods::count);
        Runtime runtime = Runtime.getRuntime();
        metrics.gauge(
                "fyr_heap_needed_ratio",
                "Share of the heap's bound that was in use after the last collection of everything; beyond 0.85 it is too small.",
                () -> heap.share().orElse(Double.NaN));
        metrics.gauge("fyr_heap_bytes", "Heap in use.", () -> runtime.totalMemory() - runtime.freeMemory());
    }

    private static Readiness alive(AgentLoop loop) {
        Duration standstill = loop.standstill();
        return standstill.compareTo(STUCK) < 0
                ? new Readiness.Ready()
                : new Readiness.NotReady("the agent's loop has made no progress for " + standstill.toSeconds() + " s");
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** Stops all parts, the last started first. The kernel is left as it is. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "while stopping: {0}", e.toString());
            }
        }
    }
}
