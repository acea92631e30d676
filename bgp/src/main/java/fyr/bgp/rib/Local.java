package fyr.bgp.rib;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.util.Set;

/**
 * What this node is to its peers.
 *
 * @param as its autonomous system, 1 to 4294967295
 * @param routerId its BGP identifier, not 0
 * @param clusterId the cluster whose routes it reflects (RFC 4456); usually the same as the identifier
 * @param addresses its own addresses: a path with one of them as next hop leads nowhere
 */
public record Local(long as, Ipv4Address routerId, Ipv4Address clusterId, Set<IpAddress> addresses) {

    public Local {
        addresses = Set.copyOf(addresses);
    }
}
