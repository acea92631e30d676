package fyr.cluster.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, as the watches see it; tests bring their own.
 *
 * @param interval the least time between two snapshots
 * @param first the pause after a first failure
 * @param longest the longest pause
 * @param watch how long the server shall keep one watch; up to twice that is asked for
 * @param clock for differences only
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

    /** Goes on evenly when the machine's clock is set: what is waited for by it comes neither at once nor an hour later. */
    static InstantSource monotonic(LongSupplier nanoseconds) {
        long start = nanoseconds.getAsLong();
        return () -> Instant.EPOCH.plusNanos(nanoseconds.getAsLong() - start);
    }

    /** What the agent uses. */
    public static Pace standard() {
        return new Pace(
                Duration.ofMillis(5),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Thread::sleep,
                monotonic(System::nanoTime),
                () -> ThreadLocalRandom.current().nextLong());
    }
}
