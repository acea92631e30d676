package fyr.kernel.pod;

import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is looked for when a pod's link is checked: as it was made, but for what others are known to have changed in the pod since.
 *
 * @param link as it was made
 * @param podMac Ethernet address of the pod's end; empty for any
 * @param podMtu of the pod's end; empty for any
 * @param addresses those of the link's addresses that are to be there
 * @param routed those of the link's addresses whose gateway and default route are to be there
 */
public record ExpectedPodLink(
        PodLink link,
        Optional<MacAddress> podMac,
        OptionalInt podMtu,
        Set<IpAddress> addresses,
        Set<IpAddress> routed) {

    public ExpectedPodLink {
        addresses = Set.copyOf(addresses);
        routed = Set.copyOf(routed);
    }

    /** All of it, as it was made. */
    public static ExpectedPodLink asMade(PodLink link) {
        Set<IpAddress> all = Set.copyOf(link.addresses());
        return new ExpectedPodLink(link, Optional.of(link.podMac()), OptionalInt.of(link.mtu()), all, all);
    }
}
