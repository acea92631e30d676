package fyr.lab.kubelet;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet reports of a pod (core/v1 PodStatus). Pure. */
final class PodStatus {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PodFacts pod;
    private final List<String> hostAddresses;
    private final Instant started;

    /** For a pod of this node, whose addresses these are, begun at that time. */
    PodStatus(PodFacts pod, List<String> hostAddresses, Instant started) {
        this.pod = pod;
        this.hostAddresses = hostAddresses;
        this.started = started;
    }

    /** It runs and is ready. */
    ObjectNode running(List<String> addresses) {
        ObjectNode running = JSON.objectNode();
        running.putObject("running").put("startedAt", started.toString());
        return status("Running", "True", addresses, running);
    }

    /** It has done its work. */
    ObjectNode succeeded() {
        return status("Succeeded", "False", List.of(), completed());
    }

    /** It cannot be started yet, for this reason. */
    ObjectNode waiting(String reason, String message) {
        ObjectNode waiting = JSON.objectNode();
        waiting.putObject("waiting").put("reason", reason).put("message", message);
        return status("Pending", "False", List.of(), waiting);
    }

    private ObjectNode status(String phase, String ready, List<String> addresses, ObjectNode state) {
        ObjectNode status = JSON.objectNode()
                .put("phase", phase)
                .put("qosClass", "BestEffort")
                .put("startTime", started.toString());
        ArrayNode conditions = status.putArray("conditions");
        for (String type :
                List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")) {
            boolean early = type.equals("PodScheduled") || type.equals("Initialized");
            ObjectNode condition = conditions.addObject().put("type", type).put("status", early ? "True" : ready);
            condition.put("lastTransitionTime", started.toString());
            if (phase.equals("Succeeded") && !early) {
                condition.put("reason", "PodCompleted");
            }
        }
        addresses("hostIP", hostAddresses, status);
        addresses("podIP", addresses, status);
        containers("initContainerStatuses", pod.initContainers(), state, status);
        containers("containerStatuses", pod.containers(), state, status);
        return status;
    }

    private static void addresses(String field, List<String> addresses, ObjectNode status) {
        if (!addresses.isEmpty()) {
            status.put(field, addresses.getFirst());
            ArrayNode all = status.putArray(field + "s");
            addresses.forEach(address -> all.addObject().put("ip", address));
        }
    }

    private void containers(String field, List<JsonNode> containers, ObjectNode state, ObjectNode status) {
        if (containers.isEmpty()) {
            return;
        }
        ArrayNode all = status.putArray(field);
        for (JsonNode container : containers) {
            boolean done = field.startsWith("init") && !PodFacts.isSidecar(container) && state.has("running");
            ObjectNode own = done ? completed() : state;
            String name = container.path("name").asString();
            all.addObject()
                    .put("name", name)
                    .put("image", container.path("image").asString(""))
                    .put("imageID", "")
                    .put("containerID", "fyr://" + pod.uid() + "/" + name)
                    .put("restartCount", 0)
                    .put("started", own.has("running"))
                    .put("ready", own.has("running") || done)
                    .set("state", own.deepCopy());
        }
    }

    private ObjectNode completed() {
        ObjectNode state = JSON.objectNode();
        state.putObject("terminated")
                .put("exitCode", 0)
                .put("reason", "Completed")
                .put("startedAt", started.toString())
                .put("finishedAt", started.toString());
        return state;
    }
}
