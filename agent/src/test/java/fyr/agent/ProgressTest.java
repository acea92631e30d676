package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // System.nanoTime() may overflow
    private final AtomicLong used = new AtomicLong();
    private final Progress progress = new Progress(clock::get, used::get);

    private void pass(Duration time, Duration ofProcessor) {
        clock.addAndGet(time.toNanos());
        used.addAndGet(ofProcessor.toNanos());
    }

    @Test
    void whoWaitsForWorkDoesNotStandStill() {
        progress.step();
        progress.idle();
        pass(Duration.ofHours(1), Duration.ZERO);
        assertThat(progress.standstill()).isZero();
    }

    @Test
    void manyStepsMayTakeAsLongAsTheyWant() {
        for (int step = 0; step < 20; step++) {
            progress.step();
            pass(Duration.ofSeconds(10), Duration.ZERO);
            assertThat(progress.standstill()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void soMayOneThatUsesTheProcessor() {
        progress.step();
        for (int probe = 0; probe < 12; probe++) {
            pass(Duration.ofSeconds(10), Duration.ofSeconds(1));
            assertThat(progress.standstill()).isZero();
        }
    }

    @Test
    void whatHangsIsSeen() {
        progress.step();
        pass(Duration.ofSeconds(10), Duration.ofSeconds(9));
        assertThat(progress.standstill()).isZero();
        pass(Duration.ofSeconds(20), Duration.ZERO);
        assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(20));
        pass(Duration.ofSeconds(20), Duration.ofMillis(10));
        assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void anEndlessLoopIsSeenInTheEnd() {
        progress.step();
        for (int probe = 0; probe < 70; probe++) {
            pass(Duration.ofSeconds(10), Duration.ofSeconds(10));
            progress.standstill();
        }
        assertThat(progress.standstill()).isGreaterThan(Duration.ofMinutes(1));
    }
}
