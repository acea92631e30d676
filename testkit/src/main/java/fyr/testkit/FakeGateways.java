package fyr.testkit;

import fyr.kernel.Errno;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which gateways the kernel accepts: it looks up how it would reach them (fib_check_nh, ip6_route_check_nh and its onlink variant). */
final class FakeGateways {

    private static final Errno EHOSTUNREACH = new Errno(113);

    private final FakeAddresses addresses;
    private final Map<RouteKey, Route> routes;

    FakeGateways(FakeAddresses addresses, Map<RouteKey, Route> routes) {
        this.addresses = addresses;
        this.routes = routes;
    }

    /**
     * A route that the lookup may find.
     *
     * @param direct whether it has no gateway
     * @param ofSubnet whether the kernel made it for an address; in IPv6 it has a better metric than ours
     */
    private record Way(Prefix to, String link, boolean direct, boolean ofSubnet) {}

    /** Why a gateway is refused; empty if it is not. */
    Optional<Errno> refusal(Family destination, Route.Unicast route, IpAddress gateway) {
        boolean examined = route.onlink() || gateway.family() == Family.IPV6;
        if (destination == Family.IPV6 && gateway.family() == Family.IPV4 || examined && addresses.isLocal(gateway)) {
            return Optional.of(Errno.EINVAL);
        }
        return switch (gateway.family()) {
            case IPV4 -> Optional.of(Errno.ENETUNREACH).filter(_ -> !route.onlink() && !isDirect(route, gateway));
            case IPV6 ->
                route.onlink()
                        ? Optional.of(Errno.EINVAL).filter(_ -> isElsewhere(route, gateway))
                        : Optional.of(EHOSTUNREACH).filter(_ -> !isNext(route, gateway));
        };
    }

    /** In IPv4 routes through other gateways are passed over. */
    private boolean isDirect(Route.Unicast route, IpAddress gateway) {
        return ways(gateway).anyMatch(way -> way.direct() && way.link().equals(route.link()));
    }

    private boolean isNext(Route.Unicast route, IpAddress gateway) {
        return ways(gateway)
                .filter(way -> way.link().equals(route.link()))
                .max(order(route))
                .filter(Way::direct)
                .isPresent();
    }

    /** Whether the kernel knows better than to trust that the gateway is on the link. The default route does not count. */
    private boolean isElsewhere(Route.Unicast route, IpAddress gateway) {
        return ways(gateway)
                .max(order(route))
                .filter(way -> way.to().length() > 0)
                .filter(way -> !way.link().isEmpty() && !way.link().equals(route.link()))
                .isPresent();
    }

    private static Comparator<Way> order(Route.Unicast route) {
        return Comparator.comparingInt((Way way) -> way.to().length())
                .thenComparing(Way::ofSubnet)
                .thenComparing(way -> way.link().equals(route.link()));
    }

    /** Unreachable destinations have no link. */
    private Stream<Way> ways(IpAddress address) {
        Stream<Way> ours = routes.entrySet().stream().map(entry -> switch (entry.getValue()) {
            case Route.Local(), Route.Unreachable() -> new Way(entry.getKey().destination(), "", false, false);
            case Route.Unicast unicast ->
                new Way(
                        entry.getKey().destination(),
                        unicast.link(),
                        unicast.gateway().isEmpty(),
                        false);
        });
        Stream<Way> subnets = addresses
                .links()
                .flatMap(link -> addresses.subnets(link).map(subnet -> new Way(subnet, link, true, true)));
        return Stream.concat(ours, subnets).filter(way -> way.to().contains(address));
    }
}
