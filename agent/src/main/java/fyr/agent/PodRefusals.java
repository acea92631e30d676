package fyr.agent;

import fyr.kernel.Tables;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.kernel.route.Route;
import java.util.Optional;

/** Which of the kernel's refusals concern the traffic of a pod. For the loop's thread. */
record PodRefusals(NodeReconciler reconciler) {

    /**
     * Why the kernel would not carry the traffic of a new pod; empty if it would, whatever else was refused. Packet rules count as a whole:
     * they are one transaction, and without it a pod's policy is not in force.
     */
    Optional<String> ofEveryPod() {
        return reconciler.refusal(Tables.NFT);
    }

    /** Why the kernel does not carry the traffic of the pod behind this link; empty if it does, whatever else was refused. */
    Optional<String> of(String podLink) {
        return ofEveryPod()
                .or(() -> reconciler.refusal(
                        Tables.NEIGHBOURS, (key, _) -> key.link().equals(podLink)))
                .or(() -> reconciler.refusal(Tables.ROUTES, (_, route) -> leavesBy(route, podLink)));
    }

    private static boolean leavesBy(Route route, String link) {
        return switch (route) {
            case Route.Unicast unicast -> unicast.link().equals(link);
            case Route.Unreachable _ -> false;
        };
    }
}
