package fyr.agent;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * When the loop has to work although nothing arrived: it reads everything every five minutes by the clock, however busy it is, reads the
 * settings twice a second, and retries after a failure, at first after a short pause, then after longer ones.
 *
 * <p>Used by one thread.
 */
final class Agenda {

    static final Duration FULL_LOOK = Duration.ofMinutes(5);
    static final Duration GLANCE = Duration.ofMillis(500);
    static final Duration FIRST_RETRY = Duration.ofMillis(100);
    static final Duration LAST_RETRY = Duration.ofSeconds(5);

    private final LongSupplier clock;
    private long fullLook;
    private long glance;
    private OptionalLong retry = OptionalLong.empty();
    private Duration backOff = FIRST_RETRY;

    /** @param clock nanoseconds since some moment */
    Agenda(LongSupplier clock) {
        this.clock = clock;
        this.fullLook = clock.getAsLong() + FULL_LOOK.toNanos();
        this.glance = clock.getAsLong() + GLANCE.toNanos();
    }

    /** How long there is nothing to do; zero or negative if there is work. */
    Duration left() {
        return Duration.ofNanos(Math.min(untilRound(), glance - clock.getAsLong()));
    }

    private long untilRound() {
        long now = clock.getAsLong();
        long untilFullLook = fullLook - now;
        return retry.isPresent() ? Math.min(untilFullLook, retry.getAsLong() - now) : untilFullLook;
    }

    /** Whether it is time for a round although nothing arrived. */
    boolean isDue() {
        return untilRound() <= 0;
    }

    /** Whether it is time to read what the kernel does not report; if so, the next time is half a second from now. */
    boolean takeGlance() {
        long now = clock.getAsLong();
        if (glance - now > 0) {
            return false;
        }
        glance = now + GLANCE.toNanos();
        return true;
    }

    /** Whether everything is to be read now; if so, the next time is five minutes from now. */
    boolean takeFullLook() {
        long now = clock.getAsLong();
        if (fullLook - now > 0) {
            return false;
        }
        fullLook = now + FULL_LOOK.toNanos();
        return true;
    }

    /** Whether the last attempt failed and no attempt has succeeded since. */
    boolean hasFailed() {
        return retry.isPresent();
    }

    /** Everything is done: there is nothing to retry. */
    void succeeded() {
        retry = OptionalLong.empty();
        backOff = FIRST_RETRY;
    }

    /** Something has to be retried. */
    void failed() {
        retry = OptionalLong.of(clock.getAsLong() + backOff.toNanos());
        Duration doubled = backOff.multipliedBy(2);
        backOff = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
    }

    /** Somebody changed the kernel: what it refused before may be possible now. */
    void resetBackOff() {
        backOff = FIRST_RETRY;
    }
}
