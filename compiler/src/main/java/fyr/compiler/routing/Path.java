package fyr.compiler.routing;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;

/** How one family of another node's pods is reached from this one. */
public sealed interface Path {

    /** The other node is the next hop. */
    record Direct(IpAddress gateway) implements Path {}

    /** Through a tunnel to the other node's endpoint. */
    record Tunnel(IpAddress remote) implements Path {}

    /** Over the network between the nodes, which routes the pods' blocks: no route of ours is needed. */
    record Underlay() implements Path {}

    /** Not at all, because there is no family in which both ends have an address. */
    record None() implements Path {}

    /** Decides between this node, {@code self}, and another one. */
    static Path to(Node peer, Family family, NodeIdentity identity, Optional<Node> self) {
        return switch (identity.overlay()) {
            case AUTO -> direct(peer, family, identity, self).orElseGet(() -> tunnel(peer, self));
            case VXLAN -> tunnel(peer, self);
            case DIRECT -> direct(peer, family, identity, self).orElseGet(Underlay::new);
        };
    }

    private static Optional<Path> direct(Node peer, Family family, NodeIdentity identity, Optional<Node> self) {
        return peer.address(family)
                .filter(address -> onOurSubnet(address, identity, self))
                .map(Direct::new);
    }

    private static Path tunnel(Node peer, Optional<Node> self) {
        return self.flatMap(Overlay::endpoint)
                .flatMap(local -> peer.address(local.family()))
                .<Path>map(Tunnel::new)
                .orElseGet(None::new);
    }

    /**
     * Whether an address is in the subnet of the uplink that contains this node's own address. Other subnets of the uplink do not count:
     * the other node sees only this node's address, and both have to choose the same path.
     */
    public static boolean onOurSubnet(IpAddress address, NodeIdentity identity, Optional<Node> self) {
        Optional<IpAddress> own = self.flatMap(node -> node.address(address.family()));
        return identity.uplink().subnets().stream()
                .filter(subnet -> subnet.contains(address))
                .anyMatch(subnet -> own.isEmpty() || subnet.contains(own.get()));
    }

    /** Whether packets of a block's pods arrive through the tunnel, if they arrive at all. */
    public static boolean comesByTunnel(Node peer, Family family, NodeIdentity identity, Optional<Node> self) {
        return switch (to(peer, family, identity, self)) {
            case Tunnel _, None _ -> true;
            case Direct _, Underlay _ -> false;
        };
    }
}
