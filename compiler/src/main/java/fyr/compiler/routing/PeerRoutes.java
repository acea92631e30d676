package fyr.compiler.routing;

import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The table entries about one other node. */
record PeerRoutes(Map<RouteKey, Route> routes, Map<NeighbourKey, Neighbour> neighbours, Map<FdbKey, FdbEntry> fdb) {

    static final PeerRoutes NONE = new PeerRoutes(Map.of(), Map.of(), Map.of());

    /** Nothing if the peer is this node itself. */
    static PeerRoutes of(Node peer, Optional<Node> self, NodeIdentity identity) {
        PeerRoutes peerRoutes = new PeerRoutes(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        if (!peer.name().equals(identity.name())) {
            for (Prefix podCidr : peer.podCidrs()) {
                switch (Path.to(peer, podCidr.family(), identity, self)) {
                    case Path.Direct(IpAddress gateway) ->
                        peerRoutes.routes.put(
                                new RouteKey(podCidr),
                                unicast(identity.uplink().name(), gateway, false, Optional.empty()));
                    case Path.Tunnel(IpAddress remote) -> peerRoutes.tunnel(podCidr, remote, peer, self);
                    case Path.Underlay _ -> {}
                    case Path.None _ -> peerRoutes.routes.put(new RouteKey(podCidr), new Route.Unreachable());
                }
            }
        }
        return peerRoutes;
    }

    private void tunnel(Prefix podCidr, IpAddress remote, Node peer, Optional<Node> self) {
        IpAddress gateway = Overlay.address(podCidr);
        MacAddress mac = Overlay.mac(peer.name());
        // The node's own packets use the device's address as their source: the underlay would not carry a pod's
        // answer to a node's address in another subnet.
        Optional<IpAddress> source =
                self.flatMap(node -> node.podCidr(podCidr.family())).map(Overlay::address);
        routes.put(new RouteKey(podCidr), unicast(Overlay.LINK, gateway, true, source));
        neighbours.put(new NeighbourKey(Overlay.LINK, gateway), new Neighbour(mac));
        fdb.put(new FdbKey(Overlay.LINK, mac), new FdbEntry(remote));
    }

    private static Route unicast(String link, IpAddress gateway, boolean onlink, Optional<IpAddress> source) {
        return new Route.Unicast(link, Optional.of(gateway), onlink, source, OptionalInt.empty());
    }

    /** Whether it needs the VXLAN device. */
    boolean tunnelled() {
        return !fdb.isEmpty();
    }
}
