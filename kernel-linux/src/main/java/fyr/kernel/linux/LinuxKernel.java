package fyr.kernel.linux;

import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelTable;
import fyr.kernel.KernelTables;
import fyr.kernel.TableId;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.Links;
import fyr.kernel.linux.conntrack.ConntrackTable;
import fyr.kernel.linux.iptables.IptablesTable;
import fyr.kernel.linux.ipvs.IpvsFamily;
import fyr.kernel.linux.ipvs.IpvsTimeoutTable;
import fyr.kernel.linux.ipvs.RealServerTable;
import fyr.kernel.linux.ipvs.VirtualServerTable;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.nft.MeterReader;
import fyr.kernel.linux.nft.NftEvents;
import fyr.kernel.linux.nft.NftTable;
import fyr.kernel.linux.route.AddressTable;
import fyr.kernel.linux.route.FdbTable;
import fyr.kernel.linux.route.KernelEvents;
import fyr.kernel.linux.route.LinkTable;
import fyr.kernel.linux.route.LinuxLinks;
import fyr.kernel.linux.route.LinuxPodLinks;
import fyr.kernel.linux.route.NeighbourTable;
import fyr.kernel.linux.route.RouteTable;
import fyr.kernel.linux.route.SysctlTable;
import fyr.kernel.linux.socket.SocketDiagnostics;
import fyr.kernel.nft.Meters;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.socket.TcpSockets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The real kernel, as the network namespace that {@link #open} was called in, wherever it is used from later. Needs CAP_NET_ADMIN in the
 * user namespace that owns the network namespace. Tables that share a socket wait for each other; pods' links have their own sockets, so
 * that attaching a pod does not wait for a large change. Platform threads only: a system call blocks the carrier of a virtual thread.
 */
public final class LinuxKernel implements Kernel {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final NetworkNamespace namespace;
    private final NetlinkSocket route;
    private final AddressTable addresses;
    private final NeighbourTable neighbours;
    private final LinuxLinks hostLinks;
    private final LinuxPodLinks podLinks;
    private final NftTable nft;
    private final NetlinkSocket ipvs;
    private final MeterReader meters;
    private final ConntrackTable conntrack;
    private final SocketDiagnostics sockets;
    private final KernelTables tables;

    private LinuxKernel() {
        try {
            namespace = closing(NetworkNamespace.current());
            route = closing(NetlinkSocket.open(Netlink.NETLINK_ROUTE));
            podLinks = closing(LinuxPodLinks.open());
            nft = closing(NftTable.open());
            ipvs = closing(NetlinkSocket.open(Netlink.NETLINK_GENERIC));
            meters = closing(MeterReader.open());
            conntrack = closing(ConntrackTable.open());
            sockets = new SocketDiagnostics(namespace);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
        addresses = new AddressTable(route);
        neighbours = new NeighbourTable(route);
        hostLinks = new LinuxLinks(route);
        tables = KernelTables.of(List.of(
                new LinkTable(route, namespace),
                addresses,
                new IptablesTable(namespace),
                new VirtualServerTable(ipvs),
                SysctlTable.ofIpvs(route, namespace),
                new RealServerTable(ipvs),
                RouteTable.local(route),
                new IpvsTimeoutTable(ipvs),
                nft,
                SysctlTable.ofTheNode(route, namespace),
                neighbours,
                new FdbTable(route),
                RouteTable.main(route)));
    }

    /**
     * Opens the calling thread's network namespace.
     *
     * @throws fyr.kernel.KernelException if the kernel has no netlink of some kind; then nothing is left open
     */
    public static LinuxKernel open() {
        return new LinuxKernel();
    }

    /**
     * Makes the kernel load IPVS if it has not yet. Changes nothing in the calling thread's namespace.
     *
     * @throws fyr.kernel.KernelException if the kernel has no IPVS, or this process may not use it; the message says what to do
     */
    public static void requireIpvs() {
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_GENERIC)) {
            new IpvsFamily(socket).require();
        }
    }

    @Override
    public Collection<TableId<?, ?>> tables() {
        return tables.ids();
    }

    @Override
    public <K extends Comparable<? super K>, V> KernelTable<K, V> table(TableId<K, V> id) {
        return tables.table(id);
    }

    @Override
    public Meters meters() {
        return meters;
    }

    @Override
    public Links hostLinks() {
        return hostLinks;
    }

    @Override
    public PodLinks podLinks() {
        return podLinks;
    }

    @Override
    public Conntrack conntrack() {
        return conntrack;
    }

    @Override
    public TcpSockets sockets() {
        return sockets;
    }

    /**
     * Leaves out events that cannot concern the tables ({@link KernelEvents}). For the packet rules the kernel leaves out our own changes, so
     * that loading tens of thousands of elements overruns no buffer. The listener is called on two threads, one for each kind of netlink,
     * which are in the caller's namespace; and, when the nf_tables tables had to be rebuilt, on the thread that changes them. One
     * subscription at a time.
     */
    @Override
    public AutoCloseable subscribe(Consumer<KernelEvent> listener) {
        KernelEvents ofRoute = inNamespace(() -> KernelEvents.join(route, own(), addresses, neighbours));
        try {
            NftEvents ofNft = inNamespace(() -> NftEvents.join(nft));
            ofRoute.start(listener);
            ofNft.start(listener);
            return () -> {
                ofNft.close();
                ofRoute.close();
            };
        } catch (RuntimeException failure) {
            ofRoute.close();
            throw failure;
        }
    }

    private Set<Integer> own() {
        Set<Integer> ports = new HashSet<>(podLinks.ports());
        ports.add(route.port());
        return Set.copyOf(ports);
    }

    private <T> T inNamespace(Supplier<T> action) {
        try {
            return namespace.call(action::get);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** Closes all sockets. Whoever made a subscription closes it. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
