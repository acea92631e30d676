package fyr.agent;

import fyr.cni.AttachmentListener;
import fyr.cni.CniServer;
import fyr.cni.CniService;
import fyr.cni.Installer;
import fyr.cni.PodNetwork;
import fyr.cni.Serving;
import fyr.compiler.NodePlan;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.pod.PodLinks;
import fyr.model.Attachment;
import fyr.model.address.IpAddress;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Serves the container runtime: the CNI socket from the start, and pods as soon as there is a plan that contains this node. The
 * consequences of the loop's rounds are carried out in order on a separate thread, because it may have to wait for GC and the loop must
 * not.
 */
final class PodAttachment implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final AgentOptions options;
    private final CniService service;
    private final CniServer server;
    private final Installer installer;
    private final ExecutorService steward = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("pod-attachment").factory());
    private Serving serving = new Serving.Closed("the agent is starting");
    private volatile Readiness readiness =
            new Readiness.NotReady("pods cannot be attached yet: no plan has been followed");

    private PodAttachment(AgentOptions options, CniService service, CniServer server, Installer installer) {
        this.options = options;
        this.service = service;
        this.server = server;
        this.installer = installer;
    }

    /**
     * @throws AgentException if a directory or the socket cannot be used
     */
    static PodAttachment start(
            AgentOptions options,
            PodLinks links,
            Conntrack conntrack,
            AttachmentListener listener,
            Consumer<Observation> observer) {
        try {
            String bootId = Files.readString(BOOT_ID).strip();
            CniService service = CniService.open(
                    options.directories().state().resolve("attachments"), bootId, links, conntrack, listener);
            try {
                return start(options, service, observer);
            } catch (IOException | RuntimeException e) {
                service.close();
                throw e;
            }
        } catch (IOException e) {
            throw new AgentException(
                    "cannot serve the container runtime: " + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "; see --state-dir, --run-dir, --cni-bin-dir and --cni-conf-dir",
                    e);
        }
    }

    private static PodAttachment start(AgentOptions options, CniService service, Consumer<Observation> observer)
            throws IOException {
        Path socket = options.directories().run().resolve("cni.sock");
        Path pending = options.directories().state().resolve("pending");
        Installer installer = new Installer(
                options.directories().cniBin(), options.directories().cniConf());
        installer.installExecutable(socket, pending);
        return new PodAttachment(options, service, CniServer.start(socket, pending, service, observer), installer);
    }

    Readiness readiness() {
        return readiness;
    }

    PersistentMap<String, Attachment> attachments() {
        return service.attachments();
    }

    /** The network namespace of the pod that has an address. */
    Optional<Path> namespace(IpAddress address) {
        return service.namespace(address);
    }

    int count() {
        return service.attachments().size();
    }

    /** Releases what belongs to pods whose links are gone. */
    void heal() {
        server.heal();
    }

    /** Called on the agent's loop after every round. */
    void follow(Round round) {
        Serving next = serving(round);
        boolean announce = next instanceof Serving.Open && readiness instanceof Readiness.NotReady;
        if (!next.equals(serving) || announce) {
            serving = next;
            carryOut(next);
        }
    }

    private void carryOut(Serving next) {
        try {
            steward.execute(() -> serve(next));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "no pod is attached any more: the agent is stopping");
        }
    }

    private Serving serving(Round round) {
        return switch (round) {
            case Round.Applied(NodePlan plan) ->
                network(plan).<Serving>map(Serving.Open::new).orElseGet(() -> noAddresses(plan));
            case Round.PartlyApplied(NodePlan plan, var _, Optional<String> noPod) ->
                network(plan).map(network -> serving(network, noPod)).orElseGet(() -> noAddresses(plan));
            case Round.NoPlan(String why) -> new Serving.Closed(why);
            case Round.Failed(String why) ->
                switch (serving) {
                    case Serving.Open(PodNetwork network) -> new Serving.Limited(network, why);
                    case Serving.Limited(PodNetwork network, var _) -> new Serving.Limited(network, why);
                    case Serving.Closed closed -> closed;
                };
        };
    }

    /** Refusals that concern others are not reported to the runtime: a STATUS that fails makes the node not ready. */
    private static Serving serving(PodNetwork network, Optional<String> noPod) {
        return noPod.<Serving>map(why -> new Serving.Limited(network, why)).orElseGet(() -> new Serving.Open(network));
    }

    private Serving noAddresses(NodePlan plan) {
        return new Serving.Closed("Node '" + options.nodeName() + "' has no block of pod addresses that can be used"
                + plan.complaintsAboutSelf().stream()
                        .map(complaint -> "; " + complaint.text())
                        .collect(Collectors.joining()));
    }

    private Optional<PodNetwork> network(NodePlan plan) {
        return plan.self()
                .filter(node -> !node.podCidrs().isEmpty())
                .map(node -> new PodNetwork(node.podCidrs(), plan.podMtu()));
    }

    private void serve(Serving next) {
        service.serve(next);
        if (next instanceof Serving.Open && readiness instanceof Readiness.NotReady) {
            readiness = announce();
        }
    }

    /**
     * The configuration tells the runtime that the network is ready. Therefore it is written last, after the kernel follows a whole plan
     * for the first time.
     */
    private Readiness announce() {
        try {
            server.drain();
            installer.installConfiguration().ifPresent(foreign -> LOG.log(Level.WARNING, foreign));
            LOG.log(Level.INFO, "pods can be attached");
            return new Readiness.Ready();
        } catch (IOException e) {
            return new Readiness.NotReady("pods cannot be attached yet: " + e + "; see --state-dir and --cni-conf-dir");
        }
    }

    /** Finishes the current requests, then releases the state for another process. */
    @Override
    public void close() throws IOException {
        steward.shutdown();
        try (service) {
            server.close();
        }
    }
}
