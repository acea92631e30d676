package fyr.bgp.rib;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;

/**
 * Where paths come from: a peer, or this node.
 *
 * @param number identifies it among all sources, from 0; small, because tables are indexed by it
 * @param as its autonomous system
 * @param routerId the BGP identifier from its OPEN
 * @param address its address in the session; decides last between paths that are equal
 */
public record Source(int number, Kind kind, long as, Ipv4Address routerId, IpAddress address) {

    /** How a source is related to this node. */
    public enum Kind {
        /** This node itself. */
        LOCAL,
        /** A peer in the same autonomous system. */
        INTERNAL,
        /** An internal peer to which this node reflects routes (RFC 4456). */
        CLIENT,
        /** A peer in another autonomous system. */
        EXTERNAL;

        /** Whether the peer is in the same autonomous system. */
        public boolean isInternal() {
            return this == INTERNAL || this == CLIENT;
        }
    }
}
