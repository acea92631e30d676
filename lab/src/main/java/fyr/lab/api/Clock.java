package fyr.lab.api;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them. */
final class Clock {
    private Clock() {}

    static String now(InstantSource time) {
        return text(time.instant());
    }

    static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
