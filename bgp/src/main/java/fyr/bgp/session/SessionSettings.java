package fyr.bgp.session;

import fyr.bgp.message.Capability;
import fyr.bgp.message.Role;
import fyr.bgp.path.AddressFamily;
import fyr.model.address.Ipv4Address;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How one session is to be held.
 *
 * @param localAs 1 to 4294967295
 * @param identifier the own one, not 0.0.0.0
 * @param passive whether connections are only accepted, never made
 * @param holdTime seconds that the peer may be silent: 0 for ever, or 3 to 65535; the smaller one of both sides counts
 * @param families whose routes are to be exchanged; at least one
 * @param receivePaths families of which several paths to a destination can be received
 * @param sendPaths families of which several paths to a destination are to be sent
 * @param extendedNextHop whether IPv4 destinations may have an IPv6 next hop
 * @param extendedMessages whether messages may be longer than 4096 bytes
 * @param role the own one towards an external peer
 * @param strictRole whether the peer must tell its role
 * @param gracefulRestart what is told about the own restarts
 * @param longLived how long routes are to be kept beyond the restart time
 */
public record SessionSettings(
        long localAs,
        ExpectedAs expectedAs,
        Ipv4Address identifier,
        boolean passive,
        int holdTime,
        Set<AddressFamily> families,
        Set<AddressFamily> receivePaths,
        Set<AddressFamily> sendPaths,
        boolean extendedNextHop,
        boolean extendedMessages,
        Optional<Role> role,
        boolean strictRole,
        Optional<Capability.GracefulRestart> gracefulRestart,
        Optional<Capability.LongLivedGracefulRestart> longLived,
        Pace pace) {

    /**
     * How often something is tried again. Each time is shortened at random by up to a quarter (RFC 4271 section 10).
     *
     * @param connectRetry between two attempts to connect
     * @param idleHold after the first failure; doubled with each one that follows
     * @param longestIdleHold after any number of failures
     */
    public record Pace(Duration connectRetry, Duration idleHold, Duration longestIdleHold) {

        /** Fast enough for a peer in the same network. */
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    public SessionSettings {
        families = Set.copyOf(families);
        receivePaths = Set.copyOf(receivePaths);
        sendPaths = Set.copyOf(sendPaths);
        if (holdTime != 0 && holdTime < 3 || holdTime > 0xffff) {
            throw new IllegalArgumentException("hold time " + holdTime + " is neither 0 nor within 3..65535");
        }
        if (families.isEmpty() || !families.stream().allMatch(AddressFamily::isSupported)) {
            throw new IllegalArgumentException("families of a session: " + families);
        }
    }

    /** A session with nothing special: both families, a hold time of 90 seconds. */
    public static SessionSettings of(long localAs, ExpectedAs expectedAs, Ipv4Address identifier) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                false,
                90,
                Set.of(AddressFamily.IPV4, AddressFamily.IPV6),
                Set.of(),
                Set.of(),
                true,
                true,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Pace.STANDARD);
    }

    /** The same session, for which connections are made or only accepted. */
    public SessionSettings withPassive(boolean now) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                now,
                holdTime,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                longLived,
                pace);
    }

    /** The same session with another hold time. */
    public SessionSettings withHoldTime(int seconds) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                seconds,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                longLived,
                pace);
    }

    /** The same session for the routes of other families. */
    public SessionSettings withFamilies(Set<AddressFamily> now) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                now,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                longLived,
                pace);
    }

    /** The same session, in which several paths to a destination are received and sent in these families. */
    public SessionSettings withPaths(Set<AddressFamily> received, Set<AddressFamily> sent) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                families,
                received,
                sent,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                longLived,
                pace);
    }

    /** The same session with a role. */
    public SessionSettings withRole(Role own, boolean strict) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                Optional.of(own),
                strict,
                gracefulRestart,
                longLived,
                pace);
    }

    /** The same session, of whose restarts the peer is told this. */
    public SessionSettings withGracefulRestart(Capability.GracefulRestart told) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                Optional.of(told),
                longLived,
                pace);
    }

    /** The same session, after which routes are to be kept for so long. */
    public SessionSettings withLongLived(Capability.LongLivedGracefulRestart told) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                Optional.of(told),
                pace);
    }

    /** The same session, tried again so often. */
    public SessionSettings withPace(Pace now) {
        return new SessionSettings(
                localAs,
                expectedAs,
                identifier,
                passive,
                holdTime,
                families,
                receivePaths,
                sendPaths,
                extendedNextHop,
                extendedMessages,
                role,
                strictRole,
                gracefulRestart,
                longLived,
                now);
    }
}
