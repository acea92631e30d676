package fyr.compiler.conntrack;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What the operator of a node decided about connection tracking. A time of zero leaves the node's setting as it is.
 *
 * @param perPod how many connections a pod may have opened at once in each family (option --conntrack-per-pod); empty for any number
 */
public record ConntrackOptions(OptionalInt perPod, Timeouts timeouts) {

    /** Nothing. */
    public static final ConntrackOptions USUAL = new ConntrackOptions(OptionalInt.empty(), Timeouts.AS_THEY_ARE);

    /**
     * After how much silence connections are forgotten; whole seconds count.
     *
     * @param tcpEstablished for TCP connections that neither end has closed
     * @param tcpCloseWait for TCP connections that one end has closed
     * @param udp for UDP flows that have gone in one direction only
     * @param udpStream for UDP flows in both directions
     */
    public record Timeouts(Duration tcpEstablished, Duration tcpCloseWait, Duration udp, Duration udpStream) {

        /** Those of the node. */
        public static final Timeouts AS_THEY_ARE =
                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
}
