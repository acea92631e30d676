package fyr.cluster.watch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Time, as the watches see it; tests bring their own.
 *
 * @param interval the least time between two snapshots
 * @param first the pause after a first failure
 * @param longest the longest pause
 * @param watch how long the server shall keep one watch; up to twice that is asked for
 */
public record Pace(
        Duration interval,
        Duration first,
        Duration longest,
        Duration watch,
        Pause pause,
        InstantSource clock,
        RandomGenerator random) {

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after this time, or throws when the thread is to end. */
        void pause(Duration time) throws InterruptedException;
    }

    /** What the agent uses. */
    public static Pace standard() {
        return new Pace(
                Duration.ofMillis(5),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Thread::sleep,
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextLong());
    }
}
