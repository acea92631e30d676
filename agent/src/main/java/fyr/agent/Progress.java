package fyr.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Distinguishes work from standstill. Long operations on a large node, such as compiling and loading 50,000 services for the first time,
 * consist of many steps, or of one step that uses the processor; a thread that hangs does neither. One thread works, any thread may ask.
 */
final class Progress {

    /** A step that takes longer than this counts as an endless loop, even if it uses the processor. */
    static final Duration LONGEST_STEP = Duration.ofMinutes(10);

    /** The minimum share of the time that a working thread has a processor, on a node that is short of them: one in a hundred. */
    private static final int SHARE = 100;

    private final LongSupplier clock;
    private final LongSupplier processorTime;
    private boolean working;
    private long lastStep;
    private long lastProgress;
    private long askedAt;
    private long usedThen;

    /**
     * @param clock nanoseconds since some moment
     * @param processorTime nanoseconds of processor time that the working thread has used so far
     */
    Progress(LongSupplier clock, LongSupplier processorTime) {
        this.clock = clock;
        this.processorTime = processorTime;
    }

    /** A step is done, and there are more steps. */
    synchronized void step() {
        working = true;
        lastStep = clock.getAsLong();
        lastProgress = lastStep;
        usedThen = -1;
    }

    /** There is nothing to do. */
    synchronized void idle() {
        working = false;
    }

    /** How long there has been work without progress, as far as is known. */
    synchronized Duration standstill() {
        if (!working) {
            return Duration.ZERO;
        }
        long now = clock.getAsLong();
        long used = processorTime.getAsLong();
        // At the first call after a step nothing is known yet, and that must not end the process.
        boolean busy = usedThen < 0 || used - usedThen > (now - askedAt) / SHARE;
        if (busy && now - lastStep < LONGEST_STEP.toNanos()) {
            lastProgress = now;
        }
        askedAt = now;
        usedThen = used;
        return Duration.ofNanos(now - lastProgress);
    }
}
