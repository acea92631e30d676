package fyr.bgp.bfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Times are microseconds, those of settings milliseconds. */
class BfdTimingTest {

    /** A session that is up and has told the peer so, and the peer has answered. */
    private static Drive up(BfdSettings settings) {
        Drive drive = Drive.in(BfdPhase.UP, settings);
        answer(drive);
        return drive;
    }

    /** The peer answers, and sends a usual packet then. */
    private static void answer(Drive drive) {
        drive.receive(Packets.of(BfdPhase.UP, false, true, 50_000, 50_000));
        drive.receive(Packets.of(BfdPhase.UP));
    }

    private static void configure(Drive drive, BfdSettings settings) {
        drive.on(new BfdEvent.Configured(settings));
    }

    /** Lets the peer be heard all the time; gives the shortest and the longest time between packets, as parts of 1000 of the interval. */
    private static long[] spread(Drive drive, long interval) {
        drive.expire();
        drive.sent.clear();
        for (int i = 0; i < 5000; i++) {
            if (drive.state.remote().isKnown()) {
                drive.receive(Packets.of(BfdPhase.UP));
            }
            drive.expire();
        }
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 1; i < drive.sent.size(); i++) {
            long gap = (drive.sent.get(i) - drive.sent.get(i - 1)) * 1000 / interval;
            shortest = Math.min(shortest, gap);
            longest = Math.max(longest, gap);
        }
        return new long[] {shortest, longest};
    }

    @Test
    void jitterTakesOffUpToAQuarter() {
        long[] up = spread(up(Drive.FAST), 50_000);
        assertThat(up[0]).isBetween(750L, 755L);
        assertThat(up[1]).isBetween(995L, 1000L);
        long[] single = spread(up(Drive.settings(50, 50, 1)), 50_000);
        assertThat(single[0]).isBetween(750L, 755L);
        assertThat(single[1]).isBetween(895L, 900L);
        long[] down = spread(new Drive(5, Drive.FAST, 3), 1_000_000);
        assertThat(down[0]).isBetween(750L, 755L);
        assertThat(down[1]).isBetween(995L, 1000L);
    }

    @Test
    void isSlowWhileNotUp() {
        assertThat(Drive.in(BfdPhase.DOWN).packet().desiredMinTx()).isEqualTo(1_000_000);
        assertThat(Drive.in(BfdPhase.INIT).packet().desiredMinTx()).isEqualTo(1_000_000);
        assertThat(Drive.in(BfdPhase.INIT).state.transmitInterval()).isEqualTo(1_000_000);
        assertThat(Drive.in(BfdPhase.DOWN, Drive.settings(3000, 50, 3)).packet().desiredMinTx())
                .isEqualTo(3_000_000);
        Drive drive = Drive.in(BfdPhase.UP);
        assertThat(drive.packet().desiredMinTx()).isEqualTo(50_000);
        drive.receive(Packets.of(BfdPhase.DOWN));
        assertThat(drive.packet().desiredMinTx()).isEqualTo(1_000_000);
    }

    @Test
    void theSlowerSideDecidesTheInterval() {
        Drive drive = up(Drive.FAST);
        assertThat(drive.state.transmitInterval()).isEqualTo(50_000);
        drive.receive(Packets.of(BfdPhase.UP, false, false, 50_000, 300_000));
        assertThat(drive.state.transmitInterval()).isEqualTo(300_000);
        long last = drive.sent.getLast();
        assertThat(drive.state.next() - last)
                .as("a packet or the detection time")
                .isBetween(150_000L, 300_000L);
        drive.receive(Packets.of(BfdPhase.UP, false, false, 50_000, 10_000));
        assertThat(drive.state.transmitInterval())
                .as("no faster than is wanted")
                .isEqualTo(50_000);
        assertThat(drive.state.next() - last).as("at once").isLessThanOrEqualTo(50_000);
    }

    @Test
    void theMultiplierOfThePeerDecidesTheDetectionTime() {
        Drive drive = up(Drive.settings(50, 40, 5));
        assertThat(drive.state.detectionTime()).isEqualTo(3 * 50_000);
        drive.receive(Packets.of(BfdPhase.UP, false, false, 20_000, 50_000));
        assertThat(drive.state.detectionTime())
                .as("it sends no faster than we can receive")
                .isEqualTo(3 * 40_000);
        assertThat(drive.state.remoteDetectionTime()).isEqualTo(5 * 50_000);
        drive.silence(119_999);
        assertThat(drive.state.phase()).isEqualTo(BfdPhase.UP);
        drive.silence(1);
        assertThat(drive.state.phase()).isEqualTo(BfdPhase.DOWN);
        assertThat(drive.state.diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
    }

    /** RFC 5880 section 6.8.3: the peer must know before packets come more rarely. */
    @Test
    void sendsAsBeforeUntilThePeerKnowsThatPacketsGetRarer() {
        Drive drive = up(Drive.FAST);
        configure(drive, Drive.settings(400, 50, 3));
        assertThat(drive.state.transmitInterval()).isEqualTo(50_000);
        drive.receive(Packets.of(BfdPhase.UP));
        drive.expire();
        assertThat(drive.packet().poll()).isTrue();
        assertThat(drive.packet().desiredMinTx()).isEqualTo(400_000);
        drive.receive(Packets.of(BfdPhase.UP, false, true, 50_000, 50_000));
        assertThat(drive.state.transmitInterval()).isEqualTo(400_000);
        configure(drive, Drive.FAST);
        drive.receive(Packets.of(BfdPhase.UP));
        assertThat(drive.state.transmitInterval()).as("more often at once").isEqualTo(50_000);
    }

    /** RFC 5880 section 6.8.3: packets must come more often before they are missed sooner. */
    @Test
    void waitsAsBeforeUntilThePeerKnowsThatItMaySendMoreOften() {
        Drive drive = up(Drive.settings(50, 400, 3));
        assertThat(drive.state.detectionTime()).isEqualTo(1_200_000);
        configure(drive, Drive.FAST);
        assertThat(drive.state.detectionTime()).isEqualTo(1_200_000);
        drive.expire();
        assertThat(drive.packet().poll()).isTrue();
        assertThat(drive.packet().requiredMinRx()).isEqualTo(50_000);
        answer(drive);
        assertThat(drive.state.detectionTime()).isEqualTo(150_000);
        configure(drive, Drive.settings(50, 400, 3));
        assertThat(drive.state.detectionTime()).as("longer at once").isEqualTo(1_200_000);
    }

    /** An answer does not say to which question, so there is one at a time. */
    @Test
    void changesDuringAPollSequenceWaitForAPacketAfterItsEnd() {
        Drive drive = up(Drive.FAST);
        configure(drive, Drive.settings(100, 50, 3));
        configure(drive, Drive.settings(200, 50, 3));
        drive.expire();
        assertThat(drive.packet().desiredMinTx()).isEqualTo(100_000);
        drive.receive(Packets.of(BfdPhase.UP, false, true, 50_000, 50_000));
        drive.receive(Packets.of(BfdPhase.UP, false, true, 50_000, 50_000));
        drive.expire();
        assertThat(drive.packet().desiredMinTx()).isEqualTo(100_000);
        assertThat(drive.packet().poll()).isFalse();
        drive.receive(Packets.of(BfdPhase.UP));
        drive.expire();
        assertThat(drive.packet().desiredMinTx()).isEqualTo(200_000);
        assertThat(drive.packet().poll()).isTrue();
    }

    @Test
    void asksWithEachPacketUntilThereIsAnAnswer() {
        Drive drive = Drive.in(BfdPhase.UP);
        for (int i = 0; i < 5; i++) {
            assertThat(drive.packet().poll()).isTrue();
            drive.receive(Packets.of(BfdPhase.UP));
            drive.expire();
        }
        answer(drive);
        drive.expire();
        assertThat(drive.packet().poll()).isFalse();
    }

    /** An answer is sent at once, in between, and itself asks nothing. */
    @Test
    void answersDoNotMovePackets() {
        Drive drive = Drive.in(BfdPhase.UP);
        drive.receive(Packets.of(BfdPhase.UP));
        long due = drive.wake;
        drive.now += 1000;
        drive.receive(Packets.of(BfdPhase.UP, true, false, 50_000, 50_000));
        assertThat(drive.packet().isFinal()).isTrue();
        assertThat(drive.packet().poll()).isFalse();
        assertThat(drive.wake).isEqualTo(due);
    }

    @Test
    void aPeerThatWantsNoPacketsGetsNone() {
        Drive drive = up(Drive.FAST);
        drive.receive(Packets.of(BfdPhase.UP, false, false, 50_000, 0));
        int before = drive.sent.size();
        drive.silence(149_999);
        assertThat(drive.sent).hasSize(before);
        drive.silence(1);
        assertThat(drive.state.phase()).isEqualTo(BfdPhase.DOWN);
        assertThat(drive.sent).as("what changes is told").hasSize(before + 1);
    }

    /** RFC 5880 section 6.6: only while both are up, and not during a poll sequence. */
    @Test
    void demandMode() {
        Drive drive = up(Drive.FAST);
        drive.receive(Packets.demanding());
        int before = drive.sent.size();
        drive.silence(100_000);
        assertThat(drive.sent).hasSize(before);
        configure(drive, Drive.settings(60, 50, 3));
        drive.expire();
        assertThat(drive.packet().poll()).isTrue();
        answer(drive);
        int after = drive.sent.size();
        drive.silence(100_000);
        assertThat(drive.sent).as("no demand any more").hasSizeGreaterThan(after);
    }

    @Test
    void whatIsNotDueDoesNotHappen() {
        Drive drive = up(Drive.FAST);
        drive.receive(Packets.of(BfdPhase.UP));
        BfdState before = drive.state;
        drive.now = drive.wake - 1;
        assertThat(drive.on(new BfdEvent.Expired()).actions()).containsExactly(new BfdAction.Wake(drive.wake));
        assertThat(drive.state).isEqualTo(before);
    }

    @Test
    void settingsThatCannotBe() {
        assertThatThrownBy(() -> Drive.settings(0, 50, 3)).hasMessageContaining("transmit interval");
        assertThatThrownBy(() -> Drive.settings(50, 3_600_001, 3)).hasMessageContaining("receive interval");
        assertThatThrownBy(() -> Drive.settings(50, 50, 0)).hasMessageContaining("multiplier 0");
        assertThatThrownBy(() -> Drive.settings(50, 50, 256)).hasMessageContaining("multiplier 256");
        assertThatThrownBy(() -> new Drive(0, Drive.FAST, 1)).hasMessageContaining("discriminator 0");
    }
}
