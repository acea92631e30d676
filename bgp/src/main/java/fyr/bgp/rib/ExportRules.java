package fyr.bgp.rib;

import fyr.bgp.message.Role;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Family;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a peer is told about a path, before its filter is asked. */
final class ExportRules {

    private static final long USUAL_PREFERENCE = 100;

    private final Local local;
    private final Neighbor neighbor;

    ExportRules(Local local, Neighbor neighbor) {
        this.local = local;
        this.neighbor = neighbor;
    }

    /** The path as the peer is told it; empty if it is not. */
    Optional<PathAttributes> told(Path path, Family family) {
        PathAttributes attributes = path.attributes();
        return path.source().number() == neighbor.source().number()
                        || isReceived(path) && attributes.has(Community.NO_ADVERTISE)
                        || attributes.has(Community.LLGR_STALE) && !neighbor.longStale()
                ? Optional.empty()
                : neighbor.isExternal() ? external(path, family) : internal(path, family);
    }

    /** RFC 1997 is about routes that were received: on own ones, its communities say what peers may do with them. */
    private static boolean isReceived(Path path) {
        return path.source().kind() != Source.Kind.LOCAL;
    }

    private Optional<PathAttributes> external(Path path, Family family) {
        PathAttributes attributes = path.attributes();
        if (isReceived(path) && (attributes.has(Community.NO_EXPORT) || attributes.has(Community.NO_EXPORT_SUBCONFED))
                || attributes.asPath().contains(neighbor.source().as())
                || attributes.onlyToCustomer().isPresent() && isUpwards()) {
            return Optional.empty();
        }
        NextHop self = neighbor.self().get(family);
        if (self == null) {
            return Optional.empty();
        }
        AttributesBuilder told = attributes
                .change()
                .asPath(attributes.asPath().withoutConfederation().prepend(local.as(), 1))
                .nextHop(self)
                .localPref(OptionalLong.empty())
                .originatorId(Optional.empty())
                .clusterList(List.of());
        if (isReceived(path)) {
            told.multiExitDisc(OptionalLong.empty()); // RFC 4271 section 5.1.4
        }
        if (attributes.onlyToCustomer().isEmpty() && isDownwards()) {
            told.onlyToCustomer(local.as());
        }
        return Optional.of(told.build());
    }

    /** RFC 9234 section 5, the egress procedure: what came from a provider, a peer or a route server goes to customers only. */
    private boolean isUpwards() {
        return neighbor.role()
                .filter(role -> role == Role.CUSTOMER || role == Role.PEER || role == Role.ROUTE_SERVER_CLIENT)
                .isPresent();
    }

    private boolean isDownwards() {
        return neighbor.role()
                .filter(role -> role == Role.PROVIDER || role == Role.PEER || role == Role.ROUTE_SERVER)
                .isPresent();
    }

    private Optional<PathAttributes> internal(Path path, Family family) {
        return path.source().kind().isInternal() ? reflected(path) : firstHand(path, family);
    }

    /** RFC 4456 section 8. */
    private Optional<PathAttributes> reflected(Path path) {
        boolean concernsClient =
                path.source().kind() == Source.Kind.CLIENT || neighbor.source().kind() == Source.Kind.CLIENT;
        PathAttributes attributes = path.attributes();
        Ipv4Address originator = attributes.originatorId().orElse(path.source().routerId());
        if (!concernsClient || originator.equals(neighbor.source().routerId())) {
            return Optional.empty();
        }
        List<Ipv4Address> clusters = new ArrayList<>(List.of(local.clusterId()));
        clusters.addAll(attributes.clusterList());
        return Optional.of(attributes
                .change()
                .originatorId(Optional.of(originator))
                .clusterList(clusters)
                .build());
    }

    /** A path of this node or of an external peer; the next hop of the latter stays (RFC 4271 section 5.1.3), unless it is to be this node. */
    private Optional<PathAttributes> firstHand(Path path, Family family) {
        PathAttributes attributes = path.attributes();
        boolean keep = attributes.nextHop().isPresent() && !neighbor.nextHopSelf();
        return (keep
                        ? attributes.nextHop()
                        : Optional.ofNullable(neighbor.self().get(family)))
                .map(hop -> attributes
                        .change()
                        .localPref(attributes.localPref().orElse(USUAL_PREFERENCE))
                        .originatorId(Optional.empty())
                        .clusterList(List.of())
                        .nextHop(hop)
                        .build());
    }
}
