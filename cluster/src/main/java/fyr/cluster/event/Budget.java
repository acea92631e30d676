package fyr.cluster.event;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Allows a burst, then one for each interval. Used by one thread. */
final class Budget {

    private final long each;
    private final long saved;
    private final LongSupplier clock;
    private long next;

    /** @param clock nanoseconds since some moment */
    Budget(int burst, Duration each, LongSupplier clock) {
        this.each = each.toNanos();
        this.saved = this.each * (burst - 1);
        this.clock = clock;
        this.next = clock.getAsLong() - saved;
    }

    /** Takes one, and returns how long to wait before it may be used. */
    Duration waitForOne() {
        long now = clock.getAsLong();
        long at = Math.max(next, now - saved);
        next = at + each;
        return Duration.ofNanos(Math.max(0, at - now));
    }
}
