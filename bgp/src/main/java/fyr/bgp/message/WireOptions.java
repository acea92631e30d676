package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import java.util.Set;

/**
 * What was negotiated about the encoding of messages in one direction.
 *
 * @param fourOctetAs whether AS numbers have four octets in UPDATE (RFC 6793)
 * @param extendedMessages whether messages may have more than 4096 bytes (RFC 8654)
 * @param extendedNextHop whether IPv4 destinations may have an IPv6 next hop (RFC 8950)
 * @param families whose routes are exchanged; others are ignored
 * @param addPath families whose prefixes have path identifiers (RFC 7911)
 */
public record WireOptions(
        boolean fourOctetAs,
        boolean extendedMessages,
        boolean extendedNextHop,
        Set<AddressFamily> families,
        Set<AddressFamily> addPath) {

    /** Before an OPEN was received, and with peers that have no capabilities. */
    public static final WireOptions BASE = new WireOptions(false, false, false, Set.of(AddressFamily.IPV4), Set.of());

    public WireOptions {
        families = Set.copyOf(families);
        addPath = Set.copyOf(addPath);
    }

    /** The longest message in bytes, header included. */
    public int longest() {
        return extendedMessages ? Header.LONGEST_EXTENDED : Header.LONGEST;
    }
}
