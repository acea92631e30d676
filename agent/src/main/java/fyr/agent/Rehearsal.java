package fyr.agent;

import fyr.compiler.Compiler;
import fyr.compiler.conntrack.ConntrackOptions;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.KernelException;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.pod.PodLink;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies the plan of a small node with one pod in a temporary network namespace. If the kernel lacks a feature, its own error message
 * appears here, before anything on the node is changed.
 */
final class Rehearsal {

    private static final String SELF = "self";
    private static final String OTHER = "other";
    private static final Path HERE = Path.of("/proc/thread-self/ns/net");
    private static final PodLink POD = new PodLink(
            "fyr00000000",
            "eth0",
            HERE,
            MacAddress.local(1),
            MacAddress.local(2),
            1400,
            List.of(IpAddress.parse("192.0.2.130"), IpAddress.parse("2001:db8:0:1::2")));

    private static final List<IpAddress> DNS =
            List.of(IpAddress.parse("203.0.113.10"), IpAddress.parse("2001:db8:0:3::a"));

    private Rehearsal() {}

    /**
     * Takes some ten milliseconds. Must be called on a platform thread.
     *
     * @throws AgentException if the kernel refuses anything; the message says what and why
     */
    static void play(AgentOptions.Network network) {
        List<String> refused = NetworkNamespace.callInNew(() -> refusals(network));
        if (!refused.isEmpty()) {
            throw new AgentException(
                    "this kernel (" + System.getProperty("os.version") + ") cannot carry Fyr's network: "
                            + String.join("; ", refused) + "; README says what a kernel must have");
        }
    }

    private static List<String> refusals(AgentOptions.Network network) {
        List<String> refused = new ArrayList<>();
        try (LinuxKernel kernel = LinuxKernel.open()) {
            try {
                kernel.podLinks().create(POD);
            } catch (KernelException failure) {
                refused.add("veth: " + failure.getMessage());
                return refused;
            }
            NodeIdentity identity = new NodeIdentity(
                            SELF,
                            new HostLink("lo", 1500, List.of(Prefix.parse("192.0.2.1/32"))),
                            network.overlay(),
                            DNS,
                            List.of())
                    .withServices(ServiceOptions.USUAL.in(network.serviceMode()))
                    .withConntrack(
                            new ConntrackOptions(network.connectionsPerPod(), ConntrackOptions.Timeouts.AS_THEY_ARE));
            new NodeReconciler(kernel, observation -> note(observation, refused))
                    .reconcile(Compiler.compile(
                                    NodeInputs.of(identity).with(cluster()).withAttachments(pod()), Optional.empty())
                            .kernel());
        }
        return refused;
    }

    private static void note(Observation observation, List<String> refused) {
        if (observation instanceof Observation.ApplyFailed(String table, String reason)) {
            refused.add(table + ": " + reason);
        }
    }

    /** Two nodes without a common subnet, with addresses reserved for documentation (RFC 5737, RFC 3849). */
    private static ClusterSnapshot cluster() {
        Map<String, Node> nodes = Map.of(
                SELF, node(SELF, "192.0.2.1", "192.0.2.128/26", "2001:db8:0:1::/64"),
                OTHER, node(OTHER, "198.51.100.1", "192.0.2.192/26", "2001:db8:0:2::/64"));
        return ClusterSnapshot.empty().withNodes(PersistentMap.of(nodes));
    }

    private static Node node(String name, String address, String ipv4, String ipv6) {
        return new Node(name, List.of(IpAddress.parse(address)), List.of(Prefix.parse(ipv4), Prefix.parse(ipv6)));
    }

    private static PersistentMap<String, Attachment> pod() {
        Attachment pod = new Attachment(
                "pod",
                POD.podName(),
                POD.hostName(),
                POD.podMac(),
                POD.addresses(),
                new NamespacedName("default", "pod"));
        return PersistentMap.of(Map.of("pod/eth0", pod));
    }
}
