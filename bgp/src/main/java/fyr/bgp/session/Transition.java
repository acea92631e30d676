package fyr.bgp.session;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;
import fyr.bgp.message.NotificationException;
import fyr.bgp.message.Open;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.Update;
import fyr.bgp.path.Octets;
import fyr.bgp.session.Line.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One step of the state machine: the state is taken apart, changed, and put together again. */
final class Transition {

    /** RFC 4271 section 8.2.2, OpenSent: until the OPEN of the peer, "a large value". */
    private static final Duration OPEN_HOLD = Duration.ofMinutes(4);

    /** RFC 9687 section 6. */
    private static final Duration SHORTEST_SEND_HOLD = Duration.ofMinutes(8);

    /** A session that was up for so long did not fail because of what was wrong before. */
    private static final long STABLE_MILLIS = 300_000;

    /** For so long after a session came up, a second connection is one of two that were made at once. */
    private static final long COLLISION_MILLIS = 5_000;

    private final SessionSettings settings;
    private final long now;
    private final List<SessionAction> actions = new ArrayList<>();
    private final Map<SessionTimer, Long> deadlines = new EnumMap<>(SessionTimer.class);
    private final Map<Side, Track> tracks = new EnumMap<>(Side.class);
    private boolean wanted;
    private int failures;
    private long upSince;
    private long connections;
    private long seed;

    Transition(SessionSettings settings, SessionState state, long now) {
        this.settings = settings;
        this.now = now;
        wanted = state.wanted();
        failures = state.failures();
        upSince = state.upSince();
        connections = state.connections();
        seed = state.seed();
        deadlines.putAll(state.deadlines());
        state.outgoing().ifPresent(track -> tracks.put(Side.OUTGOING, track));
        state.incoming().ifPresent(track -> tracks.put(Side.INCOMING, track));
    }

    Step step() {
        SessionState state = new SessionState(
                wanted,
                Optional.ofNullable(tracks.get(Side.OUTGOING)),
                Optional.ofNullable(tracks.get(Side.INCOMING)),
                deadlines,
                failures,
                upSince,
                connections,
                seed);
        return new Step(state, actions);
    }

    void handle(SessionEvent event) {
        switch (event) {
            case SessionEvent.Start() -> start();
            case SessionEvent.Stop(var notification) -> stop(notification);
            case SessionEvent.Connected(var line) ->
                known(line).filter(track -> track.is(Phase.CONNECT)).ifPresent(_ -> open(line));
            case SessionEvent.Accepted(var line) -> accepted(line);
            case SessionEvent.Closed(var line) -> known(line).ifPresent(this::lost);
            case SessionEvent.Received(var line, var message) ->
                known(line).ifPresent(track -> received(track, message));
            case SessionEvent.Malformed(var line, var notification, var why) ->
                known(line).ifPresent(track -> fail(track, new DownReason.Sent(notification, why)));
            case SessionEvent.Progress(var line) ->
                known(line).filter(track -> track.is(Phase.ESTABLISHED)).ifPresent(this::armSendHold);
            case SessionEvent.Expired(var timer) -> {
                Long deadline = deadlines.get(timer);
                if (deadline != null && deadline <= now) {
                    deadlines.remove(timer);
                    expired(timer);
                }
            }
            case SessionEvent.BfdDown() ->
                established().ifPresent(track -> fail(track, Notification.of(ErrorCode.CEASE, ErrorCode.BFD_DOWN)));
        }
    }

    private Optional<Track> known(Line line) {
        return Optional.ofNullable(tracks.get(line.side()))
                .filter(track -> track.line().equals(line));
    }

    private Optional<Track> established() {
        return tracks.values().stream()
                .filter(track -> track.is(Phase.ESTABLISHED))
                .findFirst();
    }

    private void start() {
        boolean waiting = deadlines.containsKey(SessionTimer.IDLE_HOLD);
        if (!wanted || waiting) {
            wanted = true;
            failures = 0;
            disarm(SessionTimer.IDLE_HOLD);
            begin();
        }
    }

    private void begin() {
        if (!settings.passive()) {
            connect();
        }
    }

    private void connect() {
        Line line = new Line(Side.OUTGOING, ++connections);
        tracks.put(Side.OUTGOING, new Track(line, Phase.CONNECT, Optional.empty()));
        actions.add(new SessionAction.Connect(line));
        arm(SessionTimer.CONNECT_RETRY, jittered(settings.pace().connectRetry()));
    }

    private void stop(Notification notification) {
        wanted = false;
        failures = 0;
        for (Track track : List.copyOf(tracks.values())) {
            end(track, Optional.of(notification), new DownReason.Stopped(notification));
        }
        for (SessionTimer timer : SessionTimer.values()) {
            disarm(timer);
        }
    }

    /** The connection is there: our OPEN is the first message on it. */
    private void open(Line line) {
        tracks.put(line.side(), new Track(line, Phase.OPEN_SENT, Optional.empty()));
        if (tracks.values().stream().noneMatch(track -> track.is(Phase.CONNECT))) {
            disarm(SessionTimer.CONNECT_RETRY);
        }
        actions.add(new SessionAction.Send(line, Negotiation.open(settings)));
        arm(SessionTimer.hold(line), OPEN_HOLD);
    }

    /**
     * RFC 4271 section 6.8: while the session is established, the peer has no reason for another connection, unless it has restarted (RFC 4724
     * section 4.2). A connection without an OPEN gives way to a new one: the peer has given it up.
     */
    private void accepted(Line line) {
        Optional<Track> up = established();
        Track before = tracks.get(Side.INCOMING);
        if (!wanted || deadlines.containsKey(SessionTimer.IDLE_HOLD)) {
            // Without a word: a peer that is told a reason waits, and listens no more than we do.
            actions.add(new SessionAction.Close(line));
        } else if (up.isPresent() && !hasRestarted(up.get()) || before != null && before.is(Phase.OPEN_CONFIRM)) {
            actions.add(new SessionAction.Send(line, collision()));
            actions.add(new SessionAction.Close(line));
        } else {
            up.ifPresent(track -> end(track, Optional.empty(), new DownReason.Restarted()));
            if (before != null && before.is(Phase.OPEN_SENT)) {
                end(before, Optional.empty(), new DownReason.Lost());
            }
            open(line);
        }
    }

    /** Just after the session came up, it is more likely that both sides had connected. */
    private boolean hasRestarted(Track up) {
        return up.negotiated().flatMap(Negotiated::gracefulRestart).isPresent() && now - upSince >= COLLISION_MILLIS;
    }

    /** The connection is gone without a notification. */
    private void lost(Track track) {
        if (track.is(Phase.CONNECT)) {
            tracks.remove(track.line().side());
            if (!tracks.isEmpty()) {
                disarm(SessionTimer.CONNECT_RETRY);
            }
        } else {
            dropped(track, new DownReason.Lost(), track.is(Phase.OPEN_SENT));
        }
    }

    /** The peer ended the connection. If it only did not want this one, we listen for another (RFC 4271 section 8.2.2, OpenSent: on to Active). */
    private void dropped(Track track, DownReason reason, boolean only) {
        end(track, Optional.empty(), reason);
        if (!only) {
            idleWithoutConnection();
        } else if (tracks.isEmpty() && !settings.passive()) {
            arm(SessionTimer.CONNECT_RETRY, jittered(settings.pace().connectRetry()));
        }
    }

    private void notified(Track track, Notification notification) {
        boolean rejected = notification.code() == ErrorCode.CEASE
                && (notification.subcode() == ErrorCode.CONNECTION_REJECTED
                        || notification.subcode() == ErrorCode.COLLISION);
        dropped(track, new DownReason.Received(notification), rejected && !track.is(Phase.ESTABLISHED));
    }

    private void fail(Track track, Notification notification) {
        fail(track, new DownReason.Sent(notification));
    }

    private void fail(Track track, DownReason.Sent reason) {
        if (track.is(Phase.CONNECT)) {
            return;
        }
        end(track, Optional.of(reason.notification()), reason);
        idleWithoutConnection();
    }

    /** Ends a connection. If it was not even made, nobody needs to know. */
    private void end(Track track, Optional<Notification> notification, DownReason reason) {
        Line line = track.line();
        tracks.remove(line.side());
        disarm(SessionTimer.hold(line));
        disarm(SessionTimer.keepalive(line));
        if (!track.is(Phase.CONNECT)) {
            notification.ifPresent(last -> actions.add(new SessionAction.Send(line, last)));
        }
        actions.add(new SessionAction.Close(line));
        if (track.is(Phase.ESTABLISHED)) {
            disarm(SessionTimer.SEND_HOLD);
            failures = now - upSince >= STABLE_MILLIS ? 0 : failures;
            actions.add(new SessionAction.Down(reason));
        } else if (!track.is(Phase.CONNECT)) {
            actions.add(new SessionAction.Failed(reason));
        }
    }

    /** Waits before anything is tried again, longer with each failure. */
    private void idleWithoutConnection() {
        if (!tracks.isEmpty()) {
            return;
        }
        Duration hold = settings.pace().idleHold();
        for (int i = 0; i < failures && hold.compareTo(settings.pace().longestIdleHold()) < 0; i++) {
            hold = hold.multipliedBy(2);
        }
        boolean longest = hold.compareTo(settings.pace().longestIdleHold()) > 0;
        failures++;
        disarm(SessionTimer.CONNECT_RETRY);
        arm(SessionTimer.IDLE_HOLD, jittered(longest ? settings.pace().longestIdleHold() : hold));
    }

    private void received(Track track, Message message) {
        if (message instanceof Notification notification && !track.is(Phase.CONNECT)) {
            notified(track, notification);
            return;
        }
        switch (track.phase()) {
            case OPEN_SENT -> {
                if (message instanceof Open open) {
                    opened(track, open);
                } else {
                    unexpected(track, ErrorCode.IN_OPEN_SENT, message);
                }
            }
            case OPEN_CONFIRM -> {
                if (message instanceof Keepalive) {
                    up(track);
                } else {
                    unexpected(track, ErrorCode.IN_OPEN_CONFIRM, message);
                }
            }
            case ESTABLISHED -> routes(track, message);
            case IDLE, CONNECT, ACTIVE -> {
                // Nothing can come on a connection that is not there.
            }
        }
    }

    /** RFC 6608 section 4: the data is the type of the message. */
    private void unexpected(Track track, int subcode, Message message) {
        Octets type = Octets.of((byte) MessageType.of(message));
        fail(track, new Notification(ErrorCode.STATE_MACHINE, subcode, type));
    }

    private void opened(Track track, Open open) {
        Negotiated negotiated;
        try {
            negotiated = Negotiation.negotiate(settings, open);
        } catch (NotificationException refused) {
            fail(track, new DownReason.Sent(refused.notification(), refused.reason()));
            return;
        }
        Line line = track.line();
        Track other = tracks.get(line.side() == Side.OUTGOING ? Side.INCOMING : Side.OUTGOING);
        if (other != null && !survives(line, other, open)) {
            end(track, Optional.of(collision()), new DownReason.Sent(collision()));
            return;
        }
        tracks.put(line.side(), new Track(line, Phase.OPEN_CONFIRM, Optional.of(negotiated)));
        actions.add(new SessionAction.Send(line, new Keepalive()));
        armHold(line, negotiated);
        armKeepalive(line, negotiated);
    }

    private static Notification collision() {
        return Notification.of(ErrorCode.CEASE, ErrorCode.COLLISION);
    }

    /**
     * RFC 4271 section 6.8, RFC 6286 section 2.3: of two connections, the one is kept that the side with the larger identifier made. The other
     * one is compared when its OPEN comes, and an attempt to make one ends.
     */
    private boolean survives(Line line, Track other, Open open) {
        if (other.is(Phase.OPEN_SENT)) {
            return true;
        }
        boolean mine = isLarger(open) == (line.side() == Side.OUTGOING);
        if (other.is(Phase.ESTABLISHED) || other.is(Phase.OPEN_CONFIRM) && !mine) {
            return false;
        }
        end(other, Optional.of(collision()), new DownReason.Sent(collision()));
        disarm(SessionTimer.CONNECT_RETRY);
        return true;
    }

    private boolean isLarger(Open open) {
        int byIdentifier = settings.identifier().compareTo(open.identifier());
        return byIdentifier != 0 ? byIdentifier > 0 : settings.localAs() > open.as();
    }

    private void up(Track track) {
        Line line = track.line();
        for (Track other : List.copyOf(tracks.values())) {
            if (!other.line().equals(line)) {
                end(other, Optional.of(collision()), new DownReason.Sent(collision()));
            }
        }
        Track established = new Track(line, Phase.ESTABLISHED, track.negotiated());
        tracks.put(line.side(), established);
        disarm(SessionTimer.CONNECT_RETRY);
        upSince = now;
        track.negotiated().ifPresent(negotiated -> {
            armHold(line, negotiated);
            actions.add(new SessionAction.Up(line, negotiated));
        });
        armSendHold(established);
    }

    private void routes(Track track, Message message) {
        switch (message) {
            case Open _ -> unexpected(track, ErrorCode.IN_ESTABLISHED, message);
            case Keepalive _, Notification _ -> alive(track);
            case Update _, EndOfRib _, RouteRefresh _ -> {
                alive(track);
                actions.add(new SessionAction.Deliver(message));
            }
        }
    }

    private void alive(Track track) {
        track.negotiated().ifPresent(negotiated -> armHold(track.line(), negotiated));
    }

    private void expired(SessionTimer timer) {
        switch (timer) {
            case CONNECT_RETRY -> {
                Track attempt = tracks.get(Side.OUTGOING);
                if (attempt != null) {
                    end(attempt, Optional.empty(), new DownReason.Lost());
                }
                if (tracks.isEmpty()) {
                    connect();
                }
            }
            case IDLE_HOLD -> begin();
            case OUTGOING_HOLD, INCOMING_HOLD ->
                timed(timer, SessionTimer.OUTGOING_HOLD)
                        .ifPresent(track -> fail(track, Notification.of(ErrorCode.HOLD_TIMER_EXPIRED, 0)));
            case OUTGOING_KEEPALIVE, INCOMING_KEEPALIVE ->
                timed(timer, SessionTimer.OUTGOING_KEEPALIVE).ifPresent(track -> {
                    actions.add(new SessionAction.Send(track.line(), new Keepalive()));
                    track.negotiated().ifPresent(negotiated -> armKeepalive(track.line(), negotiated));
                });
            case SEND_HOLD ->
                established().ifPresent(track -> {
                    end(track, Optional.empty(), new DownReason.SendHold());
                    idleWithoutConnection();
                });
        }
    }

    private Optional<Track> timed(SessionTimer timer, SessionTimer ofOutgoing) {
        return Optional.ofNullable(tracks.get(timer == ofOutgoing ? Side.OUTGOING : Side.INCOMING));
    }

    private void armHold(Line line, Negotiated negotiated) {
        if (negotiated.holdTime() == 0) {
            disarm(SessionTimer.hold(line));
        } else {
            arm(SessionTimer.hold(line), Duration.ofSeconds(negotiated.holdTime()));
        }
    }

    private void armKeepalive(Line line, Negotiated negotiated) {
        if (negotiated.holdTime() != 0) {
            arm(SessionTimer.keepalive(line), jittered(Duration.ofSeconds(negotiated.keepalive())));
        }
    }

    /** RFC 9687 sections 4.3 and 6: not without a hold time, and longer than it. */
    private void armSendHold(Track track) {
        int holdTime = track.negotiated().map(Negotiated::holdTime).orElse(0);
        if (holdTime != 0) {
            Duration twice = Duration.ofSeconds(2L * holdTime);
            arm(SessionTimer.SEND_HOLD, twice.compareTo(SHORTEST_SEND_HOLD) > 0 ? twice : SHORTEST_SEND_HOLD);
        }
    }

    private void arm(SessionTimer timer, Duration after) {
        deadlines.put(timer, now + after.toMillis());
        actions.add(new SessionAction.Arm(timer, after));
    }

    private void disarm(SessionTimer timer) {
        if (deadlines.remove(timer) != null) {
            actions.add(new SessionAction.Disarm(timer));
        }
    }

    /** RFC 4271 section 10: three quarters of the time to all of it. The generator is that of Knuth's MMIX. */
    private Duration jittered(Duration time) {
        seed = seed * 6364136223846793005L + 1442695040888963407L;
        long millis = time.toMillis();
        return Duration.ofMillis(millis - (seed >>> 33) % (millis / 4 + 1));
    }
}
