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
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps all tables of a node as the plan says. What is new comes first, in an order in which each finds what it refers to: a link before
 * its addresses, an address before a route that prefers it. What is not wanted any more goes last, in the opposite order: the kernel
 * takes away what depends on something that goes ({@link NodeTable}), and so by then nothing does. Packet rules come before forwarding and
 * routes, so that a new pod is not reachable before its policy holds; and connection tracking has settings only once a rule has asked
 * for it.
 *
 * <p>Used by one thread.
 */
public final class NodeReconciler {

    /** What one change takes away is seen in the next pass; more passes than there are tables to lose something would find nothing new. */
    private static final int PASSES = 3;

    private final Reconciler<SysctlKey, String> sysctls;
    private final Reconciler<String, Link> links;
    private final Reconciler<AddressKey, InterfaceAddress> addresses;
    private final Reconciler<NftKey, NftObject> nft;
    private final Reconciler<NeighbourKey, Neighbour> neighbours;
    private final Reconciler<FdbKey, FdbEntry> fdb;
    private final Reconciler<RouteKey, Route> routes;
    private final Map<NodeTable, Reconciler<?, ?>> tables = new EnumMap<>(NodeTable.class);
    private final Set<NodeTable> failed = EnumSet.noneOf(NodeTable.class);
    private final Set<NodeTable> unread = EnumSet.noneOf(NodeTable.class);
    private Runnable stepped = () -> {};

    public NodeReconciler(Kernel kernel, Consumer<Observation> observer) {
        sysctls = new Reconciler<>(kernel.sysctls(), observer);
        links = new Reconciler<>(kernel.links(), observer);
        addresses = new Reconciler<>(kernel.addresses(), observer);
        nft = new Reconciler<>(kernel.nft(), observer);
        neighbours = new Reconciler<>(kernel.neighbours(), observer);
        fdb = new Reconciler<>(kernel.fdb(), observer);
        routes = new Reconciler<>(kernel.routes(), observer);
        tables.put(NodeTable.LINKS, links);
        tables.put(NodeTable.ADDRESSES, addresses);
        tables.put(NodeTable.NFT, nft);
        tables.put(NodeTable.SYSCTLS, sysctls);
        tables.put(NodeTable.NEIGHBOURS, neighbours);
        tables.put(NodeTable.FDB, fdb);
        tables.put(NodeTable.ROUTES, routes);
    }

    /** Has this called as each table is done, and after each step of a look. */
    public void whenStepped(Runnable action) {
        stepped = action;
    }

    /**
     * Makes the kernel look like the plan. One table that fails does not keep the others from being right.
     *
     * @return whether everything is; if not, it is to be called again after a while. Of a large table more may be left to repair: see
     *     {@link #isInDoubt}.
     */
    public boolean reconcile(KernelPlan plan) {
        failed.clear();
        pass(plan);
        for (int pass = 1; pass < PASSES && hasLost(); pass++) {
            pass(plan);
        }
        return failed.isEmpty() && !hasLost();
    }

    /** Whether a table has lost something through a change of another, which this very call can put back. */
    private boolean hasLost() {
        return inDoubt().anyMatch(table -> table != NodeTable.NFT);
    }

    /** What is in doubt and was not refused, so that another attempt is worth while. */
    private Stream<NodeTable> inDoubt() {
        return Stream.of(NodeTable.values())
                .filter(table -> !failed.contains(table) && reconciler(table).isInDoubt());
    }

    private void pass(KernelPlan plan) {
        links.put(plan.links());
        done(NodeTable.LINKS);
        addresses.put(plan.addresses());
        done(NodeTable.ADDRESSES);
        ended(NodeTable.NFT, nft.reconcile(plan.nft()));
        done(NodeTable.NFT);
        sysctls.put(plan.sysctls());
        done(NodeTable.SYSCTLS);
        neighbours.put(plan.neighbours());
        done(NodeTable.NEIGHBOURS);
        fdb.put(plan.fdb());
        done(NodeTable.FDB);
        routes.put(plan.routes());
        done(NodeTable.ROUTES);
        for (NodeTable table : List.of(NodeTable.values()).reversed()) {
            if (table != NodeTable.NFT) {
                ended(table, reconciler(table).remove());
                done(table);
            }
        }
    }

    private void ended(NodeTable table, boolean successful) {
        if (!successful) {
            failed.add(table);
        }
    }

    private void done(NodeTable table) {
        stepped.run();
        if (reconciler(table).tookAway()) {
            table.loseWithIt().forEach(other -> reconciler(other).suspect());
        }
    }

    private Reconciler<?, ?> reconciler(NodeTable table) {
        return Optional.ofNullable(tables.get(table)).orElseThrow();
    }

    /** What the last {@link #reconcile} could not do, the first of it; empty if it did everything. */
    public Optional<String> refusal() {
        return tables.values().stream()
                .flatMap(table -> table.refusal().stream())
                .findFirst();
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

    /** Notes what changes of others make doubtful. */
    public void note(Set<KernelEvent.Subject> changed) {
        changed.forEach(subject -> tables.forEach((table, reconciler) -> {
            if (table.isConcernedBy(subject)) {
                reconciler.suspect();
            }
        }));
    }

    /** Notes which packet rules others changed. Of a table or a set, all that is in it is to be looked at. */
    public void noteRules(Collection<NftKey> changed) {
        nft.suspect(changed);
        if (changed.stream().anyMatch(key -> key instanceof NftKey.TableKey || key instanceof NftKey.SetKey)) {
            nft.suspect();
        }
    }

    /** Notes that the node's end of a pod's link was down: routes and neighbours went with it. */
    public void notePodLinkDown() {
        List.of(neighbours, routes).forEach(Reconciler::suspect);
    }

    /** Everything is to be read again by and by: by steps of {@link #look}. */
    public void suspectAll() {
        unread.addAll(List.of(NodeTable.values()));
    }

    /** Whether something is to be looked at by {@link #look}. */
    public boolean isLooking() {
        return !unread.isEmpty() || tables.values().stream().anyMatch(Reconciler::isLooking);
    }

    /** Whether something doubtful is left that {@link #reconcile} would read and repair now, and that it was not refused before. */
    public boolean isInDoubt() {
        return inDoubt().findAny().isPresent();
    }

    /** Reads the settings, of few of which the kernel tells when they change; those that did are in doubt then. */
    public void checkSettings() {
        sysctls.check();
    }

    /**
     * Makes a step of looking at everything: one table that is in doubt from then on, and is read by the next {@link #reconcile}, or a part
     * of one that is too large for that.
     *
     * @param nanoseconds how long about a part may take
     * @return false if the look failed: the next {@link #reconcile} begins it anew, which is worth while after a while
     */
    public boolean look(long nanoseconds) {
        boolean seen = true;
        Optional<NodeTable> next = unread.stream().findFirst();
        if (next.isPresent()) {
            unread.remove(next.get());
            reconciler(next.get()).suspect();
        } else {
            seen = tables.values().stream()
                    .filter(Reconciler::isLooking)
                    .findFirst()
                    .map(table -> table.look(nanoseconds))
                    .orElse(true);
        }
        stepped.run();
        return seen;
    }

    /** Whether a look failed and has not been made good. */
    public boolean isUnseen() {
        return tables.values().stream().anyMatch(Reconciler::isUnseen);
    }
}
