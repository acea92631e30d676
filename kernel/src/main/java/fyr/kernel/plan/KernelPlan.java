package fyr.kernel.plan;

import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.persistent.PersistentMap;

/** The desired contents of every table of {@link fyr.kernel.Kernel}. */
public record KernelPlan(
        PersistentMap<SysctlKey, String> sysctls,
        PersistentMap<String, Link> links,
        PersistentMap<AddressKey, InterfaceAddress> addresses,
        PersistentMap<NeighbourKey, Neighbour> neighbours,
        PersistentMap<FdbKey, FdbEntry> fdb,
        PersistentMap<RouteKey, Route> routes,
        PersistentMap<NftKey, NftObject> nft) {}
