package fyr.bgp.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TwoBfdSessionsTest {

    private static final long SECOND = 1_000_000;

    private static void forMany(Consumer<BfdPair> check) {
        for (long seed = 0; seed < 500; seed++) {
            try {
                check.accept(new BfdPair(new Random(seed)));
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void untilUp(BfdPair pair, long within) {
        long end = pair.one.now + within;
        while (!pair.areUp()) {
            assertThat(pair.one.now).as("both are up in time").isLessThan(end);
            pair.step();
        }
    }

    private static List<BfdAction> endings(Drive drive) {
        return drive.actions.stream()
                .filter(action -> action instanceof BfdAction.Down || action instanceof BfdAction.Suspended)
                .toList();
    }

    /** Forgets what happened so far. */
    private static void clear(BfdPair pair) {
        pair.one.actions.clear();
        pair.two.actions.clear();
    }

    private static void assertStable(BfdPair pair) {
        assertThat(endings(pair.one)).isEmpty();
        assertThat(endings(pair.two)).isEmpty();
        assertThat(pair.areUp()).isTrue();
    }

    private static void assertAgreed(BfdPair pair) {
        BfdState one = pair.one.state;
        BfdState two = pair.two.state;
        assertThat(one.poll()).isEqualTo(Poll.NONE);
        assertThat(two.poll()).isEqualTo(Poll.NONE);
        assertThat(one.detectionTime()).isEqualTo(two.remoteDetectionTime());
        assertThat(two.detectionTime()).isEqualTo(one.remoteDetectionTime());
        assertThat(one.advertised()).isEqualTo(Timing.of(one.settings(), BfdPhase.UP));
        assertThat(two.transmitInterval())
                .isEqualTo(Math.max(two.advertised().minTx(), one.advertised().minRx()));
    }

    @Test
    void areUpSoonStayUpAndAgree() {
        forMany(pair -> {
            untilUp(pair, 3 * SECOND);
            pair.live(10 * SECOND);
            assertStable(pair);
            assertAgreed(pair);
        });
    }

    /** Packets are lost and overtake each other: sessions may go down and come again, but come they do, and stay when that is over. */
    @Test
    void areUpInTheEndDespiteLossAndDelay() {
        forMany(pair -> {
            pair.lossToOne = 30;
            pair.lossToTwo = 30;
            pair.jitter = 30_000;
            untilUp(pair, 300 * SECOND);
            pair.live(20 * SECOND);
            pair.lossToOne = 0;
            pair.lossToTwo = 0;
            pair.jitter = 0;
            pair.live(10 * SECOND);
            clear(pair);
            pair.live(20 * SECOND);
            assertStable(pair);
            assertAgreed(pair);
        });
    }

    @Test
    void bothNoticeWithinTheDetectionTimeThatTheNetworkIsGone() {
        forMany(pair -> {
            untilUp(pair, 3 * SECOND);
            pair.live(5 * SECOND);
            clear(pair);
            pair.lossToOne = 100;
            pair.lossToTwo = 100;
            long most = pair.delay + Math.max(pair.one.state.detectionTime(), pair.two.state.detectionTime());
            pair.live(most + 1);
            assertThat(endings(pair.one)).containsExactly(new BfdAction.Down(Diagnostic.DETECTION_TIME_EXPIRED));
            assertThat(endings(pair.two)).containsExactly(new BfdAction.Down(Diagnostic.DETECTION_TIME_EXPIRED));
            pair.lossToOne = 0;
            pair.lossToTwo = 0;
            untilUp(pair, 3 * SECOND);
        });
    }

    /** One hears nothing any more, and tells the other. */
    @Test
    void bothNoticeThatOneDirectionIsGone() {
        forMany(pair -> {
            untilUp(pair, 3 * SECOND);
            pair.live(5 * SECOND);
            clear(pair);
            pair.lossToOne = 100;
            pair.live(pair.one.state.detectionTime() + 2 * pair.delay + 1);
            assertThat(endings(pair.one)).containsExactly(new BfdAction.Down(Diagnostic.DETECTION_TIME_EXPIRED));
            assertThat(endings(pair.two)).containsExactly(new BfdAction.Down(Diagnostic.NEIGHBOR_SIGNALED_DOWN));
        });
    }

    /** The rules of RFC 5880 section 6.8.3 are there so that no change of the timers is taken for a failure. */
    @Test
    void changesOfTimersDoNotEndTheSession() {
        forMany(pair -> {
            Random random = new Random(pair.delay);
            untilUp(pair, 3 * SECOND);
            for (int i = 0; i < 40; i++) {
                Drive drive = random.nextBoolean() ? pair.one : pair.two;
                pair.carry(drive, new BfdEvent.Configured(BfdPair.settings(random)));
                pair.live(random.nextLong(random.nextBoolean() ? 3 * SECOND : 100_000));
            }
            pair.live(10 * SECOND);
            assertStable(pair);
            assertAgreed(pair);
        });
    }

    @Test
    void turningOffIsNoFailure() {
        forMany(pair -> {
            untilUp(pair, 3 * SECOND);
            pair.carry(pair.one, new BfdEvent.Disabled(Diagnostic.ADMINISTRATIVELY_DOWN));
            pair.live(10 * SECOND);
            assertThat(endings(pair.one)).containsExactly(new BfdAction.Suspended(Diagnostic.ADMINISTRATIVELY_DOWN));
            assertThat(endings(pair.two)).containsExactly(new BfdAction.Suspended(Diagnostic.NEIGHBOR_SIGNALED_DOWN));
            pair.carry(pair.one, new BfdEvent.Enabled());
            untilUp(pair, 3 * SECOND);
        });
    }

    @Test
    void noPacketBothAsksAndAnswers() {
        forMany(pair -> {
            pair.lossToOne = 20;
            pair.live(20 * SECOND);
            for (Drive drive : List.of(pair.one, pair.two)) {
                assertThat(Drive.packets(drive.actions)).noneMatch(packet -> packet.poll() && packet.isFinal());
                assertThat(Drive.packets(drive.actions))
                        .allMatch(packet -> packet.phase() == BfdPhase.UP || packet.desiredMinTx() >= SECOND);
            }
        });
    }
}
