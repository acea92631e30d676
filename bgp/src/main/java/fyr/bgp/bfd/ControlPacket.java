package fyr.bgp.bfd;

/**
 * A control packet without authentication (RFC 5880 section 4.1). Times are microseconds, 0 to 4294967295.
 *
 * @param poll whether the peer is to answer
 * @param isFinal whether this is such an answer
 * @param controlPlaneIndependent whether the sender's BFD goes on when its control plane fails
 * @param demand whether the sender wants no packets while both sides are up
 * @param detectMult 1 to 255
 * @param myDiscriminator of the sender, not 0; unsigned
 * @param yourDiscriminator of the receiver, 0 if it is not known; unsigned
 */
public record ControlPacket(
        Diagnostic diagnostic,
        BfdPhase phase,
        boolean poll,
        boolean isFinal,
        boolean controlPlaneIndependent,
        boolean demand,
        int detectMult,
        int myDiscriminator,
        int yourDiscriminator,
        long desiredMinTx,
        long requiredMinRx,
        long requiredMinEchoRx)
        implements Reading {

    private static final long LONGEST = 0xffff_ffffL;

    public ControlPacket {
        check(detectMult, 1, 255, "detection multiplier");
        check(desiredMinTx, 0, LONGEST, "desired min TX interval");
        check(requiredMinRx, 0, LONGEST, "required min RX interval");
        check(requiredMinEchoRx, 0, LONGEST, "required min echo RX interval");
        if (myDiscriminator == 0 || yourDiscriminator == 0 && phase.compareTo(BfdPhase.DOWN) > 0) {
            throw new IllegalArgumentException("a packet in state " + phase + " without a discriminator");
        }
    }

    private static void check(long value, long lowest, long highest, String what) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(what + " " + value + " is not within " + lowest + ".." + highest);
        }
    }
}
