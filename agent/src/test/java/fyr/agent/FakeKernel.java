package fyr.agent;

import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.Links;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Prefix;
import fyr.testkit.FakeTable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A kernel of tables in memory, whose every address is on {@code eth0}. */
final class FakeKernel implements Kernel {

    final FakeTable<String, Link> links = new FakeTable<>("links");
    final FakeTable<AddressKey, InterfaceAddress> addresses = new FakeTable<>("addresses");
    final FakeTable<RouteKey, Route> routes = new FakeTable<>("routes");
    final FakeTable<NeighbourKey, Neighbour> neighbours = new FakeTable<>("neighbours");
    final FakeTable<FdbKey, FdbEntry> fdb = new FakeTable<>("fdb");
    final FakeTable<SysctlKey, String> sysctls = new FakeTable<>("sysctls");
    final FakeTable<NftKey, NftObject> nft = new FakeTable<>("nft");

    @Override
    public FakeTable<String, Link> links() {
        return links;
    }

    @Override
    public FakeTable<AddressKey, InterfaceAddress> addresses() {
        return addresses;
    }

    @Override
    public FakeTable<RouteKey, Route> routes() {
        return routes;
    }

    @Override
    public FakeTable<NeighbourKey, Neighbour> neighbours() {
        return neighbours;
    }

    @Override
    public FakeTable<FdbKey, FdbEntry> fdb() {
        return fdb;
    }

    @Override
    public FakeTable<SysctlKey, String> sysctls() {
        return sysctls;
    }

    @Override
    public FakeTable<NftKey, NftObject> nft() {
        return nft;
    }

    @Override
    public Links hostLinks() {
        return address -> Optional.of(new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))));
    }

    @Override
    public PodLinks podLinks() {
        throw new UnsupportedOperationException("no pods here");
    }

    @Override
    public Conntrack conntrack() {
        throw new UnsupportedOperationException("no flows here");
    }

    @Override
    public AutoCloseable subscribe(Consumer<KernelEvent> listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}
