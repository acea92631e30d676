package fyr.compiler.service;

import fyr.compiler.feature.ServiceOptions;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * The node that a table is for.
 *
 * @param zone empty if unknown
 * @param addresses none as long as its Node object is unknown
 * @param blocks of its pods; none as long as its Node object is unknown
 */
public record LocalNode(
        String name, String zone, List<IpAddress> addresses, List<Prefix> blocks, ServiceOptions options) {

    static LocalNode unknown(String name, ServiceOptions options) {
        return new LocalNode(name, "", List.of(), List.of(), options);
    }

    LocalNode in(ClusterSnapshot snapshot) {
        Optional<Node> self = snapshot.nodes().get(name);
        return new LocalNode(
                name,
                self.map(Node::zone).orElse(""),
                self.map(Node::addresses).orElse(List.of()),
                self.map(Node::podCidrs).orElse(List.of()),
                options);
    }

    /** Whether the same endpoints are local to both, and meant for both. */
    boolean isWhere(LocalNode other) {
        return name.equals(other.name) && zone.equals(other.zone);
    }
}
