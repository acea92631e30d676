package fyr.compiler.service;

import fyr.compiler.claim.Granted;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.RandomHistory;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random history in which services and endpoints claim the same addresses and ports and the node's own zone changes. */
public final class ServiceHistory {

    /** The table at its beginning. */
    public static final ServiceTable NOTHING =
            ServiceTable.empty(RandomHistory.SELF, List.of(IpAddress.parse("10.96.0.10")));

    private static final NodeIdentity IDENTITY = new NodeIdentity(
            RandomHistory.SELF,
            new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
            Overlay.AUTO,
            List.of(),
            List.of());

    private final Random random;
    private final RandomHistory history;
    private Granted granted = Granted.nothing(IDENTITY);
    private String zone = "a";

    public ServiceHistory(long seed) {
        random = new Random(seed);
        history = new RandomHistory(random, self(""), false);
    }

    private static Node self(String zone) {
        return new Node(
                RandomHistory.SELF,
                2,
                List.of(IpAddress.parse("172.18.0.10")),
                List.of(Prefix.parse("10.244.1.0/24")),
                zone.isEmpty() ? Labels.none() : Labels.of(Map.of(Node.ZONE, zone)));
    }

    /** The cluster some steps later, in which nothing is claimed twice. */
    public ClusterSnapshot next() {
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            history.step();
        }
        if (random.nextInt(8) == 0) {
            zone = List.of("", "a", "b").get(random.nextInt(3));
        }
        ClusterSnapshot others = history.snapshot();
        NodeInputs heard = NodeInputs.of(IDENTITY)
                .with(others.withNodes(others.nodes().with(RandomHistory.SELF, self(zone))))
                .withAttachments(history.attachments());
        granted = granted.next(heard);
        return granted.in(heard).snapshot();
    }
}
