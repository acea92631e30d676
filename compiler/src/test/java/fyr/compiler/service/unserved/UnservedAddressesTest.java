package fyr.compiler.service.unserved;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodeFeatures;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceCidr;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.ServiceSketch;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ranges and addresses are in the sets; the cases of services say what the rules make of them. */
class UnservedAddressesTest {

    private static final NodeIdentity SELF = new NodeIdentity(
                    "self",
                    new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
                    NodeIdentity.Overlay.AUTO,
                    List.of(IpAddress.parse("10.96.0.10")),
                    List.of())
            .withNeeded(List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("203.0.113.53")))
            .withApiServer(Optional.of(IpAddress.parse("10.96.0.1")));

    private static final ClusterSnapshot NODES = ClusterSketch.empty()
            .node("self", List.of("172.18.0.11"), List.of("10.244.1.0/24"))
            .node("other", List.of("172.19.0.12"), List.of("10.244.2.0/24"))
            .snapshot();

    private static ClusterSnapshot with(ClusterSnapshot cluster, String name, String... prefixes) {
        return cluster.withServiceCidrs(cluster.serviceCidrs()
                .with(
                        name,
                        new ServiceCidr(
                                name, Stream.of(prefixes).map(Prefix::parse).toList())));
    }

    private static NodePlan plan(ClusterSnapshot cluster, Optional<NodePlan> previous) {
        return Compiler.compile(NodeInputs.of(SELF).with(cluster), previous);
    }

    private static PersistentMap<NftKey, NftObject> objects(NodePlan plan) {
        return plan.features().get(NodeFeatures.UNSERVED).objects();
    }

    private static List<String> elements(NodePlan plan, String set) {
        return objects(plan).sorted().keySet().stream()
                .filter(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(set))
                .map(NftKey::toString)
                .toList();
    }

    @Test
    void aRangeWithinAnotherSaysNothingMore() {
        NodePlan wide = plan(with(NODES, "kubernetes", "10.96.0.0/12", "fd00:96::/112"), Optional.empty());
        NodePlan both = plan(
                with(with(NODES, "kubernetes", "10.96.0.0/12", "fd00:96::/112"), "more", "10.96.1.0/24"),
                Optional.of(wide));
        assertThat(elements(both, UnservedRuleset.RANGES)).hasSize(2).isEqualTo(elements(wide, UnservedRuleset.RANGES));
    }

    /** Its hosts would be cut off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "172.18.0.64/26",
                "172.0.0.0/8",
                "10.244.2.128/25",
                "10.0.0.0/8",
                "172.19.0.12/32",
                "203.0.113.0/24",
                "127.0.0.0/8",
                "::/0"
            })
    void aRangeInWhichOthersLieHasNoEffectAndIsNamed(String range) {
        NodePlan plan = plan(with(NODES, "odd", "10.96.0.0/16", range), Optional.empty());
        assertThat(elements(plan, UnservedRuleset.RANGES)).hasSize(1);
        assertThat(plan.complaints().stream()
                        .flatMap(all -> all.sorted().values().stream())
                        .flatMap(List::stream)
                        .map(Complaint::text))
                .singleElement()
                .asString()
                .startsWith("ServiceCIDR odd: spec.cidrs[1]: " + Prefix.parse(range) + " is ");
    }

    /** Services share addresses, come and go, and so do ranges. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theSameStateGivesTheSameRulesByAnyRoad(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ClusterSnapshot cluster = NODES;
        NodePlan plan = plan(cluster, Optional.empty());
        for (int i = 0; i < 150; i++) {
            cluster = random.nextInt(4) == 0 ? otherRange(cluster, random) : otherService(cluster, random);
            plan = plan(cluster, Optional.of(plan));
            assertThat(objects(plan)).isEqualTo(objects(plan(cluster, Optional.empty())));
        }
    }

    private static ClusterSnapshot otherRange(ClusterSnapshot cluster, SplittableRandom random) {
        String name = "range" + random.nextInt(3);
        return random.nextBoolean()
                ? cluster.withServiceCidrs(cluster.serviceCidrs().without(name))
                : with(cluster, name, "10." + (96 + random.nextInt(3)) + ".0.0/" + (12 + random.nextInt(10)));
    }

    private static ClusterSnapshot otherService(ClusterSnapshot cluster, SplittableRandom random) {
        int number = random.nextInt(5);
        NamespacedName name = new NamespacedName("default", "s" + number);
        if (random.nextInt(3) == 0) {
            return cluster.withServices(cluster.services().without(name));
        }
        ServiceTraffic traffic = new ServiceTraffic(
                Policy.CLUSTER,
                Policy.CLUSTER,
                Optional.empty(),
                List.of(),
                List.of(IpAddress.parse("198.51.100." + random.nextInt(3))),
                List.of());
        Service service = ServiceSketch.service(
                name,
                traffic,
                List.of(IpAddress.parse("10.96.0." + (20 + number))),
                new Service.Port("p", Protocol.TCP, 80 + number, 0));
        return cluster.withServices(cluster.services().with(name, service));
    }
}
