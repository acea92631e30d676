package fyr.bgp.session;

import fyr.bgp.message.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A machine with its state, a clock, and everything that it asked for. */
final class Driver {

    final SessionSettings settings;
    private final SessionMachine machine;
    SessionState state;
    long now = 1_000_000;
    final List<SessionAction> actions = new ArrayList<>();
    /** Connections that ended before they were made: nothing is left to close. */
    final Set<Line> refused = new HashSet<>();

    private long accepted;

    Driver(SessionSettings settings, long seed) {
        this.settings = settings;
        machine = new SessionMachine(settings);
        state = SessionState.initial(seed);
    }

    Step on(SessionEvent event) {
        boolean connecting =
                state.outgoing().filter(track -> track.is(Phase.CONNECT)).isPresent();
        if (connecting && event instanceof SessionEvent.Closed(var line)) {
            refused.add(line);
        }
        Step step = machine.on(state, event, now);
        state = step.state();
        actions.addAll(step.actions());
        return step;
    }

    /** What would happen, without doing it. */
    Step peek(SessionEvent event) {
        return machine.on(state, event, now);
    }

    /** Moves the clock to where this timer runs out, and lets it. */
    Step expire(SessionTimer timer) {
        now = Math.max(now, state.deadlines().getOrDefault(timer, now));
        return on(new SessionEvent.Expired(timer));
    }

    /** Milliseconds until a timer runs out, or -1 if it is not armed. */
    long left(SessionTimer timer) {
        return state.deadlines().getOrDefault(timer, now - 1) - now;
    }

    Line outgoing() {
        return state.outgoing().map(Track::line).orElse(new Line(Line.Side.OUTGOING, 99));
    }

    Line incoming() {
        return state.incoming().map(Track::line).orElse(new Line(Line.Side.INCOMING, 99));
    }

    /** The peer makes a connection. */
    Line accept() {
        Line line = new Line(Line.Side.INCOMING, ++accepted);
        on(new SessionEvent.Accepted(line));
        return line;
    }

    Step receive(Line line, Message message) {
        return on(new SessionEvent.Received(line, message));
    }
}
