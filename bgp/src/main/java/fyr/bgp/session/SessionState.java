package fyr.bgp.session;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that is remembered of a session. There may be two connections, one that each side made, until one of them is chosen.
 *
 * @param wanted whether it was started and not stopped
 * @param outgoing the connection that we made or are making
 * @param incoming the connection that the peer made
 * @param deadlines when each armed timer runs out, in milliseconds of the clock that is passed in
 * @param failures in a row
 * @param upSince when the session was established
 * @param connections how many connections we have made
 * @param seed of the next random number
 */
public record SessionState(
        boolean wanted,
        Optional<Track> outgoing,
        Optional<Track> incoming,
        Map<SessionTimer, Long> deadlines,
        int failures,
        long upSince,
        long connections,
        long seed) {

    public SessionState {
        deadlines = Map.copyOf(deadlines);
    }

    /** A session that was not started; the seed makes its random times differ from those of others. */
    public static SessionState initial(long seed) {
        return new SessionState(false, Optional.empty(), Optional.empty(), Map.of(), 0, 0, 0, seed);
    }

    /** The state by which RFC 4271 calls it: that of the connection that came furthest. */
    public Phase phase() {
        boolean idle = !wanted || deadlines.containsKey(SessionTimer.IDLE_HOLD);
        return Stream.of(outgoing, incoming)
                .flatMap(Optional::stream)
                .map(Track::phase)
                .max(Phase::compareTo)
                .orElse(idle ? Phase.IDLE : Phase.ACTIVE);
    }

    /** What was agreed on in the session that is established. */
    public Optional<Negotiated> established() {
        return Stream.of(outgoing, incoming)
                .flatMap(Optional::stream)
                .filter(track -> track.is(Phase.ESTABLISHED))
                .findFirst()
                .flatMap(Track::negotiated);
    }
}
