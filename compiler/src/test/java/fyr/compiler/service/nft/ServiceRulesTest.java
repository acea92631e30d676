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

import fyr.compiler.service.ServiceTable;
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
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.ServiceSketch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    private static List<String> fields(ServiceRules rules) {
        return rules.shortfalls().get(WEB).orElse(List.of()).stream()
                .map(Complaint::field)
                .toList();
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
        ServiceRules none = ServiceRules.empty(NOTHING);
        Service theirs = new Service(
                WEB,
                0,
                Service.Type.CLUSTER_IP,
                List.of(CLUSTER_IP),
                Optional.empty(),
                false,
                true,
                List.of(new Service.Port("http", Protocol.TCP, 80, 0)));
        assertThat(rules(cluster(theirs)).objects()).isEqualTo(none.objects());
    }

    @Test
    void theInternalPolicyIsRenderedUntilConnectionsMustBeDropped() {
        ServiceRules rules = rules(cluster(policies(LOCAL, CLUSTER), LOCAL_ONE, REMOTE_ONE));
        assertThat(elements(rules, "backends")).isEqualTo(1);
        assertThat(elements(rules, "node-port-backends")).isEqualTo(2);
        assertThat(fields(rules)).isEmpty();
        ServiceRules remote = rules(cluster(policies(LOCAL, CLUSTER), REMOTE_ONE));
        assertThat(elements(remote, "backends")).isZero();
        assertThat(fields(remote)).containsExactly("spec.internalTrafficPolicy");
        assertThat(fields(rules(cluster(policies(LOCAL, CLUSTER)))))
                .as("nobody anywhere: refused, as it is meant")
                .isEmpty();
    }

    @Test
    void theExternalPolicyIsNotRenderedAndNamed() {
        ServiceRules rules = rules(cluster(policies(CLUSTER, LOCAL), LOCAL_ONE, REMOTE_ONE));
        assertThat(elements(rules, "node-port-backends")).isEqualTo(2);
        assertThat(fields(rules)).containsExactly("spec.externalTrafficPolicy");
        assertThat(fields(rules(cluster(policies(CLUSTER, LOCAL), LOCAL_ONE))))
                .as("the same endpoint, but it does not see the client")
                .containsExactly("spec.externalTrafficPolicy");
    }

    /** A part of a service's traffic that the rules cannot do. */
    private enum Part {
        AFFINITY("spec.sessionAffinity"),
        EXTERNAL_IPS("spec.externalIPs"),
        LOAD_BALANCER("status.loadBalancer");

        private final String field;

        Part(String field) {
            this.field = field;
        }

        ServiceTraffic traffic() {
            return new ServiceTraffic(
                    CLUSTER,
                    CLUSTER,
                    this == AFFINITY ? Optional.of(Duration.ofHours(3)) : Optional.empty(),
                    this == EXTERNAL_IPS ? List.of(IpAddress.parse("203.0.113.1")) : List.of(),
                    this == LOAD_BALANCER ? List.of(IpAddress.parse("203.0.113.2")) : List.of(),
                    List.of());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotRenderedIsNamedUntilItIsGone(Part part) {
        ServiceRules rules = rules(cluster(part.traffic(), LOCAL_ONE));
        assertThat(rules.objects())
                .as("the rest is served as usual")
                .isEqualTo(rules(cluster(USUAL, LOCAL_ONE)).objects());
        assertThat(fields(rules)).containsExactly(part.field);
        assertThat(rules.shortfalls().get(WEB).orElseThrow())
                .allMatch(complaint -> complaint.kind().equals("Service")
                        && complaint.name().equals("default/web")
                        && complaint.what().startsWith("is not supported yet: "));
        for (ClusterSketch without : List.of(cluster(USUAL, LOCAL_ONE), ClusterSketch.empty())) {
            assertThat(rules.next(rules.table().next(without.snapshot()))
                            .shortfalls()
                            .isEmpty())
                    .isTrue();
        }
    }

    @Test
    void sourceRangesAreNamedBesideTheAddressesThatTheyAreFor() {
        ServiceTraffic traffic = new ServiceTraffic(
                CLUSTER,
                CLUSTER,
                Optional.empty(),
                List.of(),
                List.of(IpAddress.parse("203.0.113.2")),
                List.of(Prefix.parse("198.51.100.0/24")));
        assertThat(fields(rules(cluster(traffic, LOCAL_ONE))))
                .containsExactly("spec.loadBalancerSourceRanges", "status.loadBalancer");
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
            assertThat(rules.slotsPicked(family, "services", "backends"))
                    .isEqualTo(rules.elements(family, "backends"))
                    .isGreaterThanOrEqualTo(endpoints);
            assertThat(rules.slotsPicked(family, "node-ports", "node-port-backends"))
                    .isEqualTo(rules.elements(family, "node-port-backends"))
                    .isGreaterThanOrEqualTo(endpoints);
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
        assertThat(same).isEqualTo(before.objects().size() - 2);
    }
}
