package fyr.compiler.service.nft;

import static fyr.model.ServiceTraffic.Policy.CLUSTER;
import static fyr.model.ServiceTraffic.Policy.LOCAL;
import static fyr.model.ServiceTraffic.USUAL;
import static fyr.testkit.ServiceSketch.CLUSTER_IP;
import static fyr.testkit.ServiceSketch.WEB;
import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.policies;
import static fyr.testkit.ServiceSketch.ready;
import static fyr.testkit.ServiceSketch.service;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.link.HostLink;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.ServiceSketch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the table becomes elements, and what is said of what does not. */
class ServiceRulesTest {

    private static final ServiceTable NOTHING = ServiceTable.empty("self", List.of());
    private static final EndpointSlice.Endpoint LOCAL_ONE = ready("10.244.1.1", Locality.of("self", "a"));
    private static final EndpointSlice.Endpoint REMOTE_ONE = ready("10.244.2.1", Locality.of("other", "b"));

    private static ServiceRules rules(ClusterSketch cluster) {
        return ServiceRules.empty(NOTHING).next(NOTHING.next(cluster.snapshot()));
    }

    private static long elements(ServiceRules rules, String set) {
        return rules.objects()
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(set))
                .size();
    }

    @Test
    void theUsualServiceIsRenderedInFull() {
        ServiceRules rules = rules(cluster(USUAL, LOCAL_ONE, REMOTE_ONE));
        assertThat(rules.shortfalls().isEmpty()).isTrue();
        assertThat(elements(rules, "cluster-ips")).isEqualTo(1);
        assertThat(elements(rules, "services")).isEqualTo(1);
        assertThat(elements(rules, "backends")).isEqualTo(2);
        assertThat(elements(rules, "own-node-ports")).isEqualTo(1);
        assertThat(elements(rules, "node-ports")).isEqualTo(1);
        assertThat(elements(rules, "node-port-backends")).isEqualTo(2);
    }

    @Test
    void withoutEndpointsOnlyTheFrontendsRemainAndAreRefused() {
        ServiceRules rules = rules(cluster(USUAL));
        assertThat(rules.shortfalls().isEmpty()).isTrue();
        assertThat(elements(rules, "cluster-ips")).isEqualTo(1);
        assertThat(elements(rules, "own-node-ports")).isEqualTo(1);
        assertThat(elements(rules, "services") + elements(rules, "backends")).isZero();
        assertThat(elements(rules, "node-ports") + elements(rules, "node-port-backends"))
                .isZero();
    }

    @Test
    void theServiceOfAnotherProxyAndNoServiceAreNoRules() {
        Service theirs = new Service(
                WEB,
                0,
                Service.Type.CLUSTER_IP,
                List.of(CLUSTER_IP),
                Optional.empty(),
                false,
                true,
                List.of(new Service.Port("http", Protocol.TCP, 80, 0)));
        assertThat(rules(cluster(theirs)).objects())
                .isEqualTo(rules(ClusterSketch.empty().node(ServiceSketch.self("a")))
                        .objects());
    }

    @Test
    void whatNobodyOfTheNodeCanTakeIsDropped() {
        ServiceRules rules = rules(cluster(policies(LOCAL, CLUSTER), REMOTE_ONE));
        assertThat(verdicts(rules, "services")).containsExactly(new NftVerdict.Drop());
        assertThat(elements(rules, "backends")).isZero();
        assertThat(elements(rules(cluster(policies(LOCAL, CLUSTER))), "services"))
                .as("nobody anywhere: refused")
                .isZero();
    }

    @Test
    void onlyServicesThatLeadTheNodesOwnConnectionsElsewhereHaveElementsForThem() {
        ServiceRules rules = rules(cluster(policies(CLUSTER, LOCAL), LOCAL_ONE, REMOTE_ONE));
        assertThat(elements(rules, "backends-here")).isZero();
        assertThat(elements(rules, "node-port-backends")).isEqualTo(1);
        assertThat(elements(rules, "node-port-backends-here")).isEqualTo(2);
        assertThat(elements(rules, "masqueraded-node-ports")).isZero();
        ServiceRules alike = rules(cluster(policies(CLUSTER, LOCAL), LOCAL_ONE));
        assertThat(elements(alike, "node-port-backends-here")).isZero();
        assertThat(elements(rules(cluster(USUAL, LOCAL_ONE)), "masqueraded-node-ports"))
                .isEqualTo(1);
    }

    private static List<NftVerdict> verdicts(ServiceRules rules, String set) {
        return rules
                .objects()
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(set))
                .values()
                .stream()
                .map(object -> ((NftData.Verdict) ((NftObject.Element) object).data()).verdict())
                .toList();
    }

    private static ServiceTraffic traffic(Optional<Duration> affinity, List<Prefix> sourceRanges) {
        return new ServiceTraffic(
                CLUSTER,
                CLUSTER,
                affinity,
                List.of(IpAddress.parse("203.0.113.1")),
                List.of(IpAddress.parse("203.0.113.2")),
                sourceRanges);
    }

    @Test
    void externalAddressesAreServedAndMasqueraded() {
        ServiceRules rules = rules(cluster(traffic(Optional.empty(), List.of()), LOCAL_ONE));
        assertThat(elements(rules, "external-frontends")).isEqualTo(2);
        assertThat(elements(rules, "masqueraded")).isEqualTo(2);
        assertThat(elements(rules, "services")).isEqualTo(3);
        assertThat(elements(rules, "restricted")).isZero();
    }

    @Test
    void rangesThatLieInOthersAreLeftOut() {
        List<Prefix> ranges =
                List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("198.51.100.0/24"), Prefix.parse("10.0.0.0/8"));
        ServiceRules rules = rules(cluster(traffic(Optional.empty(), ranges), LOCAL_ONE));
        assertThat(elements(rules, "restricted")).isEqualTo(1);
        assertThat(elements(rules, "allowed-sources")).isEqualTo(2);
        ServiceRules others = rules(cluster(traffic(Optional.empty(), List.of(Prefix.parse("fd00::/8"))), LOCAL_ONE));
        assertThat(elements(others, "restricted")).as("nobody of this family").isEqualTo(1);
        assertThat(elements(others, "allowed-sources")).isZero();
    }

    @Test
    void eachTimeoutHasAChainAsLongAsSomeServiceHasIt() {
        ServiceRules none = rules(cluster(USUAL, LOCAL_ONE));
        ServiceRules some = none.next(none.table()
                .next(cluster(traffic(Optional.of(Duration.ofHours(3)), List.of()), LOCAL_ONE, REMOTE_ONE)
                        .snapshot()));
        NftKey chain = new NftKey.ChainKey(Family.IPV4, "remember-10800s");
        assertThat(some.objects().containsKey(chain)).isTrue();
        assertThat(elements(some, "affinity-timeouts")).isEqualTo(3);
        assertThat(elements(some, "affinity-timeouts-node-port")).isEqualTo(1);
        assertThat(elements(some, "affine-backends")).isEqualTo(6);
        assertThat(some.next(none.table()).objects()).isEqualTo(none.objects());
    }

    private static ServiceRules withNodePorts(ServiceOptions.NodePorts nodePorts) {
        ServiceOptions options = new ServiceOptions(nodePorts, false, new ServiceOptions.LocalTraffic.NodeBlocks());
        ServiceTable table = ServiceTable.empty(new NodeIdentity(
                        "self", new HostLink("eth0", 1500, List.of()), NodeIdentity.Overlay.AUTO, List.of(), List.of())
                .withServices(options));
        return ServiceRules.empty(table)
                .next(table.next(cluster(USUAL, LOCAL_ONE).snapshot()));
    }

    /** As in kube-proxy, a family of which nothing is said has node ports at all addresses. */
    @Test
    void someAddressesHaveNodePorts() {
        assertThat(elements(withNodePorts(new ServiceOptions.NodePorts.Everywhere()), "node-port-addresses"))
                .isZero();
        ServiceRules primary = withNodePorts(new ServiceOptions.NodePorts.At(true, List.of()));
        assertThat(ranges(primary))
                .containsExactly("172.18.0.10 to 172.18.0.10", ":: to " + "ffff:".repeat(7) + "ffff");
        ServiceRules prefixes = withNodePorts(new ServiceOptions.NodePorts.At(
                false, List.of(Prefix.parse("fd00::/8"), Prefix.parse("fd00:1::/32"), Prefix.parse("10.0.0.0/8"))));
        assertThat(ranges(prefixes))
                .containsExactly("10.0.0.0 to 10.255.255.255", "fd00:: to fdff:" + "ffff:".repeat(6) + "ffff");
    }

    private static List<String> ranges(ServiceRules rules) {
        List<String> ranges = new ArrayList<>();
        rules.objects().sorted().forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey element && element.set().equals("node-port-addresses")) {
                ranges.add(IpAddress.of(element.key().toArray()) + " to "
                        + IpAddress.of(((NftObject.Element) object)
                                .last()
                                .orElseThrow()
                                .toArray()));
            }
        });
        return ranges;
    }

    @Test
    void theNumberOfChainsAndRulesIsConstant() {
        ServiceRules many = rules(cluster(traffic(Optional.empty(), List.of()), LOCAL_ONE, REMOTE_ONE));
        assertThat(structure(many))
                .isEqualTo(structure(rules(ClusterSketch.empty())))
                .isLessThan(400);
    }

    private static long structure(ServiceRules rules) {
        return rules.objects()
                .sorted(key -> !(key instanceof NftKey.ElementKey))
                .size();
    }

    /** An address may pass from one service to another in one step, and what they share must not be lost. */
    @Test
    void anAddressPassesToAnotherService() {
        NamespacedName heir = new NamespacedName("default", "heir");
        ServiceRules before = rules(cluster(USUAL, LOCAL_ONE));
        ClusterSketch inherited = ClusterSketch.empty()
                .node(ServiceSketch.self("a"))
                .service(service(heir, USUAL, List.of(CLUSTER_IP), new Service.Port("http", Protocol.TCP, 80, 30080)));
        ServiceRules after = before.next(before.table().next(inherited.snapshot()));
        assertThat(after.objects()).isEqualTo(rules(inherited).objects());
    }

    /** A modulus that is too small leaves endpoints idle; one that is too large leaves connections without any. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 65, 300})
    void theChainThatAFrontendLeadsToPicksOneOfItsSlots(int endpoints) {
        List<IpAddress> addresses = List.of(CLUSTER_IP, IpAddress.parse("fd00:96::1"));
        ClusterSketch cluster = cluster(
                        service(WEB, USUAL, addresses, new Service.Port("http", Protocol.TCP, 80, 30080)))
                .endpoints("web", Family.IPV4, 8080, addresses("10.244.0.1", endpoints))
                .endpoints("web", Family.IPV6, 8080, addresses("fd00:244::1", endpoints));
        NftRules rules = new NftRules(rules(cluster).objects());
        for (Family family : Family.values()) {
            assertThat(rules.elements(family, "backends")).isEqualTo(endpoints);
            assertThat(rules.slotsPicked(family, "services", "backends")).isEqualTo(ServiceTier.of(endpoints));
            assertThat(rules.elements(family, "node-port-backends")).isEqualTo(endpoints);
            assertThat(rules.slotsPicked(family, "node-ports", "node-port-backends"))
                    .isEqualTo(ServiceTier.of(endpoints));
        }
    }

    private static String[] addresses(String first, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> IpAddress.parse(first).plus(i).toString())
                .toArray(String[]::new);
    }

    /** The objects as a packet meets them. */
    private record NftRules(PersistentMap<NftKey, NftObject> objects) {

        long elements(Family family, String set) {
            return elementsOf(family, set).count();
        }

        private Stream<NftObject.Element> elementsOf(Family family, String set) {
            return objects
                    .sorted(key -> key instanceof NftKey.ElementKey element
                            && element.family() == family
                            && element.set().equals(set))
                    .values()
                    .stream()
                    .map(NftObject.Element.class::cast);
        }

        /** Follows the only verdict of a map to its chain, which must look the slot up in that other map. */
        int slotsPicked(Family family, String verdicts, String backends) {
            NftObject.Element element = elementsOf(family, verdicts)
                    .reduce((_, _) -> {
                        throw new AssertionError("two verdicts in " + verdicts);
                    })
                    .orElseThrow();
            NftVerdict verdict = ((NftData.Verdict) element.data()).verdict();
            NftKey chain = new NftKey.ChainKey(family, ((NftVerdict.Goto) verdict).chain());
            List<NftExpression> steps = ((NftObject.Chain) objects.get(chain).orElseThrow())
                    .rules().stream()
                            .flatMap(rule -> rule.expressions().stream())
                            .toList();
            assertThat(steps)
                    .anyMatch(step -> step instanceof NftExpression.MapLookup lookup
                            && lookup.map().equals(backends));
            assertThat(objects.containsKey(new NftKey.SetKey(family, backends))).isTrue();
            assertThat(objects.containsKey(new NftKey.SetKey(family, verdicts))).isTrue();
            return steps.stream()
                    .flatMap(step ->
                            step instanceof NftExpression.Random random ? Stream.of(random.modulus()) : Stream.empty())
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The plans share what did not change. */
    @Test
    void unchangedElementsAreTheSameInstances() {
        ServiceRules before = rules(cluster(USUAL, LOCAL_ONE, REMOTE_ONE));
        ServiceRules after = before.next(before.table()
                .next(cluster(USUAL, LOCAL_ONE, ready("10.244.2.2", Locality.unknown()))
                        .snapshot()));
        long same = before.objects().sorted().entrySet().stream()
                .filter(entry -> after.objects().get(entry.getKey()).stream()
                        .anyMatch((NftObject object) -> object == entry.getValue()))
                .count();
        assertThat(same).isGreaterThanOrEqualTo(before.objects().size() - 4);
    }
}
