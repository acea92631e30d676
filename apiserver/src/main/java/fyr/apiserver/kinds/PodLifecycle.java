package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** A pod that a kubelet has ends when that kubelet says so. */
final class PodLifecycle implements Lifecycle {
    static final List<SelectableField> SELECTABLE = Stream.concat(
                    Stream.of(
                                    "spec.nodeName",
                                    "spec.restartPolicy",
                                    "spec.schedulerName",
                                    "spec.serviceAccountName",
                                    "status.phase",
                                    "status.podIP",
                                    "status.nominatedNodeName")
                            .map(SelectableField::of),
                    Stream.of(new SelectableField("spec.hostNetwork", "spec.hostNetwork", "false")))
            .toList();

    static void initial(ObjectNode pod) {
        Json.child(pod, "status").put("phase", "Pending").put("qosClass", "BestEffort");
        Defaults.text(Json.child(pod, "spec"), "serviceAccountName", "default");
    }

    /** None if no kubelet has the pod, for example because its node is gone, or if it has ended. */
    @Override
    public long grace(Others others, ObjectNode pod, Optional<Long> asked) {
        String phase = Json.text(pod, "status", "phase");
        String node = Json.text(pod, "spec", "nodeName");
        if (node.isEmpty()
                || others.find(Kinds.NODES, "", node).isEmpty()
                || phase.equals("Succeeded")
                || phase.equals("Failed")) {
            return 0;
        }
        long own = Json.number(pod, 30, "spec", "terminationGracePeriodSeconds");
        return Math.clamp(asked.orElse(own), 0L, 86_400L);
    }

    @Override
    public boolean empty(Others others, ObjectNode pod) {
        return Json.number(pod, 0, "metadata", "deletionGracePeriodSeconds") <= 0;
    }
}
