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
 * Keeps all tables of a node as the plan says. New entries are written first, in an order in which each finds what it refers to: a link
 * before its addresses, an address before a route that prefers it. Unwanted entries are removed last, in the opposite order: the kernel
 * removes whatever depends on a removed entry ({@link NodeTable}), and by then nothing depends on it. Packet rules come before forwarding
 * entries and routes, so that a new pod is not reachable before its policy is in force. The settings of connection tracking exist only
 * after a rule has required it.
 *
 * <p>Used by one thread.
 */
public final class NodeReconciler {

    /** What one change removes is seen in the next pass; more passes than there are tables that can lose entries would find nothing new. */
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

    /** Sets a callback that runs after each table and after each step of a look. */
    public void whenStepped(Runnable action) {
        stepped = action;
    }

    /**
     * Applies the plan to the kernel. A table that fails does not keep the others from being applied.
     *
     * @return whether everything is applied; if not, call this again after a while. More of a large table may be left to repair: see {@link
     *     #isInDoubt}.
     */
    public boolean reconcile(KernelPlan plan) {
        failed.clear();
        pass(plan);
        for (int pass = 1; pass < PASSES && hasLost(); pass++) {
            pass(plan);
        }
        return failed.isEmpty() && !hasLost();
    }

    /** Whether a table has lost something through a change of another table, which this call can restore. */
    private boolean hasLost() {
        return inDoubt().anyMatch(table -> table != NodeTable.NFT);
    }

    /** What is in doubt and was not refused, so that another attempt is worthwhile. */
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

    /** The first thing that the last {@link #reconcile} could not do; empty if it did everything. */
    public Optional<String> refusal() {
        return tables.values().stream()
                .flatMap(table -> table.refusal().stream())
                .findFirst();
    }

    /**
     * Why the kernel would not carry the traffic of a new pod; empty if it would, whatever else was refused. Packet rules count as a whole:
     * they are one transaction, and without it a pod's policy is not in force.
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

    /** Notes which tables are in doubt after changes by others. */
    public void note(Set<KernelEvent.Subject> changed) {
        changed.forEach(subject -> tables.forEach((table, reconciler) -> {
            if (table.isConcernedBy(subject)) {
                reconciler.suspect();
            }
        }));
    }

    /** Notes which packet rules others changed. If that is a table or a set, everything in it is to be read. */
    public void noteRules(Collection<NftKey> changed) {
        nft.suspect(changed);
        if (changed.stream().anyMatch(key -> key instanceof NftKey.TableKey || key instanceof NftKey.SetKey)) {
            nft.suspect();
        }
    }

    /** Notes that the node's end of a pod's link was down: its routes and neighbours were removed with that. */
    public void notePodLinkDown() {
        List.of(neighbours, routes).forEach(Reconciler::suspect);
    }

    /** Everything is to be read again gradually, by steps of {@link #look}. */
    public void suspectAll() {
        unread.addAll(List.of(NodeTable.values()));
    }

    /** Whether something is to be read by {@link #look}. */
    public boolean isLooking() {
        return !unread.isEmpty() || tables.values().stream().anyMatch(Reconciler::isLooking);
    }

    /** Whether something is in doubt that {@link #reconcile} would read and repair now, and that was not refused before. */
    public boolean isInDoubt() {
        return inDoubt().findAny().isPresent();
    }

    /** Reads all settings, because the kernel reports changes of only a few. They are in doubt afterwards if one has changed. */
    public void checkSettings() {
        sysctls.check();
    }

    /**
     * Makes one step of reading everything: it either puts one table in doubt, which the next {@link #reconcile} reads, or reads a part of
     * a table that is too large for that.
     *
     * @param nanoseconds how long a part may take
     * @return false if the look failed: the next {@link #reconcile} restarts it, which is worthwhile after a pause
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

    /** Whether a look failed and none has succeeded since. */
    public boolean isUnseen() {
        return tables.values().stream().anyMatch(Reconciler::isUnseen);
    }
}
