package fyr.bgp.session;

import fyr.bgp.message.Capability;
import fyr.bgp.message.Open;
import fyr.bgp.message.PeerKind;
import fyr.bgp.message.Role;
import fyr.bgp.message.WireOptions;
import fyr.bgp.path.AddressFamily;
import java.util.Optional;
import java.util.Set;

/**
 * What both sides have agreed on with their OPENs.
 *
 * @param peer what the peer said
 * @param holdTime seconds, 0 or 3 to 65535
 * @param families whose routes are exchanged
 * @param receive how messages of the peer are read
 * @param send how messages to the peer are written
 * @param refresh whether the peer announces its routes again on request
 * @param enhancedRefresh whether both sides mark begin and end of a refresh
 * @param role the own one, if the peer is external
 * @param peerRole that of the peer, if it told one
 * @param gracefulRestart what the peer told about its restarts, if we told too
 * @param longLived how long the peer wants its routes to be kept beyond the restart time, if we told too
 */
public record Negotiated(
        Open peer,
        PeerKind kind,
        int holdTime,
        Set<AddressFamily> families,
        WireOptions receive,
        WireOptions send,
        boolean refresh,
        boolean enhancedRefresh,
        Optional<Role> role,
        Optional<Role> peerRole,
        Optional<Capability.GracefulRestart> gracefulRestart,
        Optional<Capability.LongLivedGracefulRestart> longLived) {

    public Negotiated {
        families = Set.copyOf(families);
    }

    /** Seconds between two KEEPALIVEs, a third of the hold time (RFC 4271 section 4.4); 0 for none. */
    public int keepalive() {
        return holdTime / 3;
    }
}
