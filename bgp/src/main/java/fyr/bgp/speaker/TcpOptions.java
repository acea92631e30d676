package fyr.bgp.speaker;

import fyr.model.address.Prefix;
import java.io.IOException;
import java.nio.channels.NetworkChannel;

/** Options of TCP sockets that the JDK does not have. Called on the speaker's thread. */
public interface TcpOptions {

    /**
     * Signs all segments to and from a peer, and drops those that are not signed (RFC 2385).
     *
     * @param channel bound or listening; of a connection, before it is made
     * @param peer an address, or the range of dynamic peers
     * @param password 1 to 80 bytes
     * @throws IOException if the kernel refuses
     */
    void sign(NetworkChannel channel, Prefix peer, String password) throws IOException;

    /**
     * Sends packets with this hop limit, and drops those that arrive with less than another.
     *
     * @param sent 1 to 255
     * @param least 1 to 255; 255 accepts neighbours on the link only (RFC 5082)
     * @throws IOException if the kernel refuses
     */
    void hops(NetworkChannel channel, int sent, int least) throws IOException;
}
