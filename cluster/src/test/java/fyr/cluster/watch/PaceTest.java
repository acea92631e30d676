package fyr.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class PaceTest {

    /** It knows nothing of the machine's clock, which may be set: a policy that is held for ten seconds is not held for an hour. */
    @Test
    void timeGoesByTheCounterAlone() {
        long[] nanoseconds = {Long.MAX_VALUE - 5};
        InstantSource clock = Pace.monotonic(() -> nanoseconds[0]);
        Instant before = clock.instant();
        nanoseconds[0] += Duration.ofSeconds(10).toNanos();
        assertThat(Duration.between(before, clock.instant())).isEqualTo(Duration.ofSeconds(10));
        assertThat(Pace.standard().clock().instant()).isBefore(Instant.now().minus(Duration.ofDays(10_000)));
    }
}
