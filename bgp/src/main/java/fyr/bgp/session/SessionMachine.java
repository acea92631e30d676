package fyr.bgp.session;

/** The state machine of a session. It has no state of its own; safe on any thread. */
public final class SessionMachine {

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
        Transition transition = new Transition(settings, state, now);
        transition.handle(event);
        return transition.step();
    }
}
