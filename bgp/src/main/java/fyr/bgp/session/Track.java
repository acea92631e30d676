package fyr.bgp.session;

import java.util.Optional;

/**
 * A connection and how far it came.
 *
 * @param phase {@link Phase#CONNECT} or later, but not {@link Phase#ACTIVE}
 * @param negotiated present once the OPEN of the peer was accepted
 */
public record Track(Line line, Phase phase, Optional<Negotiated> negotiated) {

    /** Whether it is in this state. */
    public boolean is(Phase other) {
        return phase == other;
    }
}
