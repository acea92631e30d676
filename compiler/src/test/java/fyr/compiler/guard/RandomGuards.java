package fyr.compiler.guard;

import fyr.compiler.claim.Granted;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Nodes and attachments that claim the same addresses and blocks, and blocks in blocks; changed step by step. */
final class RandomGuards {

    static final NodeIdentity IDENTITY = new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
            NodeIdentity.Overlay.AUTO,
            List.of(),
            List.of());

    private static final List<String> ADDRESSES =
            List.of("172.18.0.11", "172.18.0.12", "172.19.0.13", "fd00:18::11", "fd00:18::12", "fd00:19::13");
    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.244.0.0/21",
            "10.244.1.0/24",
            "10.244.1.128/25",
            "10.244.1.128/32",
            "10.244.2.0/24",
            "255.255.255.0/24",
            "::/0",
            "fd00:10:244::/56",
            "fd00:10:244:1::/64",
            "fd00:10:244:1::/128",
            "ffff::/16");

    private final Random random;
    private PersistentMap<String, Node> nodes = PersistentMap.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private Granted granted = Granted.nothing(IDENTITY);

    RandomGuards(long seed) {
        random = new Random(seed);
    }

    void step() {
        String name = "node" + (1 + random.nextInt(5));
        String container = "c" + random.nextInt(6);
        switch (random.nextInt(5)) {
            case 0 -> nodes = nodes.without(name);
            case 1, 2 -> nodes = nodes.with(name, node(name));
            case 3 -> attachments = attachments.without(container);
            default -> attachments = attachments.with(container, attachment(container));
        }
    }

    private Node node(String name) {
        List<IpAddress> addresses = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            addresses.add(IpAddress.parse(ADDRESSES.get(random.nextInt(ADDRESSES.size()))));
        }
        List<Prefix> blocks = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            blocks.add(Prefix.parse(BLOCKS.get(random.nextInt(BLOCKS.size()))));
        }
        return new Node(name, addresses, blocks);
    }

    private Attachment attachment(String container) {
        List<IpAddress> addresses = List.of(
                IpAddress.parse("10.244.1." + random.nextInt(3)),
                IpAddress.parse("fd00:10:244:1::" + random.nextInt(3)));
        return new Attachment(
                container,
                "eth0",
                "fyr00000000000" + random.nextInt(3),
                MacAddress.local(1),
                addresses,
                new NamespacedName("default", container));
    }

    private NodeInputs heard() {
        return NodeInputs.of(IDENTITY).with(snapshot()).withAttachments(attachments);
    }

    /** The plan of what each is granted: features never see a conflict. */
    GuardPlan next(GuardPlan previous) {
        granted = granted.next(heard());
        return previous.next(FeatureInputs.of(granted.in(heard())));
    }

    /** The nodes with what the last plan was told that they have. */
    PersistentMap<String, Node> nodes() {
        return granted.in(heard()).snapshot().nodes();
    }

    private ClusterSnapshot snapshot() {
        return ClusterSnapshot.empty().withNodes(nodes);
    }
}
