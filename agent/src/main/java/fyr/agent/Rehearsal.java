package fyr.agent;

import fyr.compiler.Compiler;
import fyr.compiler.conntrack.ConntrackOptions;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.KernelException;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.pod.PodLink;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
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
import java.util.OptionalInt;
import java.util.stream.Collectors;

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

    private static final VirtualServerKey SERVER =
            new VirtualServerKey(Protocol.TCP, IpAddress.parse("203.0.113.11"), 80);

    private static final List<IpAddress> DNS =
            List.of(IpAddress.parse("203.0.113.10"), IpAddress.parse("2001:db8:0:3::a"));

    private Rehearsal() {}

    /**
     * Takes some ten milliseconds. Must be called on a platform thread.
     *
     * @param scheduler of mode ipvs
     * @throws AgentException if the kernel refuses anything; the message says what and why
     */
    static void play(AgentOptions.Network network, Scheduler scheduler) {
        List<String> refused = NetworkNamespace.callInNew(() -> refusals(network, scheduler));
        if (!refused.isEmpty()) {
            throw new AgentException(
                    "this kernel (" + System.getProperty("os.version") + ") cannot carry Fyr's network: "
                            + refused.stream().distinct().collect(Collectors.joining("; "))
                            + "; README says what a kernel must have");
        }
    }

    private static List<String> refusals(AgentOptions.Network network, Scheduler scheduler) {
        if (network.serviceMode() == ServiceMode.IPVS) {
            try {
                LinuxKernel.requireIpvs(); // what else would fail without it is of no interest
            } catch (KernelException failure) {
                return List.of(String.valueOf(failure.getMessage()));
            }
        }
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
                    .withServices(ServiceOptions.USUAL.in(network.serviceMode()).with(scheduler))
                    .withConntrack(
                            new ConntrackOptions(network.connectionsPerPod(), ConntrackOptions.Timeouts.AS_THEY_ARE));
            KernelPlan plan = Compiler.compile(
                            NodeInputs.of(identity).with(cluster()).withAttachments(pod()), Optional.empty())
                    .kernel();
            new NodeReconciler(kernel, observation -> note(observation, refused))
                    .reconcile(withServer(plan, network.serviceMode(), scheduler));
        }
        return refused;
    }

    /** IPVS, and each of its schedulers, is a module that the kernel loads when the first virtual server asks for it. */
    private static KernelPlan withServer(KernelPlan plan, ServiceMode mode, Scheduler scheduler) {
        return switch (mode) {
            case NFTABLES, IPTABLES -> plan;
            case IPVS ->
                plan.with(
                        Tables.VIRTUAL_SERVERS,
                        plan.table(Tables.VIRTUAL_SERVERS)
                                .with(SERVER, new VirtualServer.Balanced(scheduler, OptionalInt.empty())));
        };
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
