package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_UP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWROUTE;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The pod's side of a {@link PodLink}, seen through a socket that was opened there; nothing else has to happen inside. */
final class PodNamespace implements AutoCloseable {

    /** Of {@code lo} in every namespace (LOOPBACK_IFINDEX in include/net/flow.h). */
    private static final int LOOPBACK = 1;

    private final NetlinkSocket socket;

    private PodNamespace(NetlinkSocket socket) {
        this.socket = socket;
    }

    static PodNamespace open(NetworkNamespace namespace) {
        try {
            return new PodNamespace(namespace.call(() -> NetlinkSocket.open(Netlink.NETLINK_ROUTE)));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Configures a link that has just been created, with one request and one batch of all changes, in the order the kernel needs. */
    void configure(PodLink link) {
        int index = KernelLink.named(socket, link.podName())
                .orElseThrow(() ->
                        new KernelException("RTM_GETLINK " + link.podName(), Errno.ENODEV, "it has just been made"))
                .index();
        List<Request> requests = new ArrayList<>();
        requests.add(Request.of("RTM_NEWLINK lo up", Rtnetlink.link(RTM_NEWLINK, 0, LOOPBACK, IFF_UP, IFF_UP)));
        requests.add(LinkTable.withoutLinkLocal(link.podName()));
        requests.add(LinkTable.up(link.podName()));
        for (IpAddress address : link.addresses()) {
            IpAddress gateway = PodLink.gateway(address);
            InterfaceAddress single = new InterfaceAddress(address.family().bits());
            requests.add(AddressTable.addition(new AddressKey(link.podName(), address), single, index));
            requests.add(NeighbourTable.addition(new NeighbourKey(link.podName(), gateway), link.hostMac(), index));
            requests.add(route(Prefix.single(gateway), Optional.empty(), link.podName(), index));
            requests.add(route(everywhere(address.family()), Optional.of(gateway), link.podName(), index));
        }
        Failures failures = new Failures();
        socket.requests(requests, failures, (request, refusal) -> failures.add(explained(request, refusal)));
        failures.throwFirst();
    }

    /** A pod may have other links, of other plugins, whose routes are not ours to replace. */
    private static KernelException explained(Request request, KernelException refusal) {
        return refusal.errno().equals(Errno.EEXIST)
                ? KernelException.unasked(
                        request.operation(),
                        Errno.EEXIST,
                        "the pod has it from another plugin, which must come after Fyr")
                : refusal;
    }

    private static Request route(Prefix destination, Optional<IpAddress> gateway, String name, int index) {
        MessageWriter message = RouteMessage.unicast(
                RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, destination, Route.PROTOCOL, unicast(name, gateway), index);
        return Request.of("RTM_NEWROUTE " + destination, message);
    }

    private static Route.Unicast unicast(String name, Optional<IpAddress> gateway) {
        return new Route.Unicast(name, gateway, false, Optional.empty(), OptionalInt.empty());
    }

    private static Prefix everywhere(Family family) {
        return new Prefix(IpAddress.of(new byte[family.bytes()]), 0);
    }

    /** What is missing or different, one line each. */
    List<String> check(ExpectedPodLink expected) {
        PodLink link = expected.link();
        Optional<KernelLink> found = KernelLink.named(socket, link.podName());
        List<String> faults =
                new ArrayList<>(PodLinkCheck.end(found, link.podName(), expected.podMac(), expected.podMtu()));
        found.ifPresent(there -> {
            for (IpAddress address : link.addresses()) {
                if (expected.addresses().contains(address)) {
                    address(there, address).ifPresent(faults::add);
                }
                if (expected.routed().contains(address)) {
                    faults.addAll(routing(there, link, address));
                }
            }
        });
        return faults;
    }

    private List<String> routing(KernelLink there, PodLink link, IpAddress address) {
        Map<Integer, String> names = LinkIndexes.names(socket);
        IpAddress gateway = PodLink.gateway(address);
        List<String> faults = new ArrayList<>();
        neighbour(there, link, address).ifPresent(faults::add);
        route(names, Prefix.single(gateway), unicast(link.podName(), Optional.empty()))
                .ifPresent(faults::add);
        route(names, everywhere(address.family()), unicast(link.podName(), Optional.of(gateway)))
                .ifPresent(faults::add);
        return faults;
    }

    private Optional<String> address(KernelLink link, IpAddress address) {
        boolean there = KernelAddress.all(socket).stream()
                .anyMatch(one -> one.link() == link.index()
                        && one.address().equals(address)
                        && one.setting().prefixLength() == address.family().bits());
        return there
                ? Optional.empty()
                : Optional.of("address " + Prefix.single(address) + " is missing on " + link.name());
    }

    private Optional<String> neighbour(KernelLink there, PodLink link, IpAddress address) {
        IpAddress gateway = PodLink.gateway(address);
        boolean found = NeighbourTable.entries(socket)
                .contains(new NeighbourTable.Entry(there.index(), gateway, link.hostMac()));
        return found
                ? Optional.empty()
                : Optional.of("permanent neighbour " + gateway + " with " + link.hostMac() + " is missing on "
                        + link.podName());
    }

    private Optional<String> route(Map<Integer, String> names, Prefix destination, Route wanted) {
        int family = Rtnetlink.addressFamily(destination.family());
        boolean there = RouteMessage.ours(socket, family, Rtnetlink.RT_TABLE_MAIN, names).stream()
                .anyMatch(route ->
                        route.destination().equals(destination) && route.route().equals(wanted));
        return there ? Optional.empty() : Optional.of("route " + destination + " is missing or different");
    }

    @Override
    public void close() {
        socket.close();
    }
}
