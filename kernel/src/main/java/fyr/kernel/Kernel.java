package fyr.kernel;

import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.AddressKey;
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
import java.util.function.Consumer;

/**
 * The kernel of one node: one network namespace. There is the real one (module kernel-linux) and a fake with the same contract (module
 * testkit).
 */
public interface Kernel extends AutoCloseable {

    /** Links that Fyr makes in the node's namespace (not the pods' links). */
    KernelTable<String, Link> links();

    /** Addresses that Fyr puts on links. */
    KernelTable<AddressKey, InterfaceAddress> addresses();

    /** Routes of Fyr's own protocol number. */
    KernelTable<RouteKey, Route> routes();

    /** Permanent neighbours on links of ours. */
    KernelTable<NeighbourKey, Neighbour> neighbours();

    /** Forwarding database entries of VXLAN links of ours. */
    KernelTable<FdbKey, FdbEntry> fdb();

    /** Settings under /proc/sys/net. Listing gives the current value of every key that was ever applied. */
    KernelTable<SysctlKey, String> sysctls();

    /** Everything in the nf_tables tables named {@code fyr}. One delta is one transaction wherever its size allows. */
    KernelTable<NftKey, NftObject> nft();

    /** What our rules have counted. */
    Meters meters();

    /** Facts about links that are not ours: how the node is connected. */
    Links hostLinks();

    /** Pods' links. */
    PodLinks podLinks();

    /** Connection tracking. */
    Conntrack conntrack();

    /**
     * Calls back for every change that others make to links, addresses, routes, neighbours, settings or nf_tables, on its own threads and
     * on several at once, until the subscription is closed. Changes made through this object are left out if the kernel says who made them.
     */
    AutoCloseable subscribe(Consumer<KernelEvent> listener);

    @Override
    void close();
}
