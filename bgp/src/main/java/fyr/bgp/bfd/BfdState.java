package fyr.bgp.bfd;

/**
 * Everything that is remembered of a session. Times are microseconds of the clock that is passed in.
 *
 * @param discriminator the own one, not 0
 * @param remote what the peer said
 * @param heard when the last packet of the peer came
 * @param advertised what packets say of the own timers
 * @param effective what the own timers follow until the peer has answered (RFC 5880 section 6.8.3)
 * @param sent when the last periodic packet was sent
 * @param seed of the next random number
 */
public record BfdState(
        int discriminator,
        BfdSettings settings,
        BfdPhase phase,
        Diagnostic diagnostic,
        Remote remote,
        long heard,
        Timing advertised,
        Timing effective,
        Poll poll,
        long sent,
        long seed) {

    /**
     * A session of which the peer knows nothing. Its first packet is due at once: {@link BfdEvent.Expired} is to be reported.
     *
     * @param discriminator not 0; no other session of this node has it
     * @param seed makes its random times differ from those of others
     */
    public static BfdState initial(int discriminator, BfdSettings settings, long seed, long now) {
        if (discriminator == 0) {
            throw new IllegalArgumentException("discriminator 0");
        }
        Timing timing = Timing.of(settings, BfdPhase.DOWN);
        return new BfdState(
                discriminator,
                settings,
                BfdPhase.DOWN,
                Diagnostic.NONE,
                Remote.UNKNOWN,
                now,
                timing,
                timing,
                Poll.NONE,
                now - timing.minTx(),
                seed);
    }

    /** Microseconds between two packets of ours, of which random times are taken off. */
    public long transmitInterval() {
        return Math.max(effective.minTx(), remote.minRx());
    }

    /** Microseconds without a packet after which the peer is taken for gone (RFC 5880 section 6.8.4); 0 if it is not known. */
    public long detectionTime() {
        return remote.detectMult() * Math.max(effective.minRx(), remote.minTx());
    }

    /** Microseconds without a packet of ours after which the peer takes us for gone. */
    public long remoteDetectionTime() {
        return advertised.detectMult() * transmitInterval();
    }

    boolean isDetectionDue(long now) {
        return remote.isKnown() && heard + detectionTime() <= now;
    }

    boolean isTransmissionDue(long now) {
        return isPeriodic() && transmission() <= now;
    }

    /** When something is due next. */
    long next() {
        long transmission = isPeriodic() ? transmission() : Long.MAX_VALUE;
        return remote.isKnown() ? Math.min(transmission, heard + detectionTime()) : transmission;
    }

    /** RFC 5880 section 6.8.7: the peer may want none, or none while both are up. */
    private boolean isPeriodic() {
        boolean demanded = remote.demand() && phase == BfdPhase.UP && remote.phase() == BfdPhase.UP;
        return remote.minRx() != 0 && (!demanded || poll == Poll.POLLING);
    }

    /**
     * RFC 5880 section 6.8.7: at random, up to a quarter of the interval is taken off; with a multiplier of 1 at least a tenth, so that the packet
     * comes before the time is over.
     */
    private long transmission() {
        long interval = transmitInterval();
        long shortest = interval - interval / 4;
        long longest = advertised.detectMult() == 1 ? interval - interval / 10 : interval;
        return sent + shortest + ((longest - shortest + 1) * (seed >>> 33) >>> 31);
    }
}
