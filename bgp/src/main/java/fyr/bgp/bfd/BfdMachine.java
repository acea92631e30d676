package fyr.bgp.bfd;

/** The state machine of a session (RFC 5880 section 6.8). It has no state of its own; safe on any thread. */
public final class BfdMachine {

    private BfdMachine() {}

    /**
     * What follows from an event.
     *
     * @param now microseconds of a clock that is never set back
     */
    public static BfdStep on(BfdState state, BfdEvent event, long now) {
        BfdTransition transition = new BfdTransition(state, now);
        transition.handle(event);
        return transition.step();
    }
}
