package fyr.agent;

import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.reconciler.NodeReconciler;
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
        return ofEveryPod().or(() -> of(Tables.NEIGHBOURS, podLink)).or(() -> of(Tables.ROUTES, podLink));
    }

    private <K extends Comparable<? super K>, V> Optional<String> of(TableId<K, V> table, String link) {
        return reconciler.refusal(
                table, (key, value) -> table.link().apply(key, value).equals(Optional.of(link)));
    }
}
