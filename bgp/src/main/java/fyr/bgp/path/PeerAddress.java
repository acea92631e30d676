package fyr.bgp.path;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv6Address;
import java.util.Optional;

/**
 * Where a peer is found.
 *
 * @param link the link of a link-local address, and only of such a one
 */
public record PeerAddress(IpAddress address, Optional<String> link) implements Comparable<PeerAddress> {

    public PeerAddress {
        boolean linkLocal = address instanceof Ipv6Address six && NextHop.isLinkLocal(six);
        if (linkLocal != link.isPresent()) {
            throw new IllegalArgumentException(
                    linkLocal ? address + " needs a link" : address + " is no link-local address, so it has no link");
        }
    }

    /** An address that is valid everywhere. */
    public static PeerAddress of(IpAddress address) {
        return new PeerAddress(address, Optional.empty());
    }

    /** An address that is valid on one link. */
    public static PeerAddress of(Ipv6Address address, String link) {
        return new PeerAddress(address, Optional.of(link));
    }

    @Override
    public int compareTo(PeerAddress other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : link.orElse("").compareTo(other.link.orElse(""));
    }

    @Override
    public String toString() {
        return link.map(name -> address + "%" + name).orElseGet(address::toString);
    }
}
