package fyr.lab.kubelet;

import fyr.lab.workload.EchoServer;
import fyr.model.Protocol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A pod object, asked in a kubelet's terms. */
record PodFacts(JsonNode json) {

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

    /** Whether it is a Job's, which waits for its end. Any other pod stays, whatever its restartPolicy: it is there to be talked to and from. */
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

    /** The ports of the containers that keep running, sidecars (KEP-753) among them. */
    Set<EchoServer.Port> ports() {
        Set<EchoServer.Port> ports = new LinkedHashSet<>();
        Stream.concat(containers().stream(), initContainers().stream().filter(PodFacts::isSidecar))
                .flatMap(container -> list(container.path("ports")).stream())
                .forEach(port -> ports.add(new EchoServer.Port(
                        Protocol.valueOf(port.path("protocol").asString("TCP")),
                        port.path("containerPort").asInt())));
        return ports;
    }

    /** The ports of the node that shall lead to the pod, as runtimes hand them to CNI. */
    ArrayNode portMappings() {
        ArrayNode mappings = JsonNodeFactory.instance.arrayNode();
        Stream.concat(containers().stream(), initContainers().stream())
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
