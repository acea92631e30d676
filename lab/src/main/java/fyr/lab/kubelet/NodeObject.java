package fyr.lab.kubelet;

import fyr.lab.world.Place;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The Node object of a lab's node (core/v1 Node). Pure. */
final class NodeObject {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String VERSION = "v1.37.2";

    private NodeObject() {}

    /** The object that is registered: pod prefixes are given, so that no controller has to allocate them. */
    static ObjectNode registration(Place place) {
        ObjectNode node = JSON.objectNode().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata")
                .put("name", place.name())
                .putObject("labels")
                .put("kubernetes.io/hostname", place.name())
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", architecture())
                // Deprecated since 1.14, but kubelets still set them, and manifests still select by them.
                .put("beta.kubernetes.io/os", "linux")
                .put("beta.kubernetes.io/arch", architecture())
                .put("topology.kubernetes.io/zone", place.zone());
        ObjectNode spec = node.putObject("spec")
                .put("podCIDR", place.podPrefixes().getFirst().toString());
        ArrayNode prefixes = spec.putArray("podCIDRs");
        place.podPrefixes().forEach(prefix -> prefixes.add(prefix.toString()));
        return node;
    }

    /** A patch of its status. */
    static ObjectNode status(Place place, boolean ready, Instant since, Instant now) {
        ObjectNode patch = JSON.objectNode();
        ObjectNode status = patch.putObject("status");
        ArrayNode addresses = status.putArray("addresses");
        place.addresses()
                .forEach(address ->
                        addresses.addObject().put("type", "InternalIP").put("address", address.toString()));
        addresses.addObject().put("type", "Hostname").put("address", place.name());
        for (String field : new String[] {"capacity", "allocatable"}) {
            status.putObject(field)
                    .put("cpu", "8")
                    .put("memory", "16Gi")
                    .put("pods", "250")
                    .put("ephemeral-storage", "100Gi");
        }
        status.putObject("nodeInfo")
                .put("kubeletVersion", VERSION)
                .put("kubeProxyVersion", "")
                .put("containerRuntimeVersion", "fyr://lab")
                .put("operatingSystem", "linux")
                .put("architecture", architecture())
                .put("osImage", "Fyr lab")
                .put("kernelVersion", System.getProperty("os.version"))
                .put("machineID", place.name())
                .put("systemUUID", place.name())
                .put("bootID", place.name());
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .put("reason", ready ? "KubeletReady" : "NetworkPluginNotReady")
                .put("message", ready ? "" : "the CNI configuration is not there yet")
                .put("lastHeartbeatTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("lastTransitionTime", since.truncatedTo(ChronoUnit.SECONDS).toString());
        return patch;
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }
}
