package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTrimTest {

    private static final long MIB = 1 << 20;

    private long committed = 40 * MIB;
    private long needed = 20 * MIB;
    private int collections;
    private final HeapTrim trim = new HeapTrim(() -> committed, () -> {
        collections++;
        committed = needed;
    });

    private int looks(int minutes) {
        int before = collections;
        for (int i = 0; i < minutes; i++) {
            trim.look();
        }
        return collections - before;
    }

    @Test
    void whatABusyTimeTookIsGivenBackWithinMinutes() {
        assertThat(looks(5)).as("once after the start").isEqualTo(1);
        committed = 120 * MIB;
        assertThat(looks(2)).isEqualTo(1);
        assertThat(committed).isEqualTo(needed);
        assertThat(looks(600)).as("at rest").isZero();
    }

    @Test
    void aLittleMoreIsNotWorthIt() {
        looks(5);
        committed = needed + 10 * MIB;
        assertThat(looks(60)).isZero();
    }

    @Test
    void whatIsNeededAllTheTimeIsTakenAwayEverMoreSeldom() {
        int times = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            times += looks(1);
            committed = 200 * MIB;
        }
        assertThat(times).isBetween(20, 35);
    }
}
