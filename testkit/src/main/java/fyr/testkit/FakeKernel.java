package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.KernelTables;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.Links;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.Meters;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A kernel in memory, connected by one link. Routes to some destinations can be refused; the others of the same change are set. */
public final class FakeKernel implements Kernel {

    /** The address of the one link. */
    public static final IpAddress ADDRESS = IpAddress.parse("192.0.2.11");

    /** Destinations to which no route can be set. */
    public final Set<RouteKey> refused = ConcurrentHashMap.newKeySet();
    /** What {@link #hostLinks()} asks. */
    public volatile Links hostLinks = address -> address.equals(ADDRESS)
            ? Optional.of(new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))))
            : Optional.empty();

    /** Which tables were changed, in order: {@code +routes}, {@code -routes}. */
    public final List<String> changes = new CopyOnWriteArrayList<>();

    public final FakeTable<RouteKey, Route> routes = new Recorded<>(Tables.ROUTES) {
        @Override
        public void apply(Delta<RouteKey, Route> delta) {
            record(delta);
            delta.deletes().forEach(contents::remove);
            delta.upserts().forEach((key, route) -> {
                if (!refused.contains(key)) {
                    contents.put(key, route);
                }
            });
            if (delta.upserts().keySet().stream().anyMatch(refused::contains)) {
                throw new KernelException("RTM_NEWROUTE", Errno.EINVAL, "");
            }
        }
    };
    private final KernelTables tables;
    public final FakeTable<NftKey, NftObject> nft = new Recorded<>(Tables.NFT);
    public final FakeTable<String, Link> links = new Recorded<>(Tables.LINKS);
    public final FakeTable<AddressKey, InterfaceAddress> addresses = new Recorded<>(Tables.ADDRESSES);
    public final FakeTable<NeighbourKey, Neighbour> neighbours = new Recorded<>(Tables.NEIGHBOURS);
    public final FakeTable<FdbKey, FdbEntry> fdb = new Recorded<>(Tables.FDB);
    public final FakeTable<SysctlKey, String> sysctls = new Recorded<>(Tables.SYSCTLS);

    /** Records that it was changed. */
    private class Recorded<K extends Comparable<? super K>, V> extends FakeTable<K, V> {

        Recorded(TableId<K, V> id) {
            super(id);
        }

        final void record(Delta<K, V> delta) {
            if (!delta.upserts().isEmpty()) {
                changes.add("+" + id());
            }
            if (!delta.deletes().isEmpty()) {
                changes.add("-" + id());
            }
        }

        @Override
        public void apply(Delta<K, V> delta) {
            record(delta);
            super.apply(delta);
        }
    }

    /**
     * A kernel with the tables of {@link Tables}.
     *
     * @param more further tables
     */
    public FakeKernel(KernelTable<?, ?>... more) {
        List<KernelTable<?, ?>> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(links, addresses, nft, sysctls, neighbours, fdb, routes));
        tables = KernelTables.of(all);
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
        return address -> hostLinks.withAddress(address);
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
    public AutoCloseable subscribe(Consumer<KernelEvent> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
