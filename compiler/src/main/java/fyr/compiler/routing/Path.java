package fyr.compiler.routing;

import fyr.compiler.NodeIdentity;
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

    /** By the network between the nodes, which knows the pods' blocks: no route of ours is needed. */
    record Underlay() implements Path {}

    /** Not at all, for want of an address that both ends have. */
    record None() implements Path {}

    /** Decides for a pair of nodes. */
    static Path to(Node peer, Family family, NodeIdentity identity, Optional<IpAddress> localEndpoint) {
        return switch (identity.overlay()) {
            case AUTO -> direct(peer, family, identity).orElseGet(() -> tunnel(peer, localEndpoint));
            case VXLAN -> tunnel(peer, localEndpoint);
            case DIRECT -> direct(peer, family, identity).orElseGet(Underlay::new);
        };
    }

    private static Optional<Path> direct(Node peer, Family family, NodeIdentity identity) {
        return peer.address(family)
                .filter(address -> onOurSubnet(address, identity))
                .map(Direct::new);
    }

    private static Path tunnel(Node peer, Optional<IpAddress> localEndpoint) {
        return localEndpoint
                .flatMap(local -> peer.address(local.family()))
                .<Path>map(Tunnel::new)
                .orElseGet(None::new);
    }

    /** Whether an address is in a subnet of the uplink. */
    static boolean onOurSubnet(IpAddress address, NodeIdentity identity) {
        return identity.uplink().subnets().stream().anyMatch(subnet -> subnet.contains(address));
    }
}
