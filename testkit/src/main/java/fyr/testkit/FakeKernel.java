package fyr.testkit;

import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelTable;
import fyr.kernel.KernelTables;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Links;
import fyr.kernel.nft.Meters;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.kernel.socket.TcpSockets;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A kernel in memory, connected by one link. It refuses what a kernel refuses, and an entry takes along what depends on it; the tests in
 * {@link fyr.testkit.contract} verify the same of the real kernel.
 */
public final class FakeKernel implements Kernel {

    /** The address of the one link. */
    public static final IpAddress ADDRESS = IpAddress.parse("192.0.2.11");

    /** What {@link #hostLinks()} asks. */
    public volatile Function<IpAddress, Optional<HostLink>> hostLinks = address -> address.equals(ADDRESS)
            ? Optional.of(new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))))
            : Optional.empty();

    /** Which tables were changed, in order: {@code +routes}, {@code -routes}. */
    public final List<String> changes = new CopyOnWriteArrayList<>();

    public final FakeLinks links = new FakeLinks();
    public final FakeAddresses addresses = new FakeAddresses(links);
    public final FakeTable<XtKey, XtEntry> iptables = new FakeTable<>(Tables.IPTABLES);
    public final FakeVirtualServers virtualServers = new FakeVirtualServers();
    public final FakeRealServers realServers = new FakeRealServers(virtualServers);
    public final FakeIpvsTimeouts ipvsTimeouts = new FakeIpvsTimeouts();
    public final FakeTable<RouteKey, Route> localRoutes = new FakeTable<>(Tables.LOCAL_ROUTES);
    public final FakeNft nft = new FakeNft();
    public final FakeSysctls sysctls = new FakeSysctls(Tables.SYSCTLS, links);
    public final FakeSysctls ipvsSettings = new FakeSysctls(Tables.IPVS_SETTINGS, links);
    public final FakeNeighbours neighbours = new FakeNeighbours(links, addresses);
    public final FakeFdb fdb = new FakeFdb(links);
    public final FakeRoutes routes = new FakeRoutes(links, addresses);
    private final KernelTables tables;

    /**
     * A kernel with the tables of {@link Tables}.
     *
     * @param more further tables
     */
    public FakeKernel(KernelTable<?, ?>... more) {
        links.addOther("lo");
        addresses.others.put(new AddressKey("lo", IpAddress.parse("127.0.0.1")), new InterfaceAddress(8, false));
        links.addOther("eth0");
        addresses.others.put(new AddressKey("eth0", ADDRESS), new InterfaceAddress(24));
        List<FakeTable<?, ?>> own = List.of(
                links,
                addresses,
                iptables,
                ipvsSettings,
                virtualServers,
                realServers,
                ipvsTimeouts,
                localRoutes,
                nft,
                sysctls,
                neighbours,
                fdb,
                routes);
        own.forEach(this::record);
        List<KernelTable<?, ?>> all = new ArrayList<>(List.of(more));
        all.addAll(own);
        tables = KernelTables.of(all);
    }

    private <K extends Comparable<? super K>, V> void record(FakeTable<K, V> table) {
        table.before = delta -> {
            if (!delta.upserts().isEmpty()) {
                changes.add("+" + table.id());
            }
            if (!delta.deletes().isEmpty()) {
                changes.add("-" + table.id());
            }
        };
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
        return _ -> Map.of();
    }

    @Override
    public Links hostLinks() {
        return new Links() {
            @Override
            public Optional<HostLink> withAddress(IpAddress address) {
                return hostLinks.apply(address);
            }

            @Override
            public Set<IpAddress> addresses() {
                return Set.of(ADDRESS);
            }
        };
    }

    @Override
    public PodLinks podLinks() {
        throw new UnsupportedOperationException("the loop knows pods' links only through LivePods");
    }

    @Override
    public Conntrack conntrack() {
        throw new UnsupportedOperationException("the loop does not track connections");
    }

    @Override
    public TcpSockets sockets() {
        throw new UnsupportedOperationException("the loop does not end connections");
    }

    @Override
    public AutoCloseable subscribe(Consumer<KernelEvent> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
