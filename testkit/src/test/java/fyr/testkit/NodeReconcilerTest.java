package fyr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.KernelException;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.link.Link;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeReconcilerTest {

    private static final String TUNNEL = "fyr-vxlan";
    private static final MacAddress OTHER = MacAddress.local(2);

    private final FakeKernel kernel = new FakeKernel();
    private final List<Observation> seen = new ArrayList<>();
    private final NodeReconciler reconciler = new NodeReconciler(kernel, seen::add);

    /** Returns a plan with one other node behind a tunnel. The number is that of our own pod block. */
    private static KernelPlan plan(int block) {
        IpAddress own = IpAddress.parse("10.244." + block + ".0");
        IpAddress other = IpAddress.parse("10.244.200.0");
        return KernelPlan.empty()
                .with(Tables.SYSCTLS, one(new SysctlKey("net/ipv4/ip_forward"), "1"))
                .with(
                        Tables.LINKS,
                        one(TUNNEL, new Link.Vxlan(1, 4789, IpAddress.parse("192.0.2.11"), MacAddress.local(1), 1450)))
                .with(Tables.ADDRESSES, one(new AddressKey(TUNNEL, own), new InterfaceAddress(32)))
                .with(Tables.NEIGHBOURS, one(new NeighbourKey(TUNNEL, other), new Neighbour(OTHER)))
                .with(Tables.FDB, one(new FdbKey(TUNNEL, OTHER), new FdbEntry(IpAddress.parse("192.0.3.12"))))
                .with(
                        Tables.ROUTES,
                        PersistentMap.of(Map.of(
                                new RouteKey(Prefix.parse("10.244.200.0/24")),
                                new Route.Unicast(
                                        TUNNEL, Optional.of(other), true, Optional.of(own), OptionalInt.empty()),
                                new RouteKey(new Prefix(own, 24)),
                                new Route.Unreachable())))
                .with(Tables.NFT, one(new NftKey.TableKey(Family.IPV4), new NftObject.Table()));
    }

    private static <K, V> PersistentMap<K, V> one(K key, V value) {
        return PersistentMap.<K, V>empty().with(key, value);
    }

    private static KernelPlan nothing() {
        return KernelPlan.empty();
    }

    private void assertFollows(KernelPlan plan) {
        assertThat(kernel.links.contents).isEqualTo(plan.table(Tables.LINKS).sorted());
        assertThat(kernel.addresses.contents)
                .isEqualTo(plan.table(Tables.ADDRESSES).sorted());
        assertThat(kernel.nft.contents).isEqualTo(plan.table(Tables.NFT).sorted());
        assertThat(kernel.sysctls.contents).isEqualTo(plan.table(Tables.SYSCTLS).sorted());
        assertThat(kernel.neighbours.contents)
                .isEqualTo(plan.table(Tables.NEIGHBOURS).sorted());
        assertThat(kernel.fdb.contents).isEqualTo(plan.table(Tables.FDB).sorted());
        assertThat(kernel.routes.contents).isEqualTo(plan.table(Tables.ROUTES).sorted());
    }

    /** Some tables are not reported by the kernel, and too large to be read often. */
    @Test
    void aTableThatSeemsChangedIsReadAndRepaired() {
        XtKey.ChainKey chain = new XtKey.ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SERVICES");
        KernelPlan plan = plan(1).with(Tables.IPTABLES, one((XtKey) chain, (XtEntry) new XtEntry.Chain(List.of())));
        reconciler.reconcile(plan);
        kernel.iptables.contents.clear();
        reconciler.poll();
        assertThat(reconciler.isInDoubt()).isFalse();
        kernel.iptables.seemsChanged = true;
        reconciler.poll();
        assertThat(reconciler.isInDoubt()).isTrue();
        reconciler.reconcile(plan);
        assertThat(kernel.iptables.contents).containsOnlyKeys(chain);
    }

    /** The rules come before the routes: without its policy a new pod would accept traffic from everywhere. */
    @Test
    void whatIsNewComesInTheOrderOfReference() {
        assertThat(reconciler.reconcile(plan(1))).isTrue();
        assertThat(kernel.changes)
                .containsExactly("+links", "+addresses", "+nft", "+sysctls", "+neighbours", "+fdb", "+routes");
        assertFollows(plan(1));
    }

    @Test
    void whatGoesGoesTheOtherWayRound() {
        reconciler.reconcile(plan(1));
        kernel.changes.clear();
        assertThat(reconciler.reconcile(nothing())).isTrue();
        assertThat(kernel.changes)
                .containsExactly("-nft", "-routes", "-fdb", "-neighbours", "-sysctls", "-addresses", "-links");
        assertFollows(nothing());
    }

    @Test
    void anAddressThatChangesIsThereBeforeTheOldOneGoesAndRoutesHaveChangedBetween() {
        reconciler.reconcile(plan(1));
        kernel.changes.clear();
        assertThat(reconciler.reconcile(plan(2))).isTrue();
        assertThat(kernel.changes).containsExactly("+addresses", "+routes", "-routes", "-addresses");
        assertFollows(plan(2));
    }

    @Test
    void whatTheKernelTakesAwayWithAnAddressOfOursIsPutBackAtOnce() {
        RouteKey elsewhere = new RouteKey(Prefix.parse("10.244.200.0/24"));
        IpAddress gateway = IpAddress.parse("10.244.200.0");
        Route route = new Route.Unicast(TUNNEL, Optional.of(gateway), true, Optional.empty(), OptionalInt.empty());
        KernelPlan plan = plan(1).with(Tables.ROUTES, one(elsewhere, route));
        reconciler.reconcile(plan);
        int before = kernel.neighbours.deltas.size();
        KernelPlan without = plan.with(Tables.ADDRESSES, PersistentMap.empty());
        assertThat(reconciler.reconcile(without)).isTrue();
        assertThat(kernel.neighbours.deltas)
                .as("they went with the last address")
                .hasSizeGreaterThan(before);
        assertFollows(without);
    }

    @Test
    void soItIsWhenAnAddressIsSetRight() {
        KernelPlan plan = plan(1);
        reconciler.reconcile(plan);
        kernel.addresses.contents.replaceAll((_, _) -> new InterfaceAddress(32, false));
        reconciler.note(Set.of(Subject.ADDRESS));
        assertThat(reconciler.reconcile(plan)).isTrue();
        assertFollows(plan);
    }

    @Test
    void aLinkThatIsMadeAnewTakesEverythingOnItAlong() {
        KernelPlan plan = plan(1);
        reconciler.reconcile(plan);
        kernel.links.contents.put(TUNNEL, new Link.Foreign("dummy"));
        reconciler.note(Set.of(Subject.LINK));
        assertThat(reconciler.reconcile(plan)).isTrue();
        assertFollows(plan);
    }

    @Test
    void anOrdinaryChangeReadsNothing() {
        reconciler.reconcile(plan(1));
        KernelPlan plan = plan(1);
        RouteKey more = new RouteKey(Prefix.parse("10.244.7.0/24"));
        KernelPlan other = plan.with(Tables.ROUTES, plan.table(Tables.ROUTES).with(more, new Route.Unreachable()));
        reconciler.reconcile(other);
        reconciler.reconcile(plan);
        assertThat(List.of(kernel.routes.lists, kernel.neighbours.lists, kernel.addresses.lists, kernel.nft.lists))
                .containsOnly(1);
    }

    @Test
    void oneTableThatFailsKeepsNoOtherFromBeingRightAndIsNamed() {
        kernel.fdb.refuse(new KernelException("RTM_NEWNEIGH", Errno.ENOBUFS, ""));
        assertThat(reconciler.reconcile(plan(1))).isFalse();
        assertThat(reconciler.refusal()).contains("fdb: RTM_NEWNEIGH: ENOBUFS");
        assertThat(reconciler.refusal(Tables.ROUTES)).isEmpty();
        assertThat(reconciler.refusal(Tables.FDB, (key, _) -> !key.link().equals(TUNNEL)))
                .as("no other entry is concerned")
                .isEmpty();
        assertThat(kernel.routes.contents)
                .isEqualTo(plan(1).table(Tables.ROUTES).sorted());
        assertThat(reconciler.isInDoubt())
                .as("to be tried again after a while, not at once")
                .isFalse();
        assertThat(reconciler.reconcile(plan(1))).isTrue();
        assertFollows(plan(1));
    }

    /** With 5,000 nodes, a change would wait for the sum of all reads if all tables were read in one round. */
    @Test
    void aLookAtEverythingReadsOneTableInARound() {
        KernelPlan plan = plan(1);
        reconciler.reconcile(plan);
        kernel.routes.contents.clear();
        kernel.fdb.contents.clear();
        kernel.nft.contents.clear();
        reconciler.suspectAll();
        int rounds = 0;
        while (reconciler.isLooking() || reconciler.isInDoubt()) {
            int before = lists();
            reconciler.look(0);
            assertThat(reconciler.reconcile(plan)).isTrue();
            assertThat(lists() - before).isLessThanOrEqualTo(1);
            rounds++;
        }
        assertThat(rounds).isEqualTo(kernel.tables().size());
        assertFollows(plan);
    }

    private int lists() {
        return kernel.links.lists
                + kernel.addresses.lists
                + kernel.nft.lists
                + kernel.sysctls.lists
                + kernel.neighbours.lists
                + kernel.fdb.lists
                + kernel.routes.lists;
    }

    @Test
    void settingsOfWhichTheKernelTellsNothingAreSeenByReading() {
        reconciler.reconcile(plan(1));
        reconciler.poll();
        assertThat(reconciler.isInDoubt()).isFalse();
        kernel.sysctls.contents.replaceAll((_, _) -> "0");
        reconciler.poll();
        assertThat(reconciler.isInDoubt()).isTrue();
        reconciler.reconcile(plan(1));
        assertFollows(plan(1));
    }

    private static final TableId<String, Integer> MADE_UP = TableId.<String, Integer>named("made-up")
            .writtenAfter(Tables.ADDRESSES)
            .losingWith(Tables.LINKS)
            .inDoubtAfter(new Subject("made-up"));

    /** A table that no product class knows, in the order that its identifier asks for. */
    @Test
    void aTableIsAddedByItsIdentifierAlone() {
        FakeTable<String, Integer> added = new FakeTable<>(MADE_UP);
        FakeKernel larger = new FakeKernel(added);
        NodeReconciler all = new NodeReconciler(larger, seen::add);
        KernelPlan plan = plan(1).with(MADE_UP, one("entry", 7));
        assertThat(all.reconcile(plan)).isTrue();
        assertThat(added.contents).isEqualTo(Map.of("entry", 7));
        assertThat(TableId.inOrder(larger.tables()))
                .containsSubsequence(Tables.ADDRESSES, MADE_UP)
                .containsSubsequence(Tables.NFT, Tables.ROUTES);

        added.contents.clear();
        all.note(Set.of(new Subject("made-up")));
        assertThat(all.reconcile(plan)).isTrue();
        assertThat(added.contents).as("repaired after its event").hasSize(1);

        larger.links.afterwards = _ -> added.contents.clear();
        larger.links.contents.put(TUNNEL, new Link.Foreign("dummy"));
        all.note(Set.of(Subject.LINK));
        assertThat(all.reconcile(plan)).isTrue();
        assertThat(added.contents).as("repaired after a change of ours").hasSize(1);

        assertThat(all.reconcile(plan(1))).isTrue();
        assertThat(added.contents).isEmpty();
    }

    @Test
    void aPlanForATableThatTheKernelDoesNotHaveIsRefused() {
        KernelPlan plan = plan(1).with(MADE_UP, one("entry", 7));
        assertThatThrownBy(() -> reconciler.reconcile(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("this kernel has no table made-up");
        assertThat(kernel.changes).isEmpty();
    }

    @Test
    void everyEventConcernsATable() {
        for (Subject subject :
                List.of(Subject.LINK, Subject.ADDRESS, Subject.ROUTE, Subject.NEIGHBOUR, Subject.NFT, Subject.SYSCTL)) {
            assertThat(kernel.tables()).anyMatch(table -> table.doubtfulAfter().contains(subject));
        }
    }
}
