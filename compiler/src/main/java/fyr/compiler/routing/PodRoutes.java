package fyr.compiler.routing;

import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What the tables hold about one pod of this node: the way to it, and its Ethernet address, so that nobody ever asks for it. */
record PodRoutes(Map<RouteKey, Route> routes, Map<NeighbourKey, Neighbour> neighbours) {

    static final PodRoutes NONE = new PodRoutes(Map.of(), Map.of());

    static PodRoutes of(Attachment attachment) {
        PodRoutes pod = new PodRoutes(new TreeMap<>(), new TreeMap<>());
        String link = attachment.hostLink();
        Route route = new Route.Unicast(link, Optional.empty(), false, Optional.empty(), OptionalInt.empty());
        for (IpAddress address : attachment.addresses()) {
            pod.routes.put(new RouteKey(Prefix.single(address)), route);
            pod.neighbours.put(new NeighbourKey(link, address), new Neighbour(attachment.podMac()));
        }
        return pod;
    }
}
