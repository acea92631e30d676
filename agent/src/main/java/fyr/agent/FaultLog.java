package fyr.agent;

import fyr.kernel.KernelException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What may fail every second for as long as the node runs: said at most once a minute, and when it is over. For one thread. */
final class FaultLog {

    private static final Duration QUIET = Duration.ofMinutes(1);

    private final System.Logger log;
    private final LongSupplier nanos;
    private final String what;
    private boolean said;
    private long quietUntil;
    private long untold;

    /**
     * By a clock such as {@link System#nanoTime}.
     *
     * @param what fails, the beginning of each line
     */
    FaultLog(System.Logger log, LongSupplier nanos, String what) {
        this.log = log;
        this.nanos = nanos;
        this.what = what;
        this.quietUntil = nanos.getAsLong();
    }

    /** It failed. What the kernel refuses needs no trace. */
    void failed(RuntimeException failure) {
        long now = nanos.getAsLong();
        if (now - quietUntil < 0) {
            untold++;
            return;
        }
        String line = what + ": " + failure.getMessage()
                + (untold == 0 ? "" : " (and " + untold + " times since this was said last)");
        if (failure instanceof KernelException) {
            log.log(Level.WARNING, line);
        } else {
            log.log(Level.ERROR, line, failure);
        }
        untold = 0;
        said = true;
        quietUntil = now + QUIET.toNanos();
    }

    /** It did not fail. */
    void succeeded() {
        if (said) {
            log.log(Level.INFO, what + ": that is over");
        }
        said = false;
    }
}
