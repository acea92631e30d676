package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.observe.Metrics;
import fyr.kernel.conntrack.ConntrackUse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reported about a connection tracking table, and when. */
class ConntrackWatchTest {

    private final FlowsInMemory table = new FlowsInMemory(new ArrayList<>());
    private final List<String> said = new ArrayList<>();
    private final ConntrackWatch watch = new ConntrackWatch(table, (level, line) -> said.add(level + " " + line));

    @AfterEach
    void end() {
        watch.close();
    }

    private Readiness at(long entries, long insertFailed, long drop, long earlyDrop) {
        table.use = new ConntrackUse(entries, 1000, insertFailed, drop, earlyDrop);
        watch.look();
        return watch.readiness();
    }

    @Test
    void aTableWithRoomIsNothingToSpeakOf() {
        assertThat(at(899, 5, 6, 7)).as("of the time before").isInstanceOf(Readiness.Ready.class);
        assertThat(at(10, 5, 6, 7)).isInstanceOf(Readiness.Ready.class);
        assertThat(said).isEmpty();
    }

    @Test
    void aNodeWhoseTableIsNearlyFullIsReadyAndSaysSo() {
        assertThat(at(900, 0, 0, 0))
                .isInstanceOfSatisfying(
                        Readiness.Strained.class,
                        strained -> assertThat(strained.remark())
                                .contains("nearly full", "900 of 1000", "net.netfilter.nf_conntrack_max"));
        at(901, 0, 0, 0);
        assertThat(said).hasSize(1).first().asString().startsWith("WARNING").contains("900 of 1000");
        for (int i = 0; i < 12; i++) {
            at(905, 0, 0, 0);
        }
        assertThat(said).as("once a minute").hasSize(2);
        assertThat(at(500, 0, 0, 0)).isInstanceOf(Readiness.Ready.class);
        assertThat(said.getLast()).isEqualTo("INFO the connection tracking table has room again");
    }

    @Test
    void aNodeWhoseTableIsFullIsNotReadyUntilThereIsRoomForHalfAMinute() {
        at(999, 0, 0, 0);
        assertThat(at(1000, 0, 0, 0)).isInstanceOf(Readiness.NotReady.class);
        assertThat(at(995, 1, 20, 300))
                .as("entries come and go, what does not fit is lost meanwhile")
                .isInstanceOfSatisfying(
                        Readiness.NotReady.class,
                        full -> assertThat(full.why())
                                .contains("is full", "995 of 1000", "20 packets", "300 connections", "1 not entered"));
        for (int i = 0; i < 5; i++) {
            assertThat(at(100, 1, 20, 300)).isInstanceOf(Readiness.NotReady.class);
        }
        assertThat(at(100, 1, 20, 300)).isInstanceOf(Readiness.Ready.class);
    }

    /** Somebody who cannot look does not know: that must not keep a node from its pods for ever. */
    @Test
    void aTableThatIsNoLongerToBeReadIsNotTakenForFullForEver() {
        assertThat(at(1000, 0, 0, 0)).isInstanceOf(Readiness.NotReady.class);
        table.refused = true;
        for (int i = 0; i < 5; i++) {
            watch.attempt();
            assertThat(watch.readiness()).isInstanceOf(Readiness.NotReady.class);
        }
        watch.attempt();
        assertThat(watch.readiness()).isInstanceOf(Readiness.Ready.class);
        table.refused = false;
        watch.attempt();
        assertThat(watch.readiness()).as("full, as it was").isInstanceOf(Readiness.NotReady.class);
    }

    /** Counters have 32 bits. */
    @Test
    void countersMayBeginAnew() {
        at(950, 0, 0xffffffffL, 0);
        assertThat(at(950, 0, 4, 0))
                .isInstanceOfSatisfying(
                        Readiness.NotReady.class, full -> assertThat(full.why()).contains("5 packets"));
    }

    @Test
    void whatIsLostThoughThereIsRoomIsALineAMinute() {
        at(10, 0, 0, 0);
        for (int i = 1; i <= 24; i++) {
            assertThat(at(10, i, 2L * i, 0)).isInstanceOf(Readiness.Ready.class);
        }
        assertThat(said).hasSize(2).allMatch(line -> line.contains("2 packets") && line.contains("1 not entered"));
    }

    /** Kernels that do not report the maximum. */
    @Test
    void withoutAMaximumNothingIsJudged() {
        table.use = new ConntrackUse(1_000_000, 0, 0, 0, 0);
        watch.look();
        assertThat(watch.readiness()).isInstanceOf(Readiness.Ready.class);
    }

    @Test
    void theNumbersAreAmongTheMetrics() throws Exception {
        table.use = new ConntrackUse(12, 1000, 3, 4, 5);
        Metrics metrics = new Metrics();
        try (ConntrackWatch _ = ConntrackWatch.start(table, metrics)) {
            String text = "";
            for (int i = 0; i < 1000 && !text.contains("fyr_conntrack_entries 12.0"); i++) {
                Thread.sleep(10);
                text = new String(metrics.text(), StandardCharsets.UTF_8);
            }
            assertThat(text.lines())
                    .contains(
                            "fyr_conntrack_entries 12.0",
                            "fyr_conntrack_max 1000.0",
                            "fyr_conntrack_insert_failed_total 3.0",
                            "fyr_conntrack_drop_total 4.0",
                            "fyr_conntrack_early_drop_total 5.0");
        }
    }
}
