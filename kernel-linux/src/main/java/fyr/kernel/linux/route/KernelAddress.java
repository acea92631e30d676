package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_UNSPEC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFADDRMSG;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_CACHEINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_PROTO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_GETADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_HOST;

import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;

/** An address on a link as the kernel reports it (RTM_NEWADDR). */
record KernelAddress(int link, IpAddress address, InterfaceAddress setting, int protocol) {

    /** An address of IPv4 or IPv6; empty for other families, some of which have addresses of one byte (AF_MCTP, AF_PHONET). */
    static Optional<KernelAddress> of(Message message) {
        if (!Rtnetlink.isInternet(message.u8(0))) {
            return Optional.empty();
        }
        Attributes attributes = message.attributes(IFADDRMSG);
        // On point-to-point links IFA_ADDRESS is the address of the other side.
        return attributes
                .address(IFA_LOCAL)
                .or(() -> attributes.address(IFA_ADDRESS))
                .map(address -> new KernelAddress(
                        message.u32(4),
                        address,
                        new InterfaceAddress(message.u8(1), mayBeSource(message, attributes)),
                        attributes.u8(IFA_PROTO).orElse(0)));
    }

    private static boolean mayBeSource(Message message, Attributes attributes) {
        boolean deprecated = attributes
                .bytes(IFA_CACHEINFO)
                .filter(info -> info.length >= Integer.BYTES)
                .map(info -> info[0] == 0 && info[1] == 0 && info[2] == 0 && info[3] == 0) // ifa_prefered
                .orElse(false);
        return message.u8(3) != RT_SCOPE_HOST && !deprecated;
    }

    /** Whether it has our protocol number, which Linux stores since 5.18. */
    boolean isMarkedOurs() {
        return protocol == Route.PROTOCOL;
    }

    static List<KernelAddress> all(NetlinkSocket socket) {
        return socket.dump("RTM_GETADDR", Rtnetlink.address(RTM_GETADDR, 0, AF_UNSPEC, 0, 0, 0), KernelAddress::of);
    }
}
