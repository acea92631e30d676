package fyr.lab.kubelet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet reports about a pod (core/v1 PodStatus). Pure. */
final class PodStatus {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PodFacts pod;
    private final List<String> hostAddresses;
    private final Instant started;
    private final Instant now;

    /** For a pod of this node, whose addresses these are, begun at that time. */
    PodStatus(PodFacts pod, List<String> hostAddresses, Instant started, Instant now) {
        this.pod = pod;
        this.hostAddresses = hostAddresses;
        this.started = started;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * The status in a state: everything that a kubelet owns of it. What others have written, such as the conditions of readiness gates, is
     * left out.
     */
    ObjectNode of(PodState state) {
        return switch (state) {
            case PodState.Waiting waiting -> {
                ObjectNode reason = JSON.objectNode();
                reason.putObject("waiting").put("reason", waiting.reason()).put("message", waiting.message());
                yield status("Pending", List.of(), container -> reason, Set.of(), Set.of());
            }
            case PodState.Running running -> {
                ObjectNode since = JSON.objectNode();
                since.putObject("running").put("startedAt", started.toString());
                yield status("Running", running.addresses(), container -> since, running.started(), running.ready());
            }
            case PodState.Completed completed ->
                status(
                        "Succeeded",
                        completed.addresses(),
                        container -> terminated(completed.finished()),
                        Set.of(),
                        Set.of());
            case PodState.Stopped stopped ->
                status("Running", stopped.addresses(), container -> terminated(stopped.finished()), Set.of(), Set.of());
        };
    }

    private interface ContainerState {
        ObjectNode of(JsonNode container);
    }

    private ObjectNode status(
            String phase, List<String> addresses, ContainerState state, Set<String> running, Set<String> ready) {
        ObjectNode status = JSON.objectNode().put("phase", phase).put("startTime", started.toString());
        boolean succeeded = phase.equals("Succeeded");
        boolean sandboxed = phase.equals("Running");
        List<String> unready = succeeded
                ? List.of()
                : pod.lasting().stream()
                        .map(container -> container.path("name").asString())
                        .filter(name -> !ready.contains(name))
                        .toList();
        String completed = succeeded ? "PodCompleted" : "";
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "PodReadyToStartContainers", sandboxed, "", "");
        condition(conditions, "Initialized", true, completed, "");
        boolean containersReady = !succeeded && unready.isEmpty();
        String why = succeeded ? completed : containersReady ? "" : "ContainersNotReady";
        String names = unready.isEmpty() ? "" : "containers with unready status: " + unready;
        condition(conditions, "ContainersReady", containersReady, why, names);
        Optional<String> gate = containersReady ? pod.closedGate() : Optional.empty();
        condition(
                conditions,
                "Ready",
                containersReady && gate.isEmpty(),
                gate.isPresent() ? "ReadinessGatesNotReady" : why,
                gate.orElse(names));
        condition(conditions, "PodScheduled", true, "", "");
        addresses("hostIP", hostAddresses, status);
        addresses("podIP", addresses, status);
        containers("initContainerStatuses", pod.initContainers(), state, running, ready, status);
        containers("containerStatuses", pod.containers(), state, running, ready, status);
        return status;
    }

    /** The time moves only with the status. */
    private void condition(ArrayNode conditions, String type, boolean holds, String reason, String message) {
        String value = holds ? "True" : "False";
        JsonNode before = pod.condition(type);
        boolean same = before.path("status").asString("").equals(value);
        String since = same ? before.path("lastTransitionTime").asString("") : "";
        conditions
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("lastTransitionTime", since.isEmpty() ? now.toString() : since)
                .put("reason", reason)
                .put("message", message);
    }

    private static void addresses(String field, List<String> addresses, ObjectNode status) {
        if (!addresses.isEmpty()) {
            status.put(field, addresses.getFirst());
            ArrayNode all = status.putArray(field + "s");
            addresses.forEach(address -> all.addObject().put("ip", address));
        }
    }

    private void containers(
            String field,
            List<JsonNode> containers,
            ContainerState state,
            Set<String> running,
            Set<String> ready,
            ObjectNode status) {
        if (containers.isEmpty()) {
            return;
        }
        ArrayNode all = status.putArray(field);
        for (JsonNode container : containers) {
            boolean once = field.startsWith("init") && !PodFacts.isSidecar(container);
            ObjectNode common = state.of(container);
            boolean done = once && !common.has("waiting");
            String name = container.path("name").asString();
            all.addObject()
                    .put("name", name)
                    .put("image", container.path("image").asString(""))
                    .put("imageID", "")
                    .put("containerID", "fyr://" + pod.uid() + "/" + name)
                    .put("restartCount", 0)
                    .put("started", !done && running.contains(name))
                    .put("ready", done || ready.contains(name))
                    .set("state", done ? terminated(started) : common.deepCopy());
        }
    }

    private ObjectNode terminated(Instant finished) {
        ObjectNode state = JSON.objectNode();
        state.putObject("terminated")
                .put("exitCode", 0)
                .put("reason", "Completed")
                .put("startedAt", started.toString())
                .put("finishedAt", finished.truncatedTo(ChronoUnit.SECONDS).toString());
        return state;
    }

    /** Whether the API server has everything that we report. It may add fields, and others may add conditions. */
    static boolean isReported(JsonNode ours, JsonNode theirs) {
        return switch (ours) {
            case ObjectNode object ->
                object.properties().stream().allMatch(field -> {
                    boolean optional = field.getValue().isString()
                            && field.getValue().asString().isEmpty();
                    return optional && !theirs.hasNonNull(field.getKey())
                            || isReported(field.getValue(), theirs.path(field.getKey()));
                });
            case ArrayNode list -> list.valueStream().allMatch(item -> isIn(item, theirs));
            default -> ours.equals(theirs);
        };
    }

    /** Conditions and containers have a name, by which they are found. */
    private static boolean isIn(JsonNode item, JsonNode list) {
        return list.valueStream()
                .filter(other -> item.path("type").equals(other.path("type"))
                        && item.path("name").equals(other.path("name")))
                .anyMatch(other -> isReported(item, other));
    }
}
