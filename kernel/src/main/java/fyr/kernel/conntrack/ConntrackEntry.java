package fyr.kernel.conntrack;

import fyr.model.address.IpAddress;

/**
 * A tracked connection.
 *
 * @param original the first packet before any translation
 * @param reply an answer before it is translated back: its source is where the packets really went
 * @param replied whether an answer was ever seen (IPS_SEEN_REPLY)
 */
public record ConntrackEntry(Tuple original, Tuple reply, boolean replied) {

    /** One direction: addresses, IP protocol number, ports (0 for protocols without). */
    public record Tuple(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {}
}
