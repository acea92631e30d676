package fyr.agent;

import fyr.agent.observe.Metrics;
import fyr.agent.observe.ObservationLog;
import fyr.agent.observe.Observer;
import fyr.agent.query.QueryServer;
import fyr.agent.query.QuerySources;
import fyr.cluster.ClusterWatch;
import fyr.cluster.access.AccessSource;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.event.EventWriter;
import fyr.compiler.NodePlan;
import fyr.compiler.policy.PodsOfPolicy;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.Errno;
import fyr.kernel.Kernel;
import fyr.kernel.KernelException;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.ClusterSnapshot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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

    private final ObservationLog observations = new ObservationLog(InstantSource.system());

    /** The cluster as it was heard last. */
    private volatile Optional<ClusterSnapshot> snapshot = Optional.empty();

    /** The plan of the last round. */
    private volatile Optional<NodePlan> plan = Optional.empty();

    private Agent(AgentOptions options) {
        this.options = options;
    }

    /**
     * Starts an agent in the calling thread's network namespace.
     *
     * @throws AgentException if it cannot; everything that had been started is stopped again
     */
    public static Agent start(AgentOptions options) {
        ApiClient client = ApiClient.connect(access(options));
        try {
            return start(ProxySettings.complete(options, client), client);
        } catch (RuntimeException e) {
            client.close();
            throw explained(e);
        }
    }

    private static Agent start(AgentOptions options, ApiClient client) {
        Agent agent = new Agent(options);
        try {
            agent.wire(agent.part(client));
            return agent;
        } catch (RuntimeException e) {
            agent.close();
            throw e;
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

    /** Connects the parts. Each finds what it needs among those before it: events and requests wait in the inbox until the loop starts. */
    private void wire(ApiClient client) {
        options.network().remark().ifPresent(text -> LOG.log(Level.WARNING, text));
        Rehearsal.play(options.network(), ProxyServices.of(options).scheduler());
        options.proxy()
                .configuration()
                .ifPresent(proxy -> ConntrackSize.ofThisNode().raise(proxy.conntrack()));
        Kernel kernel = part(LinuxKernel.open());
        observer.alsoTell(observations);
        observer.alsoTell(part(EventWriter.start(
                client,
                options.nodeName(),
                () -> snapshot.<Collection<String>>map(
                                now -> now.nodes().sorted().keySet())
                        .orElse(List.of()))));
        Inbox inbox = new Inbox();
        // Comes first, before anything is written: an unprivileged user may not do this.
        part(kernel.subscribe(inbox::event));
        PodAttachment pods =
                part(PodAttachment.start(options, kernel.podLinks(), kernel.conntrack(), inbox::attachments, observer));
        DnsShares shares = part(new DnsShares(kernel.meters(), pods::attachments, observer, System::nanoTime));
        ClusterDns dns = part(new ClusterDns(options, metrics, shares::refused));
        ProxyServing proxy = part(ProxyServing.start(options, () -> snapshot, observer));
        AgentLoop loop = loop(inbox, client, kernel, pods, dns, proxy);
        ConntrackWatch connections = part(ConntrackWatch.start(kernel.conntrack(), metrics));
        Supplier<Readiness> ready =
                () -> Readiness.all(loop.readiness(), pods.readiness(), dns.readiness(), connections.readiness());
        serveHealth(loop, pods, ready);
        loop.start();
        shares.start();
        watchConnections(kernel, pods);
        part(HeapTrim.start());
        Optional<LoadBalancing> balancing = balancing(client, kernel, loop);
        serveQueries(client, pods, ready, watch(client, inbox, proxy, balancing), balancing);
        LOG.log(Level.INFO, "agent of node {0} follows {1}", options.nodeName(), client.server());
    }

    private AgentLoop loop(
            Inbox inbox, ApiClient client, Kernel kernel, PodAttachment pods, ClusterDns dns, ProxyServing proxy) {
        PlanComplaints complaints = new PlanComplaints(observer);
        FlowCleaner<ServiceTable> flows =
                part(FlowCleaner.start("flow-cleaner", staleFlows(kernel, pods, proxy)::follow));
        FlowCleaner<NodePlan> hostPortFlows = part(FlowCleaner.start(
                "host-port-flows", new StaleHostPortFlows(kernel.conntrack(), kernel.hostLinks())::follow));
        NodeReconciler reconciler = new NodeReconciler(kernel, observer);
        PodRefusals refusals = new PodRefusals(reconciler);
        return part(new AgentLoop(
                inbox,
                reconciler,
                new IdentityFinder(options, kernel.hostLinks(), () -> NeededHosts.of(options, client.server())),
                new LivePods(
                        kernel.podLinks()::hostEnds,
                        kernel.podLinks()::existing,
                        kernel.podLinks()::setUp,
                        pods::heal,
                        observer),
                new RoundFollower() {
                    @Override
                    public void began(ClusterSnapshot next) {
                        proxy.began(next);
                    }

                    @Override
                    public void planned(NodePlan next) {
                        plan = Optional.of(next);
                        dns.show(next.names());
                        complaints.follow(next);
                    }

                    @Override
                    public boolean ended(Round round) {
                        if (refusals.ofEveryPod().isEmpty()) {
                            round.plan().ifPresent(followed -> flows.follow(followed.services()));
                            round.plan().ifPresent(hostPortFlows::follow);
                        }
                        round.plan()
                                .ifPresent(
                                        _ -> proxy.ended(refusals.ofEveryPod().isEmpty()));
                        pods.follow(round);
                        return round.plan()
                                .map(followed -> dns.serve(followed.dnsAddresses()))
                                .orElse(true);
                    }
                },
                Agent::halt));
    }

    private void watchConnections(Kernel kernel, PodAttachment pods) {
        part(new ConntrackAlarm(
                        kernel.conntrack(),
                        pods::attachments,
                        () -> plan.map(NodePlan::services),
                        observer,
                        System::nanoTime,
                        InstantSource.system()))
                .start();
        options.network()
                .connectionsPerPod()
                .ifPresent(most -> part(new PodConnections(
                                most, kernel.meters(), pods::attachments, observer, System::nanoTime))
                        .start());
    }

    private StaleFlows staleFlows(Kernel kernel, PodAttachment pods, ProxyServing proxy) {
        Optional<ConnectionResets> resets = options.network().resetConnections()
                ? Optional.of(new ConnectionResets(kernel.conntrack(), kernel.sockets(), pods::namespace))
                : Optional.empty();
        return new StaleFlows(kernel.conntrack(), resets, proxy::flowsRemoved);
    }

    private Optional<LoadBalancing> balancing(ApiClient client, Kernel kernel, AgentLoop loop) {
        if (!options.loadBalancer()) {
            return Optional.empty();
        }
        LoadBalancing balancing = part(LoadBalancing.start(
                client,
                options.nodeName(),
                kernel.hostLinks(),
                () -> loop.readiness() instanceof Readiness.Ready,
                observer));
        metrics.gauge(
                "fyr_announced_addresses", "Load balancer addresses that this node answers for.", balancing::announced);
        metrics.gauge(
                "fyr_assigns_addresses",
                "Whether this agent assigns load balancer addresses, which one agent of the cluster does.",
                () -> balancing.leads() ? 1 : 0);
        return Optional.of(balancing);
    }

    private ClusterWatch watch(ApiClient client, Inbox inbox, ProxyServing proxy, Optional<LoadBalancing> balancing) {
        ClusterWatch watch = part(ClusterWatch.start(
                client,
                options.nodeName(),
                PodsOfPolicy::of,
                next -> {
                    snapshot = Optional.of(next);
                    proxy.heard(next);
                    inbox.snapshot(next);
                    balancing.ifPresent(part -> part.snapshot(next));
                },
                observer));
        metrics.gauge(
                "fyr_watch_silence_seconds",
                "Time since the last word on the watch that waits longest; bookmarks come each minute.",
                () -> watch.silence().map(silence -> silence.toMillis() / 1e3).orElse(Double.NaN));
        return watch;
    }

    private void serveQueries(
            ApiClient client,
            PodAttachment pods,
            Supplier<Readiness> ready,
            ClusterWatch watch,
            Optional<LoadBalancing> balancing) {
        QuerySources sources = new QuerySources(
                options.nodeName(),
                client.server(),
                Instant.now(),
                () -> snapshot,
                () -> plan,
                () -> ready.get() instanceof Readiness.NotReady(String why) ? Optional.of(why) : Optional.empty(),
                pods::attachments,
                watch::silence,
                LinuxKernel::open,
                observations,
                options.proxy().reading(),
                () -> balancing.map(LoadBalancing::state));
        try {
            part(QueryServer.start(options.directories().run().resolve("agent.sock"), sources));
        } catch (IOException e) {
            throw new AgentException(
                    "cannot serve queries in " + options.directories().run() + ": " + e.getMessage(), e);
        }
    }

    /** An agent without its loop is useless but looks healthy, so the process ends and its supervisor restarts it. */
    private static void halt(Throwable error) {
        try {
            LOG.log(Level.ERROR, "the agent cannot go on", error);
        } finally {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    private static AccessSource access(AgentOptions options) {
        return options.api()
                .kubeconfig()
                .<AccessSource>map(Kubeconfig::new)
                .orElseGet(() -> AccessSource.inCluster(options.api().server()));
    }

    private void serveHealth(AgentLoop loop, PodAttachment pods, Supplier<Readiness> ready) {
        HeapRoom heap = part(HeapRoom.watch(shortage -> LOG.log(Level.WARNING, shortage)));
        part(HealthServer.start(options.health(), () -> alive(loop), ready, heap::shortage, metrics));
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
