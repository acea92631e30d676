package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.NextHop;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.nio.ByteBuffer;

/** Reads the next hop in MP_REACH_NLRI (RFC 4760 section 3, RFC 2545 section 3, RFC 8950 section 3). */
final class NextHopReader {

    private static final int FOUR = 4;
    private static final int SIX = 16;
    private static final int TWO_OF_SIX = 32;

    private NextHopReader() {}

    /** Whether the next hop of a destination of this family may have so many bytes. */
    static boolean isLength(int length, AddressFamily family, boolean extended) {
        return family.equals(AddressFamily.IPV4)
                ? length == FOUR || extended && (length == SIX || length == TWO_OF_SIX)
                : length == SIX || length == TWO_OF_SIX;
    }

    static NextHop read(byte[] bytes, int from, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
        if (length == FOUR) {
            return new NextHop.V4(new Ipv4Address(in.getInt()));
        }
        Ipv6Address first = new Ipv6Address(in.getLong(), in.getLong());
        return length == SIX
                ? new NextHop.V6(first)
                : new NextHop.V6WithLinkLocal(first, new Ipv6Address(in.getLong(), in.getLong()));
    }

    /** Whether packets can be sent there. */
    static boolean isHost(NextHop nextHop) {
        return switch (nextHop) {
            case NextHop.V4(var address) -> AttributeReader.isHost(address.bits());
            case NextHop.V6(var address) -> isSpecified(address);
            case NextHop.V6WithLinkLocal(var address, var linkLocal) -> isSpecified(address) || isSpecified(linkLocal);
        };
    }

    private static boolean isSpecified(Ipv6Address address) {
        return address.high() != 0 || address.low() != 0;
    }
}
