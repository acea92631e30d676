package fyr.agent;

import fyr.cni.AttachmentListener;
import fyr.cni.CniServer;
import fyr.cni.CniService;
import fyr.cni.Installer;
import fyr.cni.PodNetwork;
import fyr.compiler.NodePlan;
import fyr.compiler.routing.Overlay;
import fyr.kernel.pod.PodLinks;
import fyr.model.Node;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Serves the container runtime: the CNI socket from the start, pods from the moment that the kernel follows a plan with this node in it. */
final class PodAttachment implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.agent");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final AgentOptions options;
    private final CniService service;
    private final CniServer server;
    private final Installer installer;
    private volatile Readiness readiness = new Readiness.NotReady("pods cannot be attached yet: no plan has been followed");

    private PodAttachment(AgentOptions options, CniService service, CniServer server, Installer installer) {
        this.options = options;
        this.service = service;
        this.server = server;
        this.installer = installer;
    }

    /**
     * @throws AgentException if a directory or the socket cannot be used
     */
    static PodAttachment start(AgentOptions options, PodLinks links, AttachmentListener listener, Consumer<Observation> observer) {
        Path socket = options.runDirectory().resolve("cni.sock");
        Path pending = options.stateDirectory().resolve("pending");
        try {
            String bootId = Files.readString(BOOT_ID).strip();
            CniService service = CniService.open(options.stateDirectory().resolve("attachments"), bootId, links, listener);
            Installer installer = new Installer(options.cniBinDirectory(), options.cniConfDirectory());
            installer.installExecutable(socket, pending);
            return new PodAttachment(options, service, CniServer.start(socket, pending, service), installer);
        } catch (IOException e) {
            throw new AgentException("cannot serve the container runtime: " + e.getMessage()
                    + "; see --state-dir, --run-dir, --cni-bin-dir and --cni-conf-dir", e);
        }
    }

    Readiness readiness() {
        return readiness;
    }

    int count() {
        return service.attachments().size();
    }

    /** Gives back what belongs to pods whose links are gone. On a thread of its own: it waits until no pod is being attached. */
    void heal() {
        Thread.ofPlatform().name("heal").daemon().start(service::heal);
    }

    /** Called on the agent's loop whenever the kernel follows a plan. */
    void follow(NodePlan plan) {
        Optional<Node> self = plan.parts().routing().nodes().get(options.nodeName());
        self.ifPresent(node -> service.serve(new PodNetwork(node.podCidrs(), Overlay.podMtu(plan.parts().identity(), self))));
        if (self.isPresent() && readiness instanceof Readiness.NotReady) {
            announce();
        }
    }

    /** The configuration tells the runtime that the network is ready, so it comes last. */
    private void announce() {
        try {
            server.drain();
            installer.installConfiguration().ifPresent(foreign -> LOG.log(Level.WARNING, foreign));
            readiness = new Readiness.Ready();
            LOG.log(Level.INFO, "pods can be attached");
        } catch (IOException e) {
            readiness = new Readiness.NotReady("cannot install the CNI configuration in " + options.cniConfDirectory() + ": " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
