package fyr.bgp.rib;

import fyr.bgp.message.Role;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathAttributes;
import java.util.Optional;
import java.util.OptionalLong;

/** What of a peer's paths may be used, before its filter is asked: loops, leaks and the preference of what external peers say. */
final class ImportRules {

    private static final long USUAL_PREFERENCE = 100;

    private final Local local;
    private final Neighbor neighbor;

    ImportRules(Local local, Neighbor neighbor) {
        this.local = local;
        this.neighbor = neighbor;
    }

    /** Why a path cannot be used; empty if it can. */
    Optional<String> fault(PathAttributes received) {
        return loop(received).or(() -> neighbor.isExternal() ? ofExternal(received) : Optional.empty());
    }

    private Optional<String> loop(PathAttributes received) {
        if (received.asPath().contains(local.as())) {
            return Optional.of("the AS path contains the own autonomous system " + local.as());
        }
        if (received.originatorId().filter(local.routerId()::equals).isPresent()) {
            return Optional.of("this node originated it (ORIGINATOR_ID " + local.routerId() + ")");
        }
        if (received.clusterList().contains(local.clusterId())) {
            return Optional.of("it passed this cluster already (CLUSTER_LIST contains " + local.clusterId() + ")");
        }
        return received.nextHop()
                .map(NextHop::address)
                .filter(local.addresses()::contains)
                .map(own -> "the next hop " + own + " is this node");
    }

    private Optional<String> ofExternal(PathAttributes received) {
        OptionalLong first = received.asPath().first();
        // RFC 7947 section 2.2.2.1: a route server does not put itself in front.
        boolean ofServer =
                neighbor.role().filter(Role.ROUTE_SERVER_CLIENT::equals).isPresent();
        if (!ofServer && !first.equals(OptionalLong.of(neighbor.source().as()))) {
            return Optional.of("the AS path does not begin with the peer's autonomous system "
                    + neighbor.source().as());
        }
        return neighbor.role()
                .filter(role -> isLeak(role, received.onlyToCustomer()))
                .map(role ->
                        "it is a leak: OTC " + received.onlyToCustomer().getAsLong() + " from a " + role.counterpart());
    }

    /** RFC 9234 section 5, the ingress procedure. */
    private boolean isLeak(Role role, OptionalLong onlyToCustomer) {
        return switch (role) {
            case PROVIDER, ROUTE_SERVER -> onlyToCustomer.isPresent();
            case PEER ->
                onlyToCustomer.isPresent()
                        && onlyToCustomer.getAsLong() != neighbor.source().as();
            case CUSTOMER, ROUTE_SERVER_CLIENT -> false;
        };
    }

    /** A path that can be used, as this node sees it; the same instance if nothing has to change. */
    PathAttributes seen(PathAttributes received) {
        if (!neighbor.isExternal()) {
            return received;
        }
        AttributesBuilder seen = received.change();
        // RFC 8326 section 4.1: what is about to go away is the last choice.
        seen.localPref(received.has(Community.GRACEFUL_SHUTDOWN) ? 0 : USUAL_PREFERENCE);
        boolean fromAbove = neighbor.role()
                .filter(role -> role == Role.CUSTOMER || role == Role.PEER || role == Role.ROUTE_SERVER_CLIENT)
                .isPresent();
        if (fromAbove && received.onlyToCustomer().isEmpty()) {
            seen.onlyToCustomer(neighbor.source().as());
        }
        return seen.build();
    }
}
