package fyr.bgp.rib;

import fyr.bgp.filter.Filter;
import fyr.bgp.message.Role;
import fyr.bgp.path.NextHop;
import fyr.model.address.Family;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A peer with an established session, as far as it decides which routes are exchanged.
 *
 * @param role the role of this node towards the peer (RFC 9234), if roles are in use
 * @param self the next hop by which the peer reaches this node, for the families of which it is told routes
 * @param nextHopSelf whether an internal peer is told this node as the next hop of what external ones announced
 * @param paths families of which all paths are told, not only the best (RFC 7911)
 * @param longStale whether the peer knows paths that are kept beyond a restart (RFC 9494)
 */
public record Neighbor(
        Source source,
        Optional<Role> role,
        Filter imports,
        Filter exports,
        Map<Family, NextHop> self,
        boolean nextHopSelf,
        Set<Family> paths,
        boolean longStale) {

    public Neighbor {
        self = Map.copyOf(self);
        paths = Set.copyOf(paths);
    }

    /** Whether the peer is in another autonomous system. */
    boolean isExternal() {
        return source.kind() == Source.Kind.EXTERNAL;
    }
}
