package fyr.bgp.bfd;

import java.time.Duration;

/**
 * How a peer is watched.
 *
 * @param minTx the time between two packets that we want to send, 1 millisecond to 1 hour; the peer may ask for more
 * @param minRx the time between two packets that we can receive, 1 millisecond to 1 hour
 * @param detectMult how many packets of ours in a row the peer must miss to take us for gone, 1 to 255
 */
public record BfdSettings(Duration minTx, Duration minRx, int detectMult) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    public BfdSettings {
        check(minTx, "transmit");
        check(minRx, "receive");
        if (detectMult < 1 || detectMult > 255) {
            throw new IllegalArgumentException("detection multiplier " + detectMult + " is not within 1..255");
        }
    }

    private static void check(Duration interval, String what) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " interval " + interval + " is not within 1 ms..1 h");
        }
    }
}
