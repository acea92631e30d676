package fyr.bgp.bfd;

import java.io.IOException;
import java.nio.channels.DatagramChannel;

/** Options of UDP sockets that the JDK does not have. Called on the speaker's thread, or on the one that starts it. */
public interface BfdOptions {

    /**
     * Sends packets with this hop limit (TTL of IPv4).
     *
     * @param channel bound
     * @param hops 1 to 255
     * @throws IOException if the kernel refuses
     */
    void sendWithHops(DatagramChannel channel, int hops) throws IOException;

    /**
     * Drops packets that arrive with another hop limit from now on: with 255, those that do not come from a neighbour (RFC 5881 section 5).
     *
     * @param channel bound; one of IPv6 may receive packets of both families
     * @throws IOException if the kernel refuses
     */
    void dropOtherHops(DatagramChannel channel, int hops) throws IOException;
}
