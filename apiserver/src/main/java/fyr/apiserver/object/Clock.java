package fyr.apiserver.object;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them. */
public final class Clock {
    private Clock() {}

    /** The time now, to the second. */
    public static String now(InstantSource time) {
        return text(time.instant());
    }

    /** This time, to the second. */
    public static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
