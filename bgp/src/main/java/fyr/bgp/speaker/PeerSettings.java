package fyr.bgp.speaker;

import fyr.bgp.filter.Filter;
import fyr.bgp.path.NextHop;
import fyr.bgp.session.SessionSettings;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.Map;
import java.util.Optional;

/**
 * How a peer is treated.
 *
 * @param name for status and messages
 * @param port that the peer listens at, 1 to 65535
 * @param client whether an internal peer's routes are reflected to others (RFC 4456)
 * @param self the next hop that the peer is told for this node, for families in which it is not the address of the session
 * @param nextHopSelf whether an internal peer is told this node as the next hop of what external ones announced
 * @param hops how the distance to the peer is limited
 * @param password for TCP MD5 (RFC 2385)
 * @param localAddress the address that connections are made from
 * @param mostPrefixes of each family that are taken; with more, the session ends (RFC 4486)
 */
public record PeerSettings(
        String name,
        int port,
        SessionSettings session,
        boolean client,
        Filter imports,
        Filter exports,
        Map<Family, NextHop> self,
        boolean nextHopSelf,
        Hops hops,
        Optional<String> password,
        Optional<IpAddress> localAddress,
        int mostPrefixes) {

    /** How far away a peer may be. */
    public sealed interface Hops {

        /** An internal peer anywhere, an external one on the same link. */
        record Usual() implements Hops {}

        /** On the same link, and packets from elsewhere are dropped by their hop limit (RFC 5082). */
        record Protected() implements Hops {}

        /** Up to so many hops away, 2 to 255. */
        record Many(int most) implements Hops {}
    }

    public PeerSettings {
        self = Map.copyOf(self);
    }

    /** A peer with nothing special. */
    public static PeerSettings of(String name, SessionSettings session) {
        return new PeerSettings(
                name,
                179,
                session,
                false,
                Filter.ACCEPT,
                Filter.ACCEPT,
                Map.of(),
                false,
                new Hops.Usual(),
                Optional.empty(),
                Optional.empty(),
                1_000_000);
    }

    /** The same peer with another session. */
    public PeerSettings withSession(SessionSettings now) {
        return new PeerSettings(
                name,
                port,
                now,
                client,
                imports,
                exports,
                self,
                nextHopSelf,
                hops,
                password,
                localAddress,
                mostPrefixes);
    }

    /** The same peer at another port. */
    public PeerSettings withPort(int now) {
        return new PeerSettings(
                name,
                now,
                session,
                client,
                imports,
                exports,
                self,
                nextHopSelf,
                hops,
                password,
                localAddress,
                mostPrefixes);
    }

    /** The same peer, to which the routes of others are reflected or not. */
    public PeerSettings withClient(boolean now) {
        return new PeerSettings(
                name,
                port,
                session,
                now,
                imports,
                exports,
                self,
                nextHopSelf,
                hops,
                password,
                localAddress,
                mostPrefixes);
    }

    /** The same peer with other filters. */
    public PeerSettings withFilters(Filter imported, Filter exported) {
        return new PeerSettings(
                name,
                port,
                session,
                client,
                imported,
                exported,
                self,
                nextHopSelf,
                hops,
                password,
                localAddress,
                mostPrefixes);
    }

    /** The same peer, told these next hops for this node. */
    public PeerSettings withSelf(Map<Family, NextHop> now) {
        return new PeerSettings(
                name,
                port,
                session,
                client,
                imports,
                exports,
                now,
                nextHopSelf,
                hops,
                password,
                localAddress,
                mostPrefixes);
    }

    /** The same peer, connected to from this address. */
    public PeerSettings withLocalAddress(IpAddress own) {
        return new PeerSettings(
                name,
                port,
                session,
                client,
                imports,
                exports,
                self,
                nextHopSelf,
                hops,
                password,
                Optional.of(own),
                mostPrefixes);
    }

    /** The same peer, of which no more prefixes are taken. */
    public PeerSettings withMostPrefixes(int most) {
        return new PeerSettings(
                name, port, session, client, imports, exports, self, nextHopSelf, hops, password, localAddress, most);
    }
}
