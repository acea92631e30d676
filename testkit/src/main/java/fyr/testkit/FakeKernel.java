package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
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

    public final FakeTable<RouteKey, Route> routes = new Recorded<>("routes") {
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
    public final FakeTable<NftKey, NftObject> nft = new Recorded<>("nft");
    public final FakeTable<String, Link> links = new Recorded<>("links");
    public final FakeTable<AddressKey, InterfaceAddress> addresses = new Recorded<>("addresses");
    public final FakeTable<NeighbourKey, Neighbour> neighbours = new Recorded<>("neighbours");
    public final FakeTable<FdbKey, FdbEntry> fdb = new Recorded<>("fdb");
    public final FakeTable<SysctlKey, String> sysctls = new Recorded<>("sysctls");

    /** Records that it was changed. */
    private class Recorded<K extends Comparable<? super K>, V> extends FakeTable<K, V> {

        Recorded(String name) {
            super(name);
        }

        final void record(Delta<K, V> delta) {
            if (!delta.upserts().isEmpty()) {
                changes.add("+" + name());
            }
            if (!delta.deletes().isEmpty()) {
                changes.add("-" + name());
            }
        }

        @Override
        public void apply(Delta<K, V> delta) {
            record(delta);
            super.apply(delta);
        }
    }

    @Override
    public KernelTable<String, Link> links() {
        return links;
    }

    @Override
    public KernelTable<AddressKey, InterfaceAddress> addresses() {
        return addresses;
    }

    @Override
    public KernelTable<RouteKey, Route> routes() {
        return routes;
    }

    @Override
    public KernelTable<NeighbourKey, Neighbour> neighbours() {
        return neighbours;
    }

    @Override
    public KernelTable<FdbKey, FdbEntry> fdb() {
        return fdb;
    }

    @Override
    public KernelTable<SysctlKey, String> sysctls() {
        return sysctls;
    }

    @Override
    public KernelTable<NftKey, NftObject> nft() {
        return nft;
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
