package fyr.bgp.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each event in each state (RFC 5880 sections 6.2, 6.8.4, 6.8.6 and 6.8.16). What is not in the table leaves the state as it is, and does nothing. */
class BfdTableTest {

    private static final String TABLE = """
            peer ADMIN_DOWN INIT       -> DOWN: send DOWN
            peer ADMIN_DOWN UP         -> DOWN: suspended 3, send DOWN P
            peer DOWN       DOWN       -> INIT: send INIT
            peer DOWN       UP         -> DOWN: down 3, send DOWN P
            peer INIT       DOWN       -> UP: up, send UP P
            peer INIT       INIT       -> UP: up, send UP P
            peer UP         INIT       -> UP: up, send UP P
            poll            DOWN       -> UP: up, send UP F, send UP P
            poll            INIT       -> UP: up, send UP F, send UP P
            poll            UP         -> UP: send UP F
            silence         ADMIN_DOWN -> ADMIN_DOWN: send ADMIN_DOWN
            silence         DOWN       -> DOWN: send DOWN
            silence         INIT       -> DOWN: send DOWN
            silence         UP         -> DOWN: down 1, send DOWN
            disabled        DOWN       -> ADMIN_DOWN: send ADMIN_DOWN
            disabled        INIT       -> ADMIN_DOWN: send ADMIN_DOWN
            disabled        UP         -> ADMIN_DOWN: suspended 7, send ADMIN_DOWN P
            path down       ADMIN_DOWN -> ADMIN_DOWN: send ADMIN_DOWN
            path down       DOWN       -> ADMIN_DOWN: send ADMIN_DOWN
            path down       INIT       -> ADMIN_DOWN: send ADMIN_DOWN
            path down       UP         -> ADMIN_DOWN: suspended 5, send ADMIN_DOWN P
            enabled         ADMIN_DOWN -> DOWN: send DOWN
            """;

    private static Map<String, Function<Drive, BfdStep>> events() {
        Map<String, Function<Drive, BfdStep>> all = new LinkedHashMap<>();
        for (BfdPhase theirs : BfdPhase.values()) {
            all.put("peer " + theirs, drive -> drive.receive(Packets.of(theirs)));
        }
        all.put("poll", drive -> drive.receive(Packets.of(BfdPhase.INIT, true, false, 50_000, 50_000)));
        all.put("silence", BfdTableTest::silence);
        all.put("disabled", drive -> drive.on(new BfdEvent.Disabled(Diagnostic.ADMINISTRATIVELY_DOWN)));
        all.put("path down", drive -> drive.on(new BfdEvent.Disabled(Diagnostic.PATH_DOWN)));
        all.put("enabled", drive -> drive.on(new BfdEvent.Enabled()));
        return all;
    }

    /** Both a packet is due and, if the peer is known, the detection time is over. */
    private static BfdStep silence(Drive drive) {
        drive.now += 10_000_000;
        return drive.on(new BfdEvent.Expired());
    }

    @Test
    void everyEventInEveryState() {
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, Function<Drive, BfdStep>> event : events().entrySet()) {
            for (BfdPhase phase : BfdPhase.values()) {
                Drive drive = Drive.in(phase);
                assertThat(drive.state.phase()).isEqualTo(phase);
                String step = Drive.text(event.getValue().apply(drive));
                if (!step.equals(phase.toString())) {
                    table.append("%-15s %-10s -> %s%n".formatted(event.getKey(), phase, step));
                }
            }
        }
        assertThat(table.toString()).isEqualTo(TABLE);
    }

    @Test
    void whatIsRememberedOfThePeerIsForgottenWithTime() {
        Drive drive = Drive.in(BfdPhase.UP);
        assertThat(drive.packet().yourDiscriminator()).isEqualTo(Packets.THEIRS);
        drive.silence(200_000);
        assertThat(drive.state.remote()).isEqualTo(Remote.UNKNOWN);
        assertThat(drive.packet().yourDiscriminator()).isZero();
        assertThat(drive.packet().diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
        drive.receive(Packets.of(BfdPhase.DOWN));
        assertThat(drive.packet().phase()).isEqualTo(BfdPhase.INIT);
        assertThat(drive.packet().diagnostic())
                .as("the peer is told why it went down until it is up")
                .isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
        drive.receive(Packets.of(BfdPhase.INIT));
        assertThat(drive.packet().diagnostic()).isEqualTo(Diagnostic.NONE);
    }

    /** A peer that has restarted knows nothing of us and has another discriminator. */
    @Test
    void aPeerThatRestartsIsDownAtOnceAndUpAgain() {
        Drive drive = Drive.in(BfdPhase.UP);
        ControlPacket fresh = new ControlPacket(
                Diagnostic.NONE, BfdPhase.DOWN, false, false, false, false, 3, 8, 0, 1_000_000, 50_000, 0);
        assertThat(Drive.text(drive.receive(fresh))).isEqualTo("DOWN: down 3, send DOWN P");
        assertThat(drive.packet().yourDiscriminator()).isEqualTo(8);
        assertThat(Drive.text(drive.receive(fresh))).isEqualTo("INIT: send INIT P");
    }
}
