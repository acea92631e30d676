package fyr.bgp.session;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.Update;
import java.util.List;

/** The state machine of a session. It has no state of its own; safe on any thread. */
public final class SessionMachine {

    /** So much earlier than it should the hold timer may run out. */
    private static final long FRESH_MILLIS = 100;

    private final SessionSettings settings;

    /** A machine that holds a session like this. */
    public SessionMachine(SessionSettings settings) {
        this.settings = settings;
    }

    /**
     * What follows from an event.
     *
     * @param now milliseconds of a clock that is never set back
     */
    public Step on(SessionState state, SessionEvent event, long now) {
        if (event instanceof SessionEvent.Received(var line, var message)
                && (message instanceof Update || message instanceof EndOfRib)
                && isFresh(state, line, now)) {
            return new Step(state, List.of(new SessionAction.Deliver(message)));
        }
        Transition transition = new Transition(settings, state, now);
        transition.handle(event);
        return transition.step();
    }

    /** Whether the session is established on this connection and its hold timer was armed just now: then an UPDATE changes nothing. They come by the thousand. */
    private static boolean isFresh(SessionState state, Line line, long now) {
        Track track = (line.side() == Line.Side.OUTGOING ? state.outgoing() : state.incoming()).orElse(null);
        if (track == null || !track.is(Phase.ESTABLISHED) || !track.line().equals(line)) {
            return false;
        }
        int holdTime = track.negotiated().map(Negotiated::holdTime).orElse(0);
        Long deadline = state.deadlines().get(SessionTimer.hold(line));
        return holdTime == 0 || deadline != null && deadline >= now + 1000L * holdTime - FRESH_MILLIS;
    }
}
