package fyr.kernel.linux.route;

import fyr.kernel.link.HostLink;
import fyr.kernel.link.Links;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The links that the node came with. */
public final class LinuxLinks implements Links {

    private final NetlinkSocket socket;

    /** The links of the socket's namespace. */
    public LinuxLinks(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public Optional<HostLink> withAddress(IpAddress address) {
        List<KernelAddress> addresses = KernelAddress.all(socket);
        Optional<Integer> index = addresses.stream()
                .filter(candidate -> candidate.address().equals(address))
                .map(KernelAddress::link)
                .findFirst();
        return index.flatMap(wanted -> KernelLink.all(socket).stream()
                .filter(link -> link.index() == wanted)
                .map(link -> new HostLink(link.name(), link.mtu(), subnets(addresses, wanted)))
                .findFirst());
    }

    @Override
    public Set<IpAddress> addresses() {
        return KernelAddress.all(socket).stream().map(KernelAddress::address).collect(Collectors.toUnmodifiableSet());
    }

    private static List<Prefix> subnets(List<KernelAddress> addresses, int link) {
        return addresses.stream()
                .filter(address -> address.link() == link)
                .map(address ->
                        Prefix.containing(address.address(), address.setting().prefixLength()))
                .distinct()
                .sorted()
                .toList();
    }
}
