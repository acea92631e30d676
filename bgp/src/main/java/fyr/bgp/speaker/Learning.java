package fyr.bgp.speaker;

import fyr.bgp.path.NextHop;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.rib.Destination;
import fyr.bgp.rib.Path;
import fyr.bgp.rib.RouteListener;
import fyr.bgp.rib.Source;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv6Address;
import fyr.model.address.Prefix;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Collects the routes that were chosen and that peers announced, as a map whose versions share what did not change. */
final class Learning implements RouteListener {

    private final IntFunction<Optional<String>> linkOf;
    private MapEditor<Prefix, LearnedRoute> routes =
            PersistentMap.<Prefix, LearnedRoute>empty().edit();
    private boolean changed = true;

    /** With a function that gives the link on which the peer of a number is a direct neighbour, if it has a link-local address. */
    Learning(IntFunction<Optional<String>> linkOf) {
        this.linkOf = linkOf;
    }

    @Override
    public void changed(Family family, Destination destination) {
        changed = true;
        Prefix prefix = destination.prefix(family);
        List<Path> best = destination.best();
        boolean own = best.isEmpty() || best.getFirst().source().kind() == Source.Kind.LOCAL;
        routes.set(prefix, own ? Optional.empty() : Optional.of(route(best)));
    }

    private LearnedRoute route(List<Path> best) {
        List<PeerAddress> via = new ArrayList<>();
        for (Path path : best) {
            path.attributes()
                    .nextHop()
                    .flatMap(hop -> address(hop, path.source()))
                    .filter(hop -> !via.contains(hop))
                    .ifPresent(via::add);
        }
        return new LearnedRoute(via, best.getFirst().attributes());
    }

    /** On a link shared with the peer, a link-local address is the one to use (RFC 2545 section 3). */
    private Optional<PeerAddress> address(NextHop hop, Source source) {
        Optional<Ipv6Address> linkLocal = switch (hop) {
            case NextHop.V6WithLinkLocal(var _, Ipv6Address onLink) -> Optional.of(onLink);
            case NextHop.V4 _, NextHop.V6 _ -> Optional.empty();
        };
        Optional<String> link = linkOf.apply(source.number());
        if (link.isPresent() && linkLocal.isPresent()) {
            return Optional.of(new PeerAddress(linkLocal.get(), link));
        }
        IpAddress address = hop.address();
        boolean onLink = address instanceof Ipv6Address six && NextHop.isLinkLocal(six);
        return onLink
                ? link.map(name -> new PeerAddress(address, Optional.of(name)))
                : Optional.of(PeerAddress.of(address));
    }

    /** Begins anew, for another rib. */
    void clear() {
        routes = PersistentMap.<Prefix, LearnedRoute>empty().edit();
        changed = true;
    }

    /** Tells what was learned, if it changed since the last time. */
    void publish(Consumer<LearnedRoutes> listener) {
        if (changed) {
            changed = false;
            listener.accept(new LearnedRoutes(routes.map(), true));
        }
    }
}
