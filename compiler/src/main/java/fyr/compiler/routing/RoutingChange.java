package fyr.compiler.routing;

import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Node;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;

/** The tables while one plan becomes the next; lives within one call. */
final class RoutingChange {

    PersistentMap<RouteKey, Route> routes;
    PersistentMap<NeighbourKey, Neighbour> neighbours;
    PersistentMap<FdbKey, FdbEntry> fdb;
    int tunnels;

    RoutingChange(
            PersistentMap<RouteKey, Route> routes,
            PersistentMap<NeighbourKey, Neighbour> neighbours,
            PersistentMap<FdbKey, FdbEntry> fdb,
            int tunnels) {
        this.routes = routes;
        this.neighbours = neighbours;
        this.fdb = fdb;
        this.tunnels = tunnels;
    }

    void add(PeerRoutes peer) {
        routes = routes.withAll(peer.routes());
        neighbours = neighbours.withAll(peer.neighbours());
        fdb = fdb.withAll(peer.fdb());
        tunnels += peer.tunnelled() ? 1 : 0;
    }

    void remove(PeerRoutes peer) {
        routes = routes.withoutAll(peer.routes().keySet());
        neighbours = neighbours.withoutAll(peer.neighbours().keySet());
        fdb = fdb.withoutAll(peer.fdb().keySet());
        tunnels -= peer.tunnelled() ? 1 : 0;
    }

    void add(PodRoutes pod) {
        routes = routes.withAll(pod.routes());
        neighbours = neighbours.withAll(pod.neighbours());
    }

    void remove(PodRoutes pod) {
        routes = routes.withoutAll(pod.routes().keySet());
        neighbours = neighbours.withoutAll(pod.neighbours().keySet());
    }

    /** Packets for addresses of our own block that no pod has must not leave by the default route, and come back, and leave. */
    void ownBlocks(Optional<Node> before, Optional<Node> after) {
        for (Prefix podCidr : before.map(Node::podCidrs).orElse(List.of())) {
            routes = routes.without(new RouteKey(podCidr));
        }
        for (Prefix podCidr : after.map(Node::podCidrs).orElse(List.of())) {
            routes = routes.with(new RouteKey(podCidr), new Route.Unreachable());
        }
    }
}
