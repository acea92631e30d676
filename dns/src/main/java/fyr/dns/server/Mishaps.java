package fyr.dns.server;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What goes wrong with packets, told of once a minute at most: whoever sends such packets is not to fill the log. Safe on any thread. */
final class Mishaps {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private final Consumer<String> log;
    private long untold;
    private long quietUntil;

    /** Tells the log, by a clock such as {@link System#nanoTime}. */
    Mishaps(LongSupplier nanos, Consumer<String> log) {
        this.nanos = nanos;
        this.log = log;
        this.quietUntil = nanos.getAsLong();
    }

    synchronized void note(String what, Throwable why) {
        long now = nanos.getAsLong();
        if (now - quietUntil < 0) {
            untold++;
            return;
        }
        log.accept(what + ": " + why
                + (untold == 0 ? "" : " (and " + untold + " times such things since the last such line)"));
        untold = 0;
        quietUntil = now + QUIET_NANOS;
    }
}
