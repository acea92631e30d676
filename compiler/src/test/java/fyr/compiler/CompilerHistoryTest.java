package fyr.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.claim.Granted;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.ClusterSnapshot;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.RandomHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 1 for all features at once, with objects that claim the same things and objects with false values. */
class CompilerHistoryTest {

    private static final int STEPS = 400;
    private static final Node SELF = new Node(
            RandomHistory.SELF,
            2,
            List.of(IpAddress.parse("172.18.0.10"), IpAddress.parse("fd00:18::10")),
            List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:10:244:1::/64")));

    private static NodeIdentity identity(Overlay overlay) {
        HostLink uplink =
                new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"), Prefix.parse("fd00:18::/64")));
        return new NodeIdentity(RandomHistory.SELF, uplink, overlay, List.of(IpAddress.parse("10.96.0.10")), List.of());
    }

    @ParameterizedTest(name = "seed {0}, hostile {1}, {2}")
    @CsvSource({
        "1,false,AUTO",
        "2,false,VXLAN",
        "3,false,DIRECT",
        "4,true,AUTO",
        "5,true,VXLAN",
        "6,true,AUTO",
        "7,true,DIRECT"
    })
    void everyHistoryLeadsToTheSamePlan(long seed, boolean hostile, Overlay overlay) {
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random, SELF, hostile);
        Optional<NodePlan> previous = Optional.empty();
        for (int step = 0; step < STEPS; step++) {
            history.step();
            if (random.nextInt(3) > 0) {
                NodePlan incremental = compile(history, overlay, previous);
                NodePlan fresh = compile(history, overlay, Optional.empty());
                assertSame(incremental, fresh, "step " + step);
                assertDisjoint(incremental.claims());
                previous = Optional.of(incremental);
            }
        }
    }

    private static final ClusterSketch GOOD = ClusterSketch.empty()
            .node("self", List.of("172.18.0.10", "fd00:18::10"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
            .node("near", List.of("172.18.0.12"), List.of("10.244.2.0/24"))
            .node("far", List.of("172.19.0.14"), List.of("10.244.3.0/24", "fd00:10:244:2::/64"))
            .service("good", 80, 30000, "10.96.0.9", "fd00:10:96::1")
            .endpoints("good", Family.IPV4, 8080, "10.244.2.5", "10.244.3.6");

    /** Whatever younger objects say. */
    @ParameterizedTest(name = "seed {0}, {1}")
    @CsvSource({"11,AUTO", "12,VXLAN", "13,DIRECT", "14,AUTO"})
    void nothingIsTakenFromOlderObjects(long seed, Overlay overlay) {
        KernelPlan good = compile(GOOD.snapshot(), overlay, Optional.empty()).kernel();
        RandomHistory history = new RandomHistory(new Random(seed), SELF, true);
        Optional<NodePlan> previous = Optional.empty();
        for (int step = 0; step < STEPS; step++) {
            history.step();
            NodePlan plan = compile(with(history.snapshot()), overlay, previous);
            assertKept(good.table(Tables.ROUTES), plan.kernel().table(Tables.ROUTES));
            assertKept(good.table(Tables.NEIGHBOURS), plan.kernel().table(Tables.NEIGHBOURS));
            assertKept(good.table(Tables.FDB), plan.kernel().table(Tables.FDB));
            assertKept(services(good), services(plan.kernel()));
            previous = Optional.of(plan);
        }
    }

    private static ClusterSnapshot with(ClusterSnapshot others) {
        return others.withNodes(others.nodes().withAll(GOOD.snapshot().nodes().sorted()))
                .withServices(
                        others.services().withAll(GOOD.snapshot().services().sorted()))
                .withEndpointSlices(others.endpointSlices()
                        .withAll(GOOD.snapshot().endpointSlices().sorted()));
    }

    private static PersistentMap<NftKey, NftObject> services(KernelPlan plan) {
        return PersistentMap.of(plan.table(Tables.NFT)
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().matches("services|(own-)?node-ports|(node-port-)?backends|cluster-ips")));
    }

    private static <K, V> void assertKept(PersistentMap<K, V> good, PersistentMap<K, V> all) {
        good.forEach((key, value) -> assertThat(all.get(key)).as("%s", key).contains(value));
    }

    private static NodePlan compile(ClusterSnapshot snapshot, Overlay overlay, Optional<NodePlan> previous) {
        return Compiler.compile(NodeInputs.of(identity(overlay)).with(snapshot), previous);
    }

    private static NodePlan compile(RandomHistory history, Overlay overlay, Optional<NodePlan> previous) {
        return Compiler.compile(
                NodeInputs.of(identity(overlay)).with(history.snapshot()).withAttachments(history.attachments()),
                previous);
    }

    /** Table by table, so that a failure names the entry. */
    private static void assertSame(NodePlan incremental, NodePlan fresh, String when) {
        KernelPlan one = incremental.kernel();
        KernelPlan two = fresh.kernel();
        assertThat(one.table(Tables.ROUTES).sorted())
                .as(when)
                .isEqualTo(two.table(Tables.ROUTES).sorted());
        assertThat(one.table(Tables.NEIGHBOURS).sorted())
                .as(when)
                .isEqualTo(two.table(Tables.NEIGHBOURS).sorted());
        assertThat(one.table(Tables.FDB).sorted())
                .as(when)
                .isEqualTo(two.table(Tables.FDB).sorted());
        assertThat(one.table(Tables.NFT).sorted())
                .as(when)
                .isEqualTo(two.table(Tables.NFT).sorted());
        assertThat(one).as(when).isEqualTo(two);
        assertThat(incremental.names()).as(when).isEqualTo(fresh.names());
        assertThat(incremental.claims().complaints())
                .as(when)
                .isEqualTo(fresh.claims().complaints());
    }

    private static void assertDisjoint(Granted granted) {
        List<Prefix> blocks = new ArrayList<>();
        granted.nodes().granted().forEach((_, node) -> blocks.addAll(node.podCidrs()));
        blocks.sort(null);
        for (int i = 1; i < blocks.size(); i++) {
            assertThat(blocks.get(i - 1).overlaps(blocks.get(i)))
                    .as("%s", blocks)
                    .isFalse();
        }
        assertThat(granted.nodes().granted().get(RandomHistory.SELF).orElseThrow())
                .isEqualTo(SELF);
    }
}
