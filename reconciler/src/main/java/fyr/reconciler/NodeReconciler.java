package fyr.reconciler;

import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.observation.Observation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps all tables of a node as the plan says, in an order in which each finds what it refers to: a link before its addresses, an address
 * before a route that prefers it. Packet rules come before forwarding and routes, so that a new pod is not reachable before its policy
 * holds; and connection tracking has settings only once a rule has asked for it.
 *
 * <p>Used by one thread.
 */
public final class NodeReconciler {

    private final Reconciler<SysctlKey, String> sysctls;
    private final Reconciler<String, Link> links;
    private final Reconciler<AddressKey, InterfaceAddress> addresses;
    private final Reconciler<NftKey, NftObject> nft;
    private final Reconciler<NeighbourKey, Neighbour> neighbours;
    private final Reconciler<FdbKey, FdbEntry> fdb;
    private final Reconciler<RouteKey, Route> routes;

    public NodeReconciler(Kernel kernel, Consumer<Observation> observer) {
        sysctls = new Reconciler<>(kernel.sysctls(), observer);
        links = new Reconciler<>(kernel.links(), observer);
        addresses = new Reconciler<>(kernel.addresses(), observer);
        nft = new Reconciler<>(kernel.nft(), observer);
        neighbours = new Reconciler<>(kernel.neighbours(), observer);
        fdb = new Reconciler<>(kernel.fdb(), observer);
        routes = new Reconciler<>(kernel.routes(), observer);
    }

    /**
     * Makes the kernel look like the plan. One table that fails does not keep the others from being right.
     *
     * @return whether everything is; if not, it is to be called again after a while
     */
    public boolean reconcile(KernelPlan plan) {
        boolean done = links.reconcile(plan.links());
        done &= addresses.reconcile(plan.addresses());
        done &= nft.reconcile(plan.nft());
        done &= sysctls.reconcile(plan.sysctls());
        done &= neighbours.reconcile(plan.neighbours());
        done &= fdb.reconcile(plan.fdb());
        done &= routes.reconcile(plan.routes());
        return done;
    }

    /** What the last {@link #reconcile} could not do, the first of it; empty if it did everything. */
    public Optional<String> refusal() {
        return all().stream().flatMap(table -> table.refusal().stream()).findFirst();
    }

    /**
     * Why the kernel would carry no new pod's traffic; empty if it would, whatever else was refused. Packet rules count as a whole: they
     * are one transaction, and without it a pod's policy does not hold.
     */
    public Optional<String> refusalOfEveryPod() {
        return nft.refusal();
    }

    /** Why the kernel does not carry the traffic of the pod behind this link; empty if it does, whatever else was refused. */
    public Optional<String> refusal(String podLink) {
        return refusalOfEveryPod()
                .or(() -> neighbours.refusal((key, _) -> key.link().equals(podLink)))
                .or(() -> routes.refusal((_, route) -> leavesBy(route, podLink)));
    }

    private static boolean leavesBy(Route route, String link) {
        return switch (route) {
            case Route.Unicast unicast -> unicast.link().equals(link);
            case Route.Unreachable _ -> false;
        };
    }

    /** Notes what changes of others make doubtful. With a link go its addresses, neighbours and routes, without an event for each. */
    public void note(Set<KernelEvent.Subject> changed) {
        changed.forEach(subject -> concerned(subject).forEach(Reconciler::suspect));
    }

    /** Notes that the node's end of a pod's link was down: routes and neighbours went with it. */
    public void notePodLinkDown() {
        List.of(neighbours, routes).forEach(Reconciler::suspect);
    }

    private List<Reconciler<?, ?>> concerned(KernelEvent.Subject subject) {
        return switch (subject) {
            case LINK -> List.of(links, addresses, neighbours, fdb, routes);
            case ADDRESS -> List.of(addresses, routes);
            case ROUTE -> List.of(routes);
            case NEIGHBOUR -> List.of(neighbours, fdb);
            case NFT -> List.of(nft);
            case SYSCTL -> List.of(sysctls);
        };
    }

    private List<Reconciler<?, ?>> all() {
        return List.of(links, addresses, nft, sysctls, neighbours, fdb, routes);
    }

    /** Everything is to be read again. */
    public void suspectAll() {
        all().forEach(Reconciler::suspect);
    }
}
