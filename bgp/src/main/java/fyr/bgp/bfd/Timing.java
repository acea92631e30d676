package fyr.bgp.bfd;

/**
 * What one side says of its timers.
 *
 * @param minTx bfd.DesiredMinTxInterval in microseconds
 * @param minRx bfd.RequiredMinRxInterval in microseconds
 * @param detectMult 1 to 255
 */
public record Timing(long minTx, long minRx, int detectMult) {

    /** RFC 5880 section 6.8.3: not faster while the session is not up, so that peers that are not there cost nothing. */
    private static final long SLOW = 1_000_000;

    /** What is to be said in a state. */
    static Timing of(BfdSettings settings, BfdPhase phase) {
        long minTx = settings.minTx().toNanos() / 1000;
        return new Timing(
                phase == BfdPhase.UP ? minTx : Math.max(SLOW, minTx),
                settings.minRx().toNanos() / 1000,
                settings.detectMult());
    }

    /** What is safe while the peer may go by this one or the next: to send as often as the faster one says, and to wait as long as the slower one says. */
    Timing until(Timing next) {
        return new Timing(Math.min(minTx, next.minTx), Math.max(minRx, next.minRx), next.detectMult);
    }
}
