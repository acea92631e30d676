package fyr.agent;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells work from standstill. What takes long on a large node, such as compiling and loading 50,000 services for the first time, is many
 * steps, or one that uses the processor; what hangs does neither. One thread works, any thread may ask.
 */
final class Progress {

    /** A step that takes longer than this is an endless loop, however busy. */
    static final Duration LONGEST_STEP = Duration.ofMinutes(10);

    /** How much of the time a working thread has a processor at least, on a node that is short of them: one in a hundred. */
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

    /** A step is done, and there are more. */
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

    /** For how long there has been work without any progress, as far as is known. */
    synchronized Duration standstill() {
        if (!working) {
            return Duration.ZERO;
        }
        long now = clock.getAsLong();
        long used = processorTime.getAsLong();
        // At the first question since a step nothing is known yet, which is no reason to be ended.
        boolean busy = usedThen < 0 || used - usedThen > (now - askedAt) / SHARE;
        if (busy && now - lastStep < LONGEST_STEP.toNanos()) {
            lastProgress = now;
        }
        askedAt = now;
        usedThen = used;
        return Duration.ofNanos(now - lastProgress);
    }
}
