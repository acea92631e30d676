package fyr.kernel.link;

import fyr.model.address.Family;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A link of the node whose other side must not configure the node: a pod, or whoever sends into the tunnel. Nothing that arrives there
 * gives the node an address, a route or a neighbour (CVE-2020-10749). Documentation/networking/ip-sysctl.rst describes the settings.
 */
public final class UntrustedLink {

    private UntrustedLink() {}

    /**
     * The settings of a link that carries IPv4 and may carry IPv6.
     *
     * <ul>
     *   <li>{@code accept_ra}: router advertisements are ignored. They would be accepted where the node does not forward IPv6.
     *   <li>{@code accept_redirects}: ICMP redirects are ignored. For IPv4 the kernel also considers {@code conf/all}, and requires both
     *       where the link forwards (IN_DEV_RX_REDIRECTS in include/linux/inetdevice.h).
     * </ul>
     */
    public static Map<SysctlKey, String> settings(String link) {
        SortedMap<SysctlKey, String> settings = new TreeMap<>();
        settings.put(SysctlKey.ofLink(Family.IPV4, link, "accept_redirects"), "0");
        settings.put(SysctlKey.ofLink(Family.IPV6, link, "accept_ra"), "0");
        settings.put(SysctlKey.ofLink(Family.IPV6, link, "accept_redirects"), "0");
        return settings;
    }

    /**
     * The same, for a tunnel, which also carries ARP: with {@code arp_ignore} 8 no request is answered, so none makes its sender a
     * neighbour (arp_process in net/ipv4/arp.c). Both ends have permanent neighbours and never ask. Pods' links have ARP off.
     */
    public static Map<SysctlKey, String> settingsOfTunnel(String link) {
        Map<SysctlKey, String> settings = new TreeMap<>(settings(link));
        settings.put(SysctlKey.ofLink(Family.IPV4, link, "arp_ignore"), "8");
        return settings;
    }

    /**
     * The same, for a pod's link that carries IPv6, even if it did not before: while IPv6 is off, the kernel refuses routes and neighbours.
     */
    public static Map<SysctlKey, String> settingsWithIpv6(String link) {
        Map<SysctlKey, String> settings = new TreeMap<>(settings(link));
        settings.put(SysctlKey.ofLink(Family.IPV6, link, "disable_ipv6"), "0");
        return settings;
    }

    /** The same, for a link that never carries IPv6: the kernel drops IPv6 packets before any rule ({@code ip6_rcv}). */
    public static Map<SysctlKey, String> settingsWithoutIpv6(String link) {
        Map<SysctlKey, String> settings = new TreeMap<>(settings(link));
        settings.put(SysctlKey.ofLink(Family.IPV6, link, "disable_ipv6"), "1");
        return settings;
    }
}
