package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Notification;
import fyr.bgp.message.Open;
import fyr.bgp.message.Role;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Both sides make a connection (RFC 4271 section 6.8, RFC 6286 section 2.3). */
class CollisionTest {

    /** Both connections are there, and no OPEN came yet. */
    private static Driver both(SessionSettings settings) {
        Driver driver = new Driver(settings, 1);
        driver.on(new SessionEvent.Start());
        driver.accept();
        driver.on(new SessionEvent.Connected(driver.outgoing()));
        assertThat(driver.state.outgoing()).isPresent();
        assertThat(driver.state.incoming()).isPresent();
        return driver;
    }

    private static void assertEnds(Driver driver, Line kept) {
        Invariants.check(driver);
        assertThat(Texts.of(driver.receive(kept, new Keepalive()))).isEqualTo("ESTABLISHED: up");
        Invariants.check(driver);
    }

    @Test
    void theLargerOneKeepsWhatItMade() {
        Driver driver = both(Peers.LARGE);
        Line outgoing = driver.outgoing();
        driver.receive(driver.incoming(), Peers.OPEN_OF_SMALL);
        assertThat(Texts.of(driver.receive(outgoing, Peers.OPEN_OF_SMALL)))
                .isEqualTo("OPEN_CONFIRM: send 6/7, close incoming, failed Sent, send Keepalive");
        assertEnds(driver, outgoing);
        driver = both(Peers.LARGE);
        outgoing = driver.outgoing();
        driver.receive(outgoing, Peers.OPEN_OF_SMALL);
        assertThat(Texts.of(driver.receive(driver.incoming(), Peers.OPEN_OF_SMALL)))
                .isEqualTo("OPEN_CONFIRM: send 6/7, close incoming, failed Sent");
        assertEnds(driver, outgoing);
    }

    @Test
    void theSmallerOneKeepsWhatThePeerMade() {
        Driver driver = both(Peers.SMALL);
        Line incoming = driver.incoming();
        driver.receive(driver.outgoing(), Peers.OPEN_OF_LARGE);
        assertThat(Texts.of(driver.receive(incoming, Peers.OPEN_OF_LARGE)))
                .isEqualTo("OPEN_CONFIRM: send 6/7, close outgoing, failed Sent, send Keepalive");
        assertEnds(driver, incoming);
        driver = both(Peers.SMALL);
        incoming = driver.incoming();
        driver.receive(incoming, Peers.OPEN_OF_LARGE);
        assertThat(Texts.of(driver.receive(driver.outgoing(), Peers.OPEN_OF_LARGE)))
                .isEqualTo("OPEN_CONFIRM: send 6/7, close outgoing, failed Sent");
        assertEnds(driver, incoming);
    }

    @Test
    void theLargerAsDecidesWhereIdentifiersAreEqual() {
        Open same = Open.of(64501, 90, Peers.SMALL.identifier(), List.of());
        Driver driver = both(Peers.SMALL);
        driver.receive(driver.outgoing(), same);
        assertThat(Texts.of(driver.receive(driver.incoming(), same))).contains("close outgoing");
    }

    /** Identifiers are unsigned numbers. */
    @Test
    void identifiersAreComparedUnsigned() {
        Open high = Open.of(64501, 90, Ipv4Address.parse("192.0.2.1"), List.of());
        Driver driver = both(Peers.SMALL);
        driver.receive(driver.outgoing(), high);
        assertThat(Texts.of(driver.receive(driver.incoming(), high))).contains("close outgoing");
    }

    @Test
    void anEstablishedSessionWins() {
        Driver driver = both(Peers.SMALL);
        driver.receive(driver.outgoing(), Peers.OPEN_OF_LARGE);
        assertThat(Texts.of(driver.receive(driver.outgoing(), new Keepalive())))
                .isEqualTo("ESTABLISHED: send 6/7, close incoming, failed Sent, up");
        Invariants.check(driver);
    }

    @Test
    void anAttemptEndsWhenThePeerIsThere() {
        Driver driver = new Driver(Peers.LARGE, 1);
        driver.on(new SessionEvent.Start());
        Line line = driver.accept();
        assertThat(Texts.of(driver.receive(line, Peers.OPEN_OF_SMALL)))
                .isEqualTo("OPEN_CONFIRM: close outgoing, send Keepalive");
        assertEnds(driver, line);
    }

    @Test
    void aSecondConnectionOfThePeerReplacesASilentOne() {
        Driver driver = new Driver(Peers.SMALL.withPassive(true), 1);
        driver.on(new SessionEvent.Start());
        driver.accept();
        Step step = driver.on(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 7)));
        assertThat(Texts.of(step)).isEqualTo("OPEN_SENT: close incoming, failed Lost, send Open");
        driver.receive(driver.incoming(), Peers.OPEN_OF_LARGE);
        Step rejected = driver.on(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 8)));
        assertThat(Texts.of(rejected)).isEqualTo("OPEN_CONFIRM: send 6/7, close incoming");
        Invariants.check(driver);
    }

    /** A peer that already has another connection does not have to be left alone for long. */
    @Test
    void aRejectedConnectionIsNoFailure() {
        Driver driver = Peers.in(Phase.OPEN_CONFIRM);
        Step step = driver.receive(driver.outgoing(), Notification.of(ErrorCode.CEASE, ErrorCode.COLLISION));
        assertThat(Texts.of(step)).isEqualTo("ACTIVE: close outgoing, failed Received");
        Invariants.check(driver);
    }

    /** RFC 4724 section 4.2. */
    @Test
    void aPeerThatRestartsGracefullyIsTakenBackAtOnce() {
        SessionSettings small = Peers.SMALL
                .withRole(Role.PEER, false)
                .withGracefulRestart(Sessions.RESTART)
                .withLongLived(Sessions.LONG_LIVED);
        SessionSettings large = Peers.LARGE
                .withRole(Role.PEER, false)
                .withGracefulRestart(Sessions.RESTART)
                .withLongLived(Sessions.LONG_LIVED);
        Driver driver = new Driver(small, 1);
        driver.on(new SessionEvent.Start());
        driver.on(new SessionEvent.Connected(driver.outgoing()));
        driver.receive(driver.outgoing(), Negotiation.open(large));
        driver.receive(driver.outgoing(), new Keepalive());
        assertThat(driver.state.established().flatMap(Negotiated::gracefulRestart))
                .isEqualTo(Optional.of(Sessions.RESTART));
        assertThat(Texts.of(driver.peek(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 1)))))
                .as("a collision")
                .isEqualTo("ESTABLISHED: send 6/7, close incoming");
        driver.now += 5000;
        assertThat(Texts.of(driver.on(new SessionEvent.Accepted(new Line(Line.Side.INCOMING, 1)))))
                .isEqualTo("OPEN_SENT: close outgoing, down Restarted, send Open");
        Invariants.check(driver);
    }
}
