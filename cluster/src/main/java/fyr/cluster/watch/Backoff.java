package fyr.cluster.watch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after each failure in a row: doubling, with jitter, so that thousands of agents do not return in one moment. */
final class Backoff {

    private static final int MOST_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** The next pause: half to whole of the doubled one. */
    Duration next() {
        return next(longest);
    }

    /** The same, if this is the longest. */
    Duration next(Duration most) {
        Duration full = first.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS));
        long nanoseconds = (full.compareTo(most) > 0 ? most : full).toNanos();
        return Duration.ofNanos(nanoseconds / 2 + random.nextLong(nanoseconds / 2 + 1));
    }

    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
