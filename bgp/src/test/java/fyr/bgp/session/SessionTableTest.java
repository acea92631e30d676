package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.EndOfRib;
import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;
import fyr.bgp.message.Open;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.Update;
import fyr.bgp.path.AddressFamily;
import fyr.model.address.Ipv4Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each event in each state (RFC 4271 section 8.2.2), on a connection that we made. */
class SessionTableTest {

    private static final Notification CEASE = Notification.of(ErrorCode.CEASE, ErrorCode.ADMINISTRATIVE_SHUTDOWN);
    private static final Open STRANGER = Open.of(64999, 90, Ipv4Address.parse("10.0.0.9"), List.of());

    /**
     * What is not in the table is ignored. It differs from the RFC in one place: a connection that cannot be made leads to Active, where the
     * peer can connect, and not to Idle, where it cannot until the next attempt.
     */
    private static final String TABLE = """
            start              IDLE         -> CONNECT: connect
            stop               CONNECT      -> IDLE: close outgoing
            stop               ACTIVE       -> IDLE
            stop               OPEN_SENT    -> IDLE: send 6/2, close outgoing, failed Stopped
            stop               OPEN_CONFIRM -> IDLE: send 6/2, close outgoing, failed Stopped
            stop               ESTABLISHED  -> IDLE: send 6/2, close outgoing, down Stopped
            connected          CONNECT      -> OPEN_SENT: send Open
            accepted           IDLE         -> IDLE: close incoming
            accepted           CONNECT      -> OPEN_SENT: send Open
            accepted           ACTIVE       -> OPEN_SENT: send Open
            accepted           OPEN_SENT    -> OPEN_SENT: send Open
            accepted           OPEN_CONFIRM -> OPEN_CONFIRM: send Open
            accepted           ESTABLISHED  -> ESTABLISHED: send 6/7, close incoming
            closed             CONNECT      -> ACTIVE
            closed             OPEN_SENT    -> ACTIVE: close outgoing, failed Lost
            closed             OPEN_CONFIRM -> IDLE: close outgoing, failed Lost
            closed             ESTABLISHED  -> IDLE: close outgoing, down Lost
            OPEN               OPEN_SENT    -> OPEN_CONFIRM: send Keepalive
            OPEN               OPEN_CONFIRM -> IDLE: send 5/2, close outgoing, failed Sent
            OPEN               ESTABLISHED  -> IDLE: send 5/3, close outgoing, down Sent
            OPEN of a stranger OPEN_SENT    -> IDLE: send 2/2, close outgoing, failed Sent
            OPEN of a stranger OPEN_CONFIRM -> IDLE: send 5/2, close outgoing, failed Sent
            OPEN of a stranger ESTABLISHED  -> IDLE: send 5/3, close outgoing, down Sent
            KEEPALIVE          OPEN_SENT    -> IDLE: send 5/1, close outgoing, failed Sent
            KEEPALIVE          OPEN_CONFIRM -> ESTABLISHED: up
            KEEPALIVE          ESTABLISHED  -> ESTABLISHED
            UPDATE             OPEN_SENT    -> IDLE: send 5/1, close outgoing, failed Sent
            UPDATE             OPEN_CONFIRM -> IDLE: send 5/2, close outgoing, failed Sent
            UPDATE             ESTABLISHED  -> ESTABLISHED: deliver Update
            ROUTE-REFRESH      OPEN_SENT    -> IDLE: send 5/1, close outgoing, failed Sent
            ROUTE-REFRESH      OPEN_CONFIRM -> IDLE: send 5/2, close outgoing, failed Sent
            ROUTE-REFRESH      ESTABLISHED  -> ESTABLISHED: deliver RouteRefresh
            NOTIFICATION       OPEN_SENT    -> IDLE: close outgoing, failed Received
            NOTIFICATION       OPEN_CONFIRM -> IDLE: close outgoing, failed Received
            NOTIFICATION       ESTABLISHED  -> IDLE: close outgoing, down Received
            malformed          OPEN_SENT    -> IDLE: send 1/1, close outgoing, failed Sent
            malformed          OPEN_CONFIRM -> IDLE: send 1/1, close outgoing, failed Sent
            malformed          ESTABLISHED  -> IDLE: send 1/1, close outgoing, down Sent
            BFD down           ESTABLISHED  -> IDLE: send 6/10, close outgoing, down Sent
            CONNECT_RETRY      CONNECT      -> CONNECT: close outgoing, connect
            CONNECT_RETRY      ACTIVE       -> CONNECT: connect
            OUTGOING_HOLD      OPEN_SENT    -> IDLE: send 4/0, close outgoing, failed Sent
            OUTGOING_HOLD      OPEN_CONFIRM -> IDLE: send 4/0, close outgoing, failed Sent
            OUTGOING_HOLD      ESTABLISHED  -> IDLE: send 4/0, close outgoing, down Sent
            OUTGOING_KEEPALIVE OPEN_CONFIRM -> OPEN_CONFIRM: send Keepalive
            OUTGOING_KEEPALIVE ESTABLISHED  -> ESTABLISHED: send Keepalive
            SEND_HOLD          ESTABLISHED  -> IDLE: close outgoing, down SendHold
            """;

    private static Map<String, Function<Driver, Step>> events() {
        Map<String, Function<Driver, Step>> all = new LinkedHashMap<>();
        all.put("start", driver -> driver.on(new SessionEvent.Start()));
        all.put("stop", driver -> driver.on(new SessionEvent.Stop(CEASE)));
        all.put("connected", driver -> driver.on(new SessionEvent.Connected(driver.outgoing())));
        all.put("accepted", driver -> driver.on(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 1))));
        all.put("closed", driver -> driver.on(new SessionEvent.Closed(driver.outgoing())));
        all.put("OPEN", driver -> driver.receive(driver.outgoing(), Peers.OPEN_OF_LARGE));
        all.put("OPEN of a stranger", driver -> driver.receive(driver.outgoing(), STRANGER));
        all.put("KEEPALIVE", driver -> driver.receive(driver.outgoing(), new Keepalive()));
        all.put("UPDATE", driver -> driver.receive(driver.outgoing(), new Update(List.of(), List.of())));
        all.put("ROUTE-REFRESH", driver -> driver.receive(driver.outgoing(), new RouteRefresh(AddressFamily.IPV4, 0)));
        all.put("NOTIFICATION", driver -> driver.receive(driver.outgoing(), CEASE));
        all.put(
                "malformed",
                driver -> driver.on(
                        new SessionEvent.Malformed(driver.outgoing(), Notification.of(ErrorCode.HEADER, 1), "bad")));
        all.put("BFD down", driver -> driver.on(new SessionEvent.BfdDown()));
        for (SessionTimer timer : List.of(
                SessionTimer.CONNECT_RETRY,
                SessionTimer.IDLE_HOLD,
                SessionTimer.OUTGOING_HOLD,
                SessionTimer.OUTGOING_KEEPALIVE,
                SessionTimer.SEND_HOLD)) {
            all.put(timer.name(), driver -> driver.expire(timer));
        }
        return all;
    }

    @Test
    void everyEventInEveryState() {
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, Function<Driver, Step>> event : events().entrySet()) {
            for (Phase phase : Phase.values()) {
                Driver driver = Peers.in(phase);
                assertThat(driver.state.phase()).isEqualTo(phase);
                SessionState before = driver.state;
                Step step = event.getValue().apply(driver);
                boolean ignored = step.actions().isEmpty() && step.state().equals(before);
                if (!ignored) {
                    table.append("%-18s %-12s -> %s%n".formatted(event.getKey(), phase, Texts.of(step)));
                }
                Invariants.check(driver);
            }
        }
        assertThat(table.toString()).isEqualTo(TABLE);
    }

    /** After a failure, nothing happens until the time is over, except that the session can be started at once or stopped. */
    @Test
    void waitingAfterAFailure() {
        Driver driver = Peers.in(Phase.ESTABLISHED);
        driver.on(new SessionEvent.Closed(driver.outgoing()));
        assertThat(driver.state.phase()).isEqualTo(Phase.IDLE);
        assertThat(Texts.of(driver.peek(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 1)))))
                .isEqualTo("IDLE: close incoming");
        assertThat(Texts.of(driver.peek(new SessionEvent.Start()))).isEqualTo("CONNECT: connect");
        assertThat(driver.peek(new SessionEvent.Stop(CEASE)).state().deadlines())
                .isEmpty();
        assertThat(driver.peek(new SessionEvent.Expired(SessionTimer.IDLE_HOLD)).actions())
                .as("too early")
                .isEmpty();
        assertThat(Texts.of(driver.expire(SessionTimer.IDLE_HOLD))).isEqualTo("CONNECT: connect");
    }

    @Test
    void waitsLongerWithEachFailureUpToALimit() {
        Driver driver = Peers.in(Phase.IDLE);
        driver.on(new SessionEvent.Start());
        long longest = 0;
        for (int i = 0; i < 12; i++) {
            driver.on(new SessionEvent.Connected(driver.outgoing()));
            driver.receive(driver.outgoing(), STRANGER);
            long hold = driver.left(SessionTimer.IDLE_HOLD);
            long full = Math.min(60_000, 1000L << i);
            assertThat(hold).isBetween(full * 3 / 4, full);
            longest = Math.max(longest, hold);
            driver.expire(SessionTimer.IDLE_HOLD);
        }
        assertThat(longest).isGreaterThan(45_000);
        driver.on(new SessionEvent.Connected(driver.outgoing()));
        driver.receive(driver.outgoing(), Peers.OPEN_OF_LARGE);
        driver.receive(driver.outgoing(), new Keepalive());
        driver.now += 300_000;
        driver.on(new SessionEvent.Closed(driver.outgoing()));
        assertThat(driver.left(SessionTimer.IDLE_HOLD)).isLessThanOrEqualTo(1000);
    }

    /** A passive session waits for the peer, before and after a failure. */
    @Test
    void passive() {
        SessionSettings settings = Peers.SMALL.withPassive(true);
        Driver driver = new Driver(settings, 1);
        assertThat(driver.on(new SessionEvent.Start()).actions()).isEmpty();
        assertThat(driver.state.phase()).isEqualTo(Phase.ACTIVE);
        Line line = driver.accept();
        driver.receive(line, Peers.OPEN_OF_LARGE);
        assertThat(Texts.of(driver.receive(line, new Keepalive()))).isEqualTo("ESTABLISHED: up");
        driver.on(new SessionEvent.Closed(line));
        assertThat(driver.expire(SessionTimer.IDLE_HOLD).actions()).isEmpty();
        assertThat(driver.state.phase()).isEqualTo(Phase.ACTIVE);
        driver.on(new SessionEvent.Closed(driver.accept()));
        assertThat(driver.state.deadlines()).isEmpty();
    }

    /** Any message but a NOTIFICATION shows that the peer is there; of UPDATEs in quick succession, not each moves the hold timer. */
    @Test
    void theHoldTimerStartsAnewWithMessages() {
        for (Message message : List.of(
                new Keepalive(),
                new Update(List.of(), List.of()),
                new EndOfRib(AddressFamily.IPV6),
                new RouteRefresh(AddressFamily.IPV4, RouteRefresh.REQUEST))) {
            Driver driver = Peers.in(Phase.ESTABLISHED);
            for (int i = 0; i < 1000; i++) {
                driver.now += 30;
                driver.receive(driver.outgoing(), message);
                assertThat(driver.left(SessionTimer.OUTGOING_HOLD)).isBetween(89_900L, 90_000L);
            }
            Invariants.check(driver);
        }
    }
}
