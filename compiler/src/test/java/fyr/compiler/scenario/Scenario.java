package fyr.compiler.scenario;

import fyr.cluster.manifest.Manifest;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file of objects describes: a cluster as it is seen by {@code node1}, whose uplink is 172.18.0.11/24 and fd00:18::11/64, and which
 * serves cluster DNS at 10.96.0.10. Pods that are on that node are attached to it.
 *
 * @param objects everything in the file that a node knows
 * @param faults what the readers of objects complained of, a line each
 */
record Scenario(ClusterSnapshot objects, List<String> faults) {

    static final String NODE = "node1";

    private static final NodeIdentity IDENTITY = new NodeIdentity(
            NODE,
            new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.11/24"), Prefix.parse("fd00:18::11/64"))),
            NodeIdentity.Overlay.AUTO,
            List.of(IpAddress.parse("10.96.0.10")),
            List.of());

    static Scenario of(List<Manifest> manifests) {
        ScenarioObjects objects = new ScenarioObjects();
        manifests.forEach(objects::add);
        return objects.scenario();
    }

    /** The same node in a cluster that has nothing else. */
    NodeInputs alone() {
        PersistentMap<String, Node> self = PersistentMap.empty();
        Optional<Node> node = objects.nodes().get(NODE);
        return NodeInputs.of(IDENTITY)
                .with(ClusterSnapshot.empty()
                        .withNodes(node.map(known -> self.with(NODE, known)).orElse(self)));
    }

    NodeInputs inputs() {
        return NodeInputs.of(IDENTITY).with(objects).withAttachments(attachments());
    }

    /** Whether this node enforces the policies of a pod. */
    static boolean isLocal(Pod pod) {
        return pod.node().equals(Optional.of(NODE)) && pod.networked();
    }

    private PersistentMap<String, Attachment> attachments() {
        PersistentMap<String, Attachment> attachments = PersistentMap.empty();
        int number = 1;
        for (Pod pod : objects.pods().sorted().values()) {
            if (isLocal(pod)) {
                Attachment attachment = new Attachment(
                        "container" + number,
                        "eth0",
                        "fyr%012x".formatted(number),
                        MacAddress.local(number),
                        pod.addresses(),
                        pod.name());
                attachments = attachments.withAll(Map.of(attachment.key(), attachment));
                number++;
            }
        }
        return attachments;
    }
}
