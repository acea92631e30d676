package fyr.bench;

import fyr.bench.figures.Samples;
import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two nodes, a namespace each, with a cable between them and the tunnel that the compiler plans. Datagrams go from one end of the tunnel to the other. */
final class TunnelledPair implements AutoCloseable {

    private static final String UPLINK = "uplink";
    private static final Prefix SUBNET = Prefix.parse("192.0.2.0/24");
    private static final int MTU = 1500;
    private static final Node LEFT = node(1);
    private static final Node RIGHT = node(2);

    private final NetworkNamespace left;
    private final NetworkNamespace right;
    private final Echo ipv4;
    private final Echo ipv6;

    private TunnelledPair(NetworkNamespace left, NetworkNamespace right) throws Exception {
        this.left = left;
        this.right = right;
        ipv4 = echo(Family.IPV4, right);
        ipv6 = echo(Family.IPV6, right);
    }

    private static Node node(int number) {
        return new Node(
                "node" + number,
                List.of(IpAddress.parse("192.0.2." + number)),
                List.of(Prefix.parse("10.244." + number + ".0/24"), Prefix.parse("fd00:10:244:" + number + "::/64")));
    }

    /** Makes both nodes. Without the check of sources the rest of their rules is the same. */
    static TunnelledPair make(String name, boolean checked) throws Exception {
        NetworkNamespace left = NetworkNamespace.create(Path.of("/run/netns", name + "-left"));
        NetworkNamespace right = NetworkNamespace.create(Path.of("/run/netns", name + "-right"));
        try (Wiring inLeft = Wiring.in(left);
                Wiring inRight = Wiring.in(right)) {
            inLeft.up("lo")
                    .cable(UPLINK, UPLINK, right, MTU)
                    .address(UPLINK, LEFT.addresses().getFirst(), 24);
            inRight.up("lo").up(UPLINK).address(UPLINK, RIGHT.addresses().getFirst(), 24);
        }
        load(LEFT, left, checked);
        load(RIGHT, right, checked);
        return new TunnelledPair(left, right);
    }

    private static Echo echo(Family family, NetworkNamespace right) throws Exception {
        return Echo.at(RIGHT.podCidr(family).orElseThrow().address(), right);
    }

    private static void load(Node node, NetworkNamespace namespace, boolean checked) throws Exception {
        NodeIdentity identity = new NodeIdentity(
                node.name(),
                new HostLink(UPLINK, MTU, List.of(SUBNET)),
                NodeIdentity.Overlay.VXLAN,
                List.of(),
                List.of());
        ClusterSnapshot cluster =
                ClusterSnapshot.empty().withNodes(PersistentMap.of(Map.of(LEFT.name(), LEFT, RIGHT.name(), RIGHT)));
        KernelPlan plan = Compiler.compile(NodeInputs.of(identity).with(cluster), Optional.empty())
                .kernel();
        try (LinuxKernel kernel = namespace.call(LinuxKernel::open)) {
            boolean done = namespace.call(
                    () -> new NodeReconciler(kernel, BenchNode::refuse).reconcile(checked ? plan : unchecked(plan)));
            if (!done) {
                throw new IllegalStateException("the kernel does not follow");
            }
        }
    }

    private static KernelPlan unchecked(KernelPlan plan) {
        return plan.with(Tables.NFT, SourceChecks.unchecked(plan.table(Tables.NFT)));
    }

    /** How long a datagram takes through the tunnel and back. */
    Samples exchange(Family family, int times) throws Exception {
        return switch (family) {
            case IPV4 -> ipv4.exchange(left, times);
            case IPV6 -> ipv6.exchange(left, times);
        };
    }

    @Override
    public void close() {
        ipv4.close();
        ipv6.close();
        List.of(left, right).forEach(NetworkNamespace::close);
    }
}
