package fyr.bench;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.Kernel;
import fyr.kernel.link.HostLink;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.ClusterSnapshot;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import java.util.List;
import java.util.Optional;

/** A node as far as compiler and reconciler are concerned: what the agent's loop does with a snapshot. For one thread. */
final class BenchNode {

    static final String NAME = "node1";

    /** The same as in the agent's loop. */
    private static final long LOOK_STEP_NANOSECONDS = 10_000_000;

    static final NodeIdentity IDENTITY = new NodeIdentity(
            NAME,
            new HostLink("lo", 65536, List.of()),
            NodeIdentity.Overlay.AUTO,
            List.of(),
            List.of(Prefix.parse("10.244.0.0/16")));

    private final NodeReconciler reconciler;
    private final NodeIdentity identity;
    private Optional<NodePlan> plan = Optional.empty();
    private int writes;

    /** A node whose Services are carried out in the usual way. */
    BenchNode(Kernel kernel) {
        this(kernel, ServiceMode.NFTABLES);
    }

    BenchNode(Kernel kernel, ServiceMode mode) {
        identity = IDENTITY.withServices(ServiceOptions.USUAL.in(mode));
        reconciler = new NodeReconciler(kernel, this::observe);
    }

    private void observe(Observation observation) {
        switch (observation) {
            case Observation.Applied applied -> writes += applied.upserts() + applied.deletes();
            default -> refuse(observation);
        }
    }

    /** Ends the benchmark if the kernel refused something: its figures would be of something else. */
    static void refuse(Observation observation) {
        if (observation instanceof Observation.ApplyFailed failed) {
            throw new IllegalStateException("the kernel refused: " + failed);
        }
    }

    void compile(ClusterSnapshot snapshot) {
        plan = Optional.of(Compiler.compile(NodeInputs.of(identity).with(snapshot), plan));
    }

    /** Without earlier compiled plans. */
    void compileAnew(ClusterSnapshot snapshot) {
        plan = Optional.empty();
        compile(snapshot);
    }

    KernelPlan kernelPlan() {
        return plan.orElseThrow().kernel();
    }

    void reconcile() {
        if (!reconciler.reconcile(kernelPlan())) {
            throw new IllegalStateException("the kernel does not follow");
        }
    }

    void follow(ClusterSnapshot snapshot) {
        compile(snapshot);
        reconcile();
    }

    /** Everything is to be read again, as it is every five minutes. */
    void suspectAll() {
        reconciler.suspectAll();
    }

    boolean isLooking() {
        return reconciler.isLooking();
    }

    /** One step of a look, as the agent's loop makes it between two rounds. */
    void look() {
        reconciler.look(LOOK_STEP_NANOSECONDS);
    }

    /** How many entries were written since the last call. */
    int writes() {
        int written = writes;
        writes = 0;
        return written;
    }
}
