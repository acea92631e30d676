package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The main routing table of a fake kernel. */
public final class FakeRoutes extends FakeTable<RouteKey, Route> implements FakeLinks.Follower, FakeAddresses.Follower {

    private static final Errno ENETDOWN = new Errno(100);

    /** Destinations that others have routes to; the table neither lists nor replaces them. */
    public final Set<RouteKey> others = ConcurrentHashMap.newKeySet();

    private final FakeLinks links;
    private final FakeAddresses addresses;
    private final FakeGateways gateways;

    FakeRoutes(FakeLinks links, FakeAddresses addresses) {
        super(Tables.ROUTES);
        this.links = links;
        this.addresses = addresses;
        gateways = new FakeGateways(addresses, contents);
        links.follow(this);
        addresses.follow(this);
    }

    @Override
    protected void change(Delta<RouteKey, Route> delta) {
        FakeRefusals refusals = new FakeRefusals();
        Set<RouteKey> taken = new TreeSet<>();
        delta.deletes().forEach(contents::remove);
        delta.upserts().forEach((key, route) -> {
            String operation = "RTM_NEWROUTE " + key;
            if (route instanceof Route.Unicast unicast && !links.exists(unicast.link())) {
                refusals.absentLink(operation, unicast.link());
                return;
            }
            contents.remove(key); // also if the new one is refused
            Optional<Errno> refusal = refusal(key, route);
            if (refusal.isPresent()) {
                refusals.add(operation, refusal.get());
            } else if (others.contains(key) || addresses.isSubnet(key.destination())) {
                taken.add(key);
            } else {
                contents.put(key, route);
            }
        });
        taken.forEach(key -> refusals.add("RTM_NEWROUTE " + key, Errno.EEXIST));
        refusals.throwFirst();
    }

    private Optional<Errno> refusal(RouteKey key, Route route) {
        return switch (route) {
            case Route.Local() -> throw new IllegalArgumentException("no route of this table: " + key);
            case Route.Unreachable() -> Optional.empty();
            case Route.Unicast unicast ->
                links.isUp(unicast.link())
                        ? unicast.gateway()
                                .flatMap(gateway ->
                                        gateways.refusal(key.destination().family(), unicast, gateway))
                                .or(() -> unicast.source()
                                        .filter(source -> !addresses.isLocal(source))
                                        .map(_ -> Errno.EINVAL))
                        : Optional.of(ENETDOWN);
        };
    }

    @Override
    public void down(String link) {
        removeIf(_ -> true, route -> route.link().equals(link));
    }

    /**
     * Routes of IPv4 that prefer the address go with it (fib_sync_down_addr), and with the last address of a link go all of its routes
     * (fib_disable_ip). Those of IPv6 lose their preference (rt6_remove_prefsrc).
     */
    @Override
    public void removed(AddressKey key) {
        IpAddress address = key.address();
        if (!addresses.isLocal(address)) {
            removeIf(
                    of -> of.destination().family() == Family.IPV4,
                    route -> route.source().filter(address::equals).isPresent());
            contents.replaceAll((_, route) -> withoutPreference(route, address));
        }
        if (address.family() == Family.IPV4 && !addresses.hasAny(key.link(), Family.IPV4)) {
            removeIf(
                    of -> of.destination().family() == Family.IPV4,
                    route -> route.link().equals(key.link()));
        }
    }

    private void removeIf(Predicate<RouteKey> keys, Predicate<Route.Unicast> routes) {
        contents.entrySet()
                .removeIf(entry -> keys.test(entry.getKey())
                        && entry.getValue() instanceof Route.Unicast route
                        && routes.test(route));
    }

    private static Route withoutPreference(Route route, IpAddress address) {
        return route instanceof Route.Unicast(var link, var gateway, var onlink, var source, var mtu)
                        && source.filter(address::equals).isPresent()
                ? new Route.Unicast(link, gateway, onlink, Optional.empty(), mtu)
                : route;
    }
}
