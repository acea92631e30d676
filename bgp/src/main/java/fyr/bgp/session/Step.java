package fyr.bgp.session;

import java.util.List;

/** The state after an event, and what is to be done. */
public record Step(SessionState state, List<SessionAction> actions) {

    public Step {
        actions = List.copyOf(actions);
    }
}
