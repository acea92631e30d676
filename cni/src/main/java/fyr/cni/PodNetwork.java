package fyr.cni;

import fyr.model.address.Prefix;
import java.util.List;

/**
 * What pods of this node get.
 *
 * @param podCidrs blocks of addresses, at most one of each family, in the order in which pods list their addresses
 * @param mtu of pods' links, in bytes
 */
public record PodNetwork(List<Prefix> podCidrs, int mtu) {

    public PodNetwork {
        podCidrs = List.copyOf(podCidrs);
        if (podCidrs.isEmpty()) {
            throw new IllegalArgumentException("the node has no podCIDRs");
        }
        if (mtu < 576) {
            throw new IllegalArgumentException(
                    "an MTU of " + mtu + " is below 576, the least that every IPv4 host takes (RFC 1122 3.3.3)");
        }
    }
}
