package fyr.testkit.contract;

import static fyr.kernel.Tables.ADDRESSES;
import static fyr.kernel.Tables.LOCAL_ROUTES;
import static fyr.kernel.Tables.ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of routes does. */
public abstract class RouteTableContract extends KernelContract {

    private static final RouteKey FOUR = to("10.2.0.0/24");
    private static final RouteKey SIX = to("fd00:2::/64");
    private static final Route DENIAL = new Route.Unreachable();

    @Test
    void routesAreSetChangedAndRemoved() {
        put(ROUTES, Map.of(FOUR, direct(TUNNEL4), SIX, onlink(TUNNEL4, "fd00:2::9")));
        put(ROUTES, Map.of(FOUR, DENIAL, SIX, direct(TUNNEL6)));
        assertThat(list(ROUTES)).isEqualTo(Map.of(FOUR, DENIAL, SIX, direct(TUNNEL6)));
        remove(ROUTES, Set.of(FOUR, to("10.99.0.0/24"), to("fd00:99::/64")));
        assertThat(list(ROUTES)).containsOnlyKeys(SIX);
    }

    @Test
    void anAddressBecomesTheNodesOwnAndIsNoLonger() {
        RouteKey four = to("10.96.0.1/32");
        RouteKey six = to("fd00:96::1/128");
        others().addRoute(four);
        put(ROUTES, Map.of(six, DENIAL));
        put(LOCAL_ROUTES, Map.of(four, new Route.Local(), six, new Route.Local()));
        put(LOCAL_ROUTES, Map.of(six, new Route.Local()));
        assertThat(list(LOCAL_ROUTES)).isEqualTo(Map.of(four, new Route.Local(), six, new Route.Local()));
        assertThat(list(ROUTES)).isEqualTo(Map.of(six, DENIAL));
        remove(LOCAL_ROUTES, Set.of(four, to("10.96.0.9/32")));
        assertThat(list(LOCAL_ROUTES)).containsOnlyKeys(six);
        assertThat(list(ROUTES)).containsOnlyKeys(six);
    }

    @Test
    void aRouteOverAnAbsentLinkHoldsBackNoOtherAndLeavesTheOldOne() {
        put(ROUTES, Map.of(SIX, DENIAL));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, direct(TUNNEL4), SIX, direct(ABSENT)))))
                .contains(Errno.ENODEV);
        assertThat(list(ROUTES)).isEqualTo(Map.of(FOUR, direct(TUNNEL4), SIX, DENIAL));
    }

    @Test
    void aRouteOverALinkThatIsDownIsRefused() {
        others().addLink("fyr0a1b");
        put(ROUTES, Map.of(FOUR, direct("fyr0a1b"), SIX, direct("fyr0a1b"), to("10.3.0.0/24"), DENIAL));
        others().setDown("fyr0a1b");
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.3.0.0/24"));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, direct("fyr0a1b"))))).contains(ENETDOWN);
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, direct("fyr0a1b"))))).contains(ENETDOWN);
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.3.0.0/24"));
        others().deleteLink("fyr0a1b");
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, direct("fyr0a1b"))))).contains(Errno.ENODEV);
    }

    @Test
    void aRefusedRouteIsInPlaceOfTheOldOne() {
        put(ROUTES, Map.of(FOUR, DENIAL, SIX, DENIAL));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, from(TUNNEL4, "203.0.113.1")))))
                .contains(Errno.EINVAL);
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, from(TUNNEL4, "2001:db8:113::1")))))
                .contains(Errno.EINVAL);
        assertThat(list(ROUTES)).isEmpty();
    }

    @Test
    void aPreferredSourceIsAnAddressOfAnyLink() {
        put(
                ADDRESSES,
                Map.of(
                        new AddressKey(TUNNEL6, ip("10.1.0.1")),
                        new InterfaceAddress(32),
                        new AddressKey(TUNNEL6, ip("fd00:1::1")),
                        new InterfaceAddress(128)));
        put(ROUTES, Map.of(FOUR, from(TUNNEL4, "10.1.0.1"), SIX, from(TUNNEL4, "fd00:1::1")));
        assertThat(list(ROUTES)).isEqualTo(Map.of(FOUR, from(TUNNEL4, "10.1.0.1"), SIX, from(TUNNEL4, "fd00:1::1")));
    }

    @Test
    void aRouteOfSomebodyElseStaysAndHoldsBackNoOther() {
        others().addRoute(FOUR);
        others().addRoute(SIX);
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, direct(TUNNEL4), to("10.3.0.0/24"), DENIAL))))
                .contains(Errno.EEXIST);
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, direct(TUNNEL4))))).contains(Errno.EEXIST);
        remove(ROUTES, Set.of(FOUR, SIX));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, DENIAL)))).contains(Errno.EEXIST);
        assertThat(list(ROUTES)).containsOnlyKeys(to("10.3.0.0/24"));
    }

    @Test
    void theKernelsRouteToASubnetOfIpv4TakesThePlace() {
        put(
                ADDRESSES,
                Map.of(
                        new AddressKey(TUNNEL4, ip("10.2.0.1")),
                        new InterfaceAddress(24),
                        new AddressKey(TUNNEL4, ip("fd00:2::1")),
                        new InterfaceAddress(64)));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, DENIAL, SIX, DENIAL))))
                .contains(Errno.EEXIST);
        assertThat(list(ROUTES)).containsOnlyKeys(SIX);
    }

    @Test
    void aGatewayIsOnTheLinkUnlessItIsTrustedToBe() {
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, through(TUNNEL4, "10.1.0.9")))))
                .contains(Errno.ENETUNREACH);
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, through(TUNNEL4, "fd00:1::9")))))
                .contains(EHOSTUNREACH);
        put(
                ADDRESSES,
                Map.of(
                        new AddressKey(TUNNEL4, ip("10.1.0.1")),
                        new InterfaceAddress(24),
                        new AddressKey(TUNNEL4, ip("fd00:1::1")),
                        new InterfaceAddress(64)));
        put(ROUTES, Map.of(FOUR, through(TUNNEL4, "10.1.0.9"), SIX, through(TUNNEL4, "fd00:1::9")));
        assertThat(list(ROUTES)).hasSize(2);
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, through(TUNNEL6, "10.1.0.9")))))
                .as("through another link")
                .contains(Errno.ENETUNREACH);
    }

    @Test
    void aRouteWithoutGatewayLeadsToAGatewayToo() {
        put(ROUTES, Map.of(to("10.5.0.0/24"), direct(TUNNEL4), to("fd00:5::/64"), direct(TUNNEL4)));
        put(ROUTES, Map.of(FOUR, through(TUNNEL4, "10.5.0.9"), SIX, through(TUNNEL4, "fd00:5::9")));
        assertThat(list(ROUTES)).hasSize(4);
    }

    @Test
    void ourOwnAddressIsNoGateway() {
        put(
                ADDRESSES,
                Map.of(
                        new AddressKey(TUNNEL4, ip("10.1.0.1")),
                        new InterfaceAddress(32),
                        new AddressKey(TUNNEL4, ip("fd00:1::1")),
                        new InterfaceAddress(128)));
        assertThat(refusal(() -> put(ROUTES, Map.of(FOUR, onlink(TUNNEL4, "10.1.0.1")))))
                .contains(Errno.EINVAL);
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, onlink(TUNNEL4, "fd00:1::1")))))
                .contains(Errno.EINVAL);
    }

    @Test
    void ipv4MayLeaveThroughAnIpv6GatewayAndNotTheOtherWayRound() {
        put(ROUTES, Map.of(FOUR, onlink(TUNNEL4, "fd00:2::9")));
        assertThat(list(ROUTES)).isEqualTo(Map.of(FOUR, onlink(TUNNEL4, "fd00:2::9")));
        assertThat(refusal(() -> put(ROUTES, Map.of(SIX, onlink(TUNNEL4, "10.2.0.9")))))
                .contains(Errno.EINVAL);
    }
}
