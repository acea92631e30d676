package fyr.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.ErrorCode;
import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Message;
import fyr.bgp.message.Notification;
import fyr.bgp.message.Open;
import fyr.bgp.message.RouteRefresh;
import fyr.bgp.message.Update;
import fyr.bgp.path.AddressFamily;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Anything may happen at any time. */
class SessionHistoryTest {

    private static final Notification CEASE = Notification.of(ErrorCode.CEASE, ErrorCode.ADMINISTRATIVE_SHUTDOWN);

    @Test
    void randomHistoriesKeepTheInvariants() {
        int established = 0;
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            Driver driver = new Driver(Sessions.random(Peers.SMALL, random), seed);
            driver.on(new SessionEvent.Start());
            for (int i = 0; i < 120; i++) {
                random(driver, random);
            }
            established += driver.actions.stream().anyMatch(SessionAction.Up.class::isInstance) ? 1 : 0;
            check(driver, seed);
            driver.on(new SessionEvent.Stop(CEASE));
            check(driver, seed);
            assertThat(driver.state.phase()).isEqualTo(Phase.IDLE);
        }
        assertThat(established).isGreaterThan(1000);
    }

    private static void check(Driver driver, long seed) {
        try {
            Invariants.check(driver);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void random(Driver driver, Random random) {
        Line line = random.nextBoolean() ? driver.outgoing() : driver.incoming();
        Line any = random.nextInt(20) == 0 ? new Line(line.side(), random.nextInt(9)) : line;
        switch (random.nextInt(24)) {
            case 0 -> driver.on(new SessionEvent.Start());
            case 1 -> driver.on(random.nextInt(4) == 0 ? new SessionEvent.Stop(CEASE) : new SessionEvent.Start());
            case 2, 3, 4 -> driver.on(new SessionEvent.Connected(any));
            case 5, 6 -> driver.accept();
            case 7 -> driver.on(new SessionEvent.Closed(any));
            case 8 -> driver.on(new SessionEvent.Malformed(any, Notification.of(ErrorCode.UPDATE, 1), "bad"));
            case 9 -> driver.on(new SessionEvent.Progress(any));
            case 10 -> driver.on(random.nextInt(4) == 0 ? new SessionEvent.BfdDown() : new SessionEvent.Progress(any));
            case 11, 12, 13 -> expire(driver, random);
            case 14 -> driver.now += random.nextInt(5000);
            default -> driver.receive(any, message(random));
        }
    }

    /** A timer that runs out, or one that is reported too late. */
    private static void expire(Driver driver, Random random) {
        SessionTimer timer = SessionTimer.values()[random.nextInt(SessionTimer.values().length)];
        if (random.nextInt(4) == 0) {
            driver.on(new SessionEvent.Expired(timer));
        } else if (random.nextInt(3) == 0 || !timer.name().contains("HOLD") || timer == SessionTimer.IDLE_HOLD) {
            driver.expire(timer);
        }
    }

    private static Message message(Random random) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> Peers.OPEN_OF_LARGE;
            case 4, 5, 6, 7, 8 -> new Keepalive();
            case 9 -> new Update(List.of(), List.of());
            case 10 -> new RouteRefresh(AddressFamily.IPV4, RouteRefresh.REQUEST);
            default -> random.nextBoolean() ? CEASE : Open.of(7, 90, Ipv4Address.parse("10.0.0.7"), List.of());
        };
    }
}
