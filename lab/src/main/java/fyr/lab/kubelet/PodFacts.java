package fyr.lab.kubelet;

import fyr.lab.workload.EchoServer;
import fyr.model.Protocol;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/** A pod object from the point of view of a kubelet. */
record PodFacts(JsonNode json) {

    /** The annotation that, with the value {@code false}, keeps a pod from being ready. */
    static final String READY = "fyr.dev/ready";

    private static final int LONGEST_HOSTNAME = 63;
    private static final Duration DRAIN = Duration.ofSeconds(2);

    String uid() {
        return json.path("metadata").path("uid").asString("");
    }

    String name() {
        return json.path("metadata").path("name").asString("");
    }

    String namespace() {
        return json.path("metadata").path("namespace").asString("default");
    }

    String phase() {
        return json.path("status").path("phase").asString("");
    }

    boolean hostNetwork() {
        return spec().path("hostNetwork").asBoolean(false);
    }

    boolean isLeaving() {
        return json.path("metadata").hasNonNull("deletionTimestamp");
    }

    boolean hasEnded() {
        return phase().equals("Succeeded") || phase().equals("Failed");
    }

    /**
     * Whether it belongs to a Job, which waits for its end. Any other pod stays, whatever its restartPolicy: it exists to be a source and
     * target of traffic.
     */
    boolean runsToCompletion() {
        return list(json.path("metadata").path("ownerReferences")).stream()
                .anyMatch(owner -> owner.path("controller").asBoolean(false)
                        && owner.path("kind").asString("").equals("Job"));
    }

    JsonNode spec() {
        return json.path("spec");
    }

    List<JsonNode> containers() {
        return list(spec().path("containers"));
    }

    List<JsonNode> initContainers() {
        return list(spec().path("initContainers"));
    }

    /** The containers that keep running, sidecars (KEP-753) among them. */
    List<JsonNode> lasting() {
        return Stream.concat(containers().stream(), initContainers().stream().filter(PodFacts::isSidecar))
                .toList();
    }

    /** The condition of a type in the status; a missing node if there is none. */
    JsonNode condition(String type) {
        return list(json.path("status").path("conditions")).stream()
                .filter(condition -> condition.path("type").asString("").equals(type))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    /** The first readiness gate (KEP-580) whose condition does not hold, in a kubelet's words. */
    Optional<String> closedGate() {
        return list(spec().path("readinessGates")).stream()
                .map(gate -> gate.path("conditionType").asString(""))
                .filter(type -> !condition(type).path("status").asString("").equals("True"))
                .map(type -> condition(type).isMissingNode()
                        ? "corresponding condition of pod readiness gate \"" + type + "\" does not exist."
                        : "the status of pod readiness gate \"" + type + "\" is not \"True\", but "
                                + condition(type).path("status").asString(""))
                .findFirst();
    }

    /** Whether somebody wants it not to be ready: this replaces the probes that cannot be run here, because no image runs. */
    boolean heldBack() {
        return json.path("metadata")
                .path("annotations")
                .path(READY)
                .asString("")
                .equals("false");
    }

    /**
     * How long it continues to answer after its deletion: the sleep of its {@code preStop} hooks, which run in parallel, and then the time
     * that a well-behaved program needs to finish; never beyond the grace period.
     */
    Duration farewell() {
        long sleep = lasting().stream()
                .mapToLong(container -> container
                        .path("lifecycle")
                        .path("preStop")
                        .path("sleep")
                        .path("seconds")
                        .asLong(0))
                .max()
                .orElse(0);
        long grace = json.path("metadata").path("deletionGracePeriodSeconds").asLong(0);
        return Duration.ofSeconds(Math.clamp(sleep + DRAIN.toSeconds(), 0, Math.max(0, grace)));
    }

    /** The ports of the containers that keep running. */
    Set<EchoServer.Port> ports() {
        Set<EchoServer.Port> ports = new LinkedHashSet<>();
        lasting().stream()
                .flatMap(container -> list(container.path("ports")).stream())
                .forEach(port -> ports.add(new EchoServer.Port(
                        Protocol.valueOf(port.path("protocol").asString("TCP")),
                        port.path("containerPort").asInt())));
        return ports;
    }

    /** The host name within the pod; at most 63 characters, truncated like a kubelet does. */
    String hostname() {
        String name = spec().path("hostname").asString("");
        String whole = name.isEmpty() ? name() : name;
        return whole.substring(0, Math.min(whole.length(), LONGEST_HOSTNAME)).replaceAll("[-.]+$", "");
    }

    /** The ports of the node that should lead to the pod, as runtimes pass them to CNI. */
    ArrayNode portMappings() {
        ArrayNode mappings = JsonNodeFactory.instance.arrayNode();
        lasting().stream()
                .flatMap(container -> list(container.path("ports")).stream())
                .filter(port -> port.path("hostPort").asInt(0) > 0)
                .forEach(port -> mappings.addObject()
                        .put("hostPort", port.path("hostPort").asInt())
                        .put("containerPort", port.path("containerPort").asInt())
                        .put("protocol", port.path("protocol").asString("TCP").toLowerCase(Locale.ROOT))
                        .put("hostIP", port.path("hostIP").asString("")));
        return mappings;
    }

    static boolean isSidecar(JsonNode container) {
        return container.path("restartPolicy").asString("").equals("Always");
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @Override
    public String toString() {
        return namespace() + "/" + name();
    }
}
