package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.Open;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What holds after every history. */
final class Invariants {

    private Invariants() {}

    static void check(Driver driver) {
        assertThat(driver.state.deadlines().keySet()).as("armed timers").isEqualTo(timers(driver));
        checkTimersOfActions(driver);
        checkLines(driver);
        checkUpAndDown(driver);
    }

    /** Which timers are armed follows from the connections. */
    private static Set<SessionTimer> timers(Driver driver) {
        SessionState state = driver.state;
        Set<SessionTimer> expected = EnumSet.noneOf(SessionTimer.class);
        boolean none = state.outgoing().isEmpty() && state.incoming().isEmpty();
        boolean connecting =
                state.outgoing().filter(track -> track.is(Phase.CONNECT)).isPresent();
        if (connecting || state.phase() == Phase.ACTIVE && !driver.settings.passive()) {
            expected.add(SessionTimer.CONNECT_RETRY);
        }
        if (state.wanted() && none && state.phase() == Phase.IDLE) {
            expected.add(SessionTimer.IDLE_HOLD);
        }
        for (Track track : tracks(state)) {
            if (track.is(Phase.CONNECT)) {
                continue;
            }
            int holdTime = track.negotiated().map(Negotiated::holdTime).orElse(240);
            if (holdTime > 0) {
                expected.add(SessionTimer.hold(track.line()));
            }
            if (holdTime > 0 && track.negotiated().isPresent()) {
                expected.add(SessionTimer.keepalive(track.line()));
            }
            if (holdTime > 0 && track.is(Phase.ESTABLISHED)) {
                expected.add(SessionTimer.SEND_HOLD);
            }
        }
        return expected;
    }

    private static Iterable<Track> tracks(SessionState state) {
        return Stream.of(state.outgoing(), state.incoming())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whoever obeys the actions has the same timers running as the state says, but for those that ran out. */
    private static void checkTimersOfActions(Driver driver) {
        Set<SessionTimer> running = EnumSet.noneOf(SessionTimer.class);
        for (SessionAction action : driver.actions) {
            switch (action) {
                case SessionAction.Arm(var timer, var after) -> {
                    assertThat(after.isNegative()).as("%s %s", timer, after).isFalse();
                    running.add(timer);
                }
                case SessionAction.Disarm(var timer) -> running.remove(timer);
                default -> {}
            }
        }
        assertThat(running.containsAll(driver.state.deadlines().keySet())).isTrue();
    }

    /** On each connection: at most one OPEN, which comes first; nothing after it was closed; what is not in the state was closed. */
    private static void checkLines(Driver driver) {
        Map<Line, Integer> opens = new HashMap<>();
        Set<Line> closed = new HashSet<>();
        Set<Line> used = new HashSet<>();
        for (SessionAction action : driver.actions) {
            switch (action) {
                case SessionAction.Connect(var line) -> used.add(line);
                case SessionAction.Send(var line, var message) -> {
                    assertThat(closed).as("closed before %s", message).doesNotContain(line);
                    used.add(line);
                    if (message instanceof Open) {
                        assertThat(opens.merge(line, 1, Integer::sum)).isEqualTo(1);
                    }
                }
                case SessionAction.Close(var line) -> {
                    assertThat(closed.add(line)).as("%s closed once", line).isTrue();
                    used.add(line);
                }
                default -> {}
            }
        }
        Set<Line> open = new HashSet<>();
        tracks(driver.state).forEach(track -> open.add(track.line()));
        assertThat(minus(open, closed)).as("still open").isEqualTo(open);
        assertThat(minus(minus(minus(used, closed), open), driver.refused))
                .as("never closed")
                .isEmpty();
    }

    private static Set<Line> minus(Set<Line> from, Set<Line> what) {
        Set<Line> rest = new HashSet<>(from);
        rest.removeAll(what);
        return rest;
    }

    /** Up and down take turns, and routes come only between them. */
    private static void checkUpAndDown(Driver driver) {
        boolean up = false;
        for (SessionAction action : driver.actions) {
            switch (action) {
                case SessionAction.Up _ -> {
                    assertThat(up).as("up before").isFalse();
                    up = true;
                }
                case SessionAction.Down _ -> {
                    assertThat(up).as("up before down").isTrue();
                    up = false;
                }
                case SessionAction.Deliver _ ->
                    assertThat(up).as("up before routes").isTrue();
                default -> {}
            }
        }
        assertThat(driver.state.phase() == Phase.ESTABLISHED).isEqualTo(up);
        assertThat(driver.state.established().isPresent()).isEqualTo(up);
        if (!driver.state.wanted()) {
            assertThat(tracks(driver.state)).isEmpty();
            assertThat(driver.state.deadlines()).isEmpty();
        }
    }
}
