package fyr.bgp.bfd;

/**
 * What the last packet of the peer said.
 *
 * @param discriminator 0 if the peer is not known
 * @param minTx microseconds
 * @param minRx microseconds; 0 if the peer wants no periodic packets
 */
public record Remote(
        int discriminator,
        BfdPhase phase,
        Diagnostic diagnostic,
        boolean demand,
        long minTx,
        long minRx,
        int detectMult) {

    /** RFC 5880 section 6.8.1. */
    static final Remote UNKNOWN = new Remote(0, BfdPhase.DOWN, Diagnostic.NONE, false, 0, 1, 0);

    static Remote of(ControlPacket packet) {
        return new Remote(
                packet.myDiscriminator(),
                packet.phase(),
                packet.diagnostic(),
                packet.demand(),
                packet.desiredMinTx(),
                packet.requiredMinRx(),
                packet.detectMult());
    }

    /** Whether there was a packet within the detection time. */
    public boolean isKnown() {
        return discriminator != 0;
    }
}
