package fyr.kernel.pod;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.link.UntrustedLink;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A pod's link: a veth pair with one end in the node's namespace and the other in the pod's. The pod has routes and permanent neighbours,
 * so that it never asks for anything on the wire (no ARP, no neighbour discovery, no duplicate address detection).
 *
 * @param hostName the node's end, beginning with {@code fyr}
 * @param podName the pod's end, {@code eth0}
 * @param namespace file of the pod's network namespace
 * @param mtu in bytes, of both ends
 * @param addresses the pod's addresses, at most one for each family, set as /32 and /128
 */
public record PodLink(
        String hostName,
        String podName,
        Path namespace,
        MacAddress hostMac,
        MacAddress podMac,
        int mtu,
        List<IpAddress> addresses) {

    /** The IPv4 next hop in every pod; it exists only as a permanent neighbour with the Ethernet address of the node's end. */
    public static final IpAddress GATEWAY_IPV4 = IpAddress.parse("169.254.1.1");

    /** The IPv6 next hop in every pod. */
    public static final IpAddress GATEWAY_IPV6 = IpAddress.parse("fe80::1");

    public PodLink {
        addresses = List.copyOf(addresses);
    }

    /** The settings of the node's end before it is set up, so that the pod cannot configure the node. */
    public Map<SysctlKey, String> settings() {
        return settings(hostName, addresses);
    }

    /** The same, for a link of this name to a pod with these addresses: if there is no IPv6 address, the link carries no IPv6. */
    public static Map<SysctlKey, String> settings(String hostName, List<IpAddress> addresses) {
        boolean ipv6 = addresses.stream().anyMatch(address -> address.family() == Family.IPV6);
        return ipv6 ? UntrustedLink.settingsWithIpv6(hostName) : UntrustedLink.settingsWithoutIpv6(hostName);
    }

    /** The gateway for an address of a pod. */
    public static IpAddress gateway(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> GATEWAY_IPV4;
            case IPV6 -> GATEWAY_IPV6;
        };
    }
}
