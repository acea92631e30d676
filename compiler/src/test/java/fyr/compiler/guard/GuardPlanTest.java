package fyr.compiler.guard;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.routing.Overlay;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Tracer;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardPlanTest {

    private static final int STEPS = 300;
    private static final String POD_LINK = "fyr0123456789ab";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyRoadLeadsToTheSamePlan(long seed) {
        RandomGuards guards = new RandomGuards(seed);
        GuardPlan plan = GuardPlan.empty(RandomGuards.IDENTITY);
        for (int step = 0; step < STEPS; step++) {
            guards.step();
            plan = guards.next(plan);
            GuardPlan fresh = guards.next(GuardPlan.empty(RandomGuards.IDENTITY));
            assertThat(plan.objects().sorted())
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(fresh.objects().sorted());
        }
    }

    /** The kernel's interval maps give the same result for an address as a search through all nodes. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void anInnerSourceBelongsToTheNodeOfTheBlock(long seed) {
        RandomGuards guards = new RandomGuards(seed);
        GuardPlan plan = GuardPlan.empty(RandomGuards.IDENTITY);
        for (int step = 0; step < STEPS; step++) {
            guards.step();
            plan = guards.next(plan);
            for (String source : List.of(
                    "10.244.1.5",
                    "10.244.1.128",
                    "10.244.1.129",
                    "10.244.7.255",
                    "10.244.8.0",
                    "11.0.0.0",
                    "255.255.255.255",
                    "fd00:10:244:1::",
                    "fd00:10:244:1::1",
                    "fd00:10:244:2::1",
                    "::",
                    "ffff::1")) {
                IpAddress address = IpAddress.parse(source);
                assertThat(owner(plan, address))
                        .as("seed %d, step %d, %s", seed, step, source)
                        .isEqualTo(expectedOwner(guards.nodes(), address));
            }
        }
    }

    private static Optional<IpAddress> expectedOwner(PersistentMap<String, Node> nodes, IpAddress address) {
        return nodes.sorted().values().stream()
                .filter(node -> node.podCidrs().stream().anyMatch(block -> block.contains(address)))
                .findFirst()
                .flatMap(Overlay::endpoint);
    }

    private static Optional<IpAddress> owner(GuardPlan plan, IpAddress address) {
        Bytes wanted = Bytes.of(address.toBytes());
        Optional<IpAddress> owner = Optional.empty();
        for (Map.Entry<NftKey, NftObject> entry : plan.objects()) {
            if (entry.getKey() instanceof NftKey.ElementKey(Family family, String set, Bytes first)
                    && set.equals(TunnelRuleset.blocks(address.family()))
                    && entry.getValue() instanceof NftObject.Element(Optional<Bytes> last, NftData.Value(Bytes value))
                    && first.compareTo(wanted) <= 0
                    && last.orElseThrow().compareTo(wanted) >= 0) {
                assertThat(owner).as("intervals do not overlap").isEmpty();
                owner = Optional.of(IpAddress.of(value.slice(4, value.length()).toArray()));
                assertThat(owner.get().family()).isEqualTo(family);
            }
        }
        return owner;
    }

    private static GuardPlan onePod() {
        Attachment pod = new Attachment(
                "c",
                "eth0",
                POD_LINK,
                MacAddress.local(1),
                List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00:10:244:1::5")),
                new NamespacedName("default", "pod"));
        return GuardPlan.empty(RandomGuards.IDENTITY).next(inputs(pod));
    }

    @ParameterizedTest
    @CsvSource({
        "fyr0123456789ab, 10.244.1.5, true",
        "fyr0123456789ab, fd00:10:244:1::5, true",
        "fyr0123456789ab, 10.244.1.6, false",
        "fyr0123456789ab, 0.0.0.0, false",
        "fyr0123456789ab, 127.0.0.1, false",
        "fyr0123456789ab, 172.18.0.11, false",
        "fyr0123456789ab, fd00:10:244:1::6, false",
        "fyr0123456789ab, ::, false",
        "fyr0123456789ab, fe80::1, false",
        "fyr0123456789ac, 10.244.1.5, false",
        "fyr0123456789ac, 10.244.1.6, false",
        "fyr0123456789ac, fd00:10:244:1::5, false",
        "fyr-vxlan, 10.244.1.5, false",
        "fyr-vxlan, 10.244.1.6, true",
        "fyr-vxlan, fd00:10:244:2::5, true",
        "eth0, 10.244.1.5, false",
        "eth0, fd00:10:244:1::5, false",
        "eth0, 192.0.2.1, true",
        "eth0, fe80::1, true",
        "eth0, ::, true",
        "lo, 127.0.0.1, true",
        "docker0, 172.17.0.2, true"
    })
    void aPacketHasAnAddressOfThePodWhoseLinkItEntersBy(String link, String source, boolean passes) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(from.family() == Family.IPV4 ? "10.244.1.7" : "fd00:10:244:1::7");
        Packet packet = Packet.first(from, to, 17, 1000, 2000).through(link, "");
        for (Packet each : List.of(packet, packet.in(Packet.ESTABLISHED))) {
            assertThat(new Tracer(onePod().objects(), new SplittableRandom(1))
                            .trace(NftHook.Point.PREROUTING, each)
                            .passed())
                    .isEqualTo(passes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "eth0, 10.244.2.5, true",
        "eth0, 10.244.3.5, false",
        "eth0, fd00:10:244:3::5, false",
        "docker0, 10.244.3.5, false",
        "lo, 10.244.3.5, false",
        "fyr-vxlan, 10.244.3.5, true",
        "fyr-vxlan, fd00:10:244:3::5, true",
        "eth0, 172.19.0.13, true",
    })
    void whatIsBehindTheTunnelComesByTheTunnel(String link, String source, boolean passes) {
        PersistentMap<String, Node> nodes = nodes(
                node("node1", "172.18.0.11", "10.244.1.0/24"),
                node("node2", "172.18.0.12", "10.244.2.0/24"),
                node("node3", "172.19.0.13", "10.244.3.0/24", "fd00:10:244:3::/64"));
        assertThat(passes(next(GuardPlan.empty(RandomGuards.IDENTITY), nodes), link, source))
                .isEqualTo(passes);
    }

    /** The subnet that counts is the one of our own address, so that the other node comes to the same conclusion. */
    @Test
    void whetherItIsBehindTheTunnelDependsOnThisNodeToo() {
        PersistentMap<String, Node> before =
                nodes(node("node1", "172.18.0.11", "10.244.1.0/24"), node("node2", "172.18.0.12", "10.244.2.0/24"));
        GuardPlan plan = next(GuardPlan.empty(RandomGuards.IDENTITY), before);
        assertThat(passes(plan, "eth0", "10.244.2.5")).isTrue();
        PersistentMap<String, Node> after = before.with("node1", node("node1", "172.20.0.11", "10.244.1.0/24"));
        GuardPlan moved = next(plan, after);
        assertThat(passes(moved, "eth0", "10.244.2.5")).isFalse();
        assertThat(moved.objects().sorted())
                .isEqualTo(next(GuardPlan.empty(RandomGuards.IDENTITY), after)
                        .objects()
                        .sorted());
    }

    private static Node node(String name, String address, String... blocks) {
        return new Node(
                name,
                List.of(IpAddress.parse(address)),
                Stream.of(blocks).map(Prefix::parse).toList());
    }

    private static PersistentMap<String, Node> nodes(Node... nodes) {
        return PersistentMap.of(Stream.of(nodes).collect(Collectors.toMap(Node::name, Function.identity())));
    }

    private static GuardPlan next(GuardPlan plan, PersistentMap<String, Node> nodes) {
        return plan.next(FeatureInputs.of(NodeInputs.of(RandomGuards.IDENTITY)
                .with(ClusterSnapshot.empty().withNodes(nodes))));
    }

    private static FeatureInputs inputs(Attachment pod) {
        return FeatureInputs.of(
                NodeInputs.of(RandomGuards.IDENTITY).withAttachments(PersistentMap.of(Map.of(pod.key(), pod))));
    }

    private static boolean passes(GuardPlan plan, String link, String source) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(from.family() == Family.IPV4 ? "10.244.1.7" : "fd00:10:244:1::7");
        return new Tracer(plan.objects(), new SplittableRandom(1))
                .trace(
                        NftHook.Point.PREROUTING,
                        Packet.first(from, to, 17, 1000, 2000).through(link, ""))
                .passed();
    }

    @Test
    void aPodsPacketIsDecidedByTheFirstRule() {
        Packet packet = Packet.first(IpAddress.parse("10.244.1.5"), IpAddress.parse("10.244.1.7"), 6, 1000, 2000)
                .through(POD_LINK, "");
        assertThat(new Tracer(onePod().objects(), new SplittableRandom(1))
                        .trace(NftHook.Point.PREROUTING, packet)
                        .steps())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "eth0, 172.18.0.12, 172.18.0.11, 4789, true",
        "eth0, 172.18.0.12, 172.18.0.11, 4790, false",
        "eth0, 172.18.0.99, 172.18.0.11, 4789, false",
        "eth0, 172.18.0.11, 172.18.0.11, 4789, false",
        "eth0, 172.18.0.12, 10.96.0.1, 4789, false",
        "eth1, 172.18.0.12, 172.18.0.11, 4789, false",
        "fyr-vxlan, 172.18.0.12, 172.18.0.11, 4789, false",
    })
    void onlyPacketsBetweenTunnelsAreNotTracked(
            String link, String source, String destination, int port, boolean untracked) {
        GuardPlan plan = next(
                GuardPlan.empty(RandomGuards.IDENTITY),
                nodes(node("node1", "172.18.0.11", "10.244.1.0/24"), node("node2", "172.18.0.12", "10.244.2.0/24")));
        Packet packet = Packet.first(IpAddress.parse(source), IpAddress.parse(destination), 17, 1000, port)
                .through(link, "");
        assertThat(new Tracer(plan.objects(), new SplittableRandom(1))
                        .trace(NftHook.Point.PREROUTING, packet)
                        .packet()
                        .tracked())
                .isEqualTo(!untracked);
    }

    @ParameterizedTest
    @CsvSource({"172.18.0.12, 4789, true", "172.18.0.12, 4790, false", "172.18.0.99, 4789, false"})
    void onlyPacketsToOtherTunnelsAreNotTracked(String destination, int port, boolean untracked) {
        GuardPlan plan = next(
                GuardPlan.empty(RandomGuards.IDENTITY),
                nodes(node("node1", "172.18.0.11", "10.244.1.0/24"), node("node2", "172.18.0.12", "10.244.2.0/24")));
        Packet packet = Packet.first(IpAddress.parse("172.18.0.11"), IpAddress.parse(destination), 17, 1000, port)
                .through("", "eth0");
        assertThat(new Tracer(plan.objects(), new SplittableRandom(1))
                        .trace(NftHook.Point.OUTPUT, packet)
                        .packet()
                        .tracked())
                .isEqualTo(!untracked);
    }

    /** An address that passes from one attachment to another in one step still belongs to a pod. */
    @Test
    void anAddressPassesToAnotherPod() {
        GuardPlan two = onePod();
        Attachment other = new Attachment(
                "d",
                "eth0",
                "fyr0123456789ad",
                MacAddress.local(2),
                List.of(IpAddress.parse("10.244.1.5")),
                new NamespacedName("default", "other"));
        GuardPlan one = two.next(inputs(other));
        Packet forged = Packet.first(IpAddress.parse("10.244.1.5"), IpAddress.parse("10.244.1.7"), 6, 1000, 2000)
                .through("eth0", "");
        assertThat(new Tracer(one.objects(), new SplittableRandom(1))
                        .trace(NftHook.Point.PREROUTING, forged)
                        .passed())
                .isFalse();
        assertThat(new Tracer(one.objects(), new SplittableRandom(1))
                        .trace(NftHook.Point.PREROUTING, forged.through("fyr0123456789ad", ""))
                        .passed())
                .isTrue();
    }
}
