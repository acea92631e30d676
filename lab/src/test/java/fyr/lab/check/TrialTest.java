package fyr.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.lab.check.CheckResult.Expected;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.policy.PolicyEvaluation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests what is expected of a probe and which answers meet the expectation. */
class TrialTest {

    private static final Path NETWORK = Path.of("/run/netns/x");
    private static final Node ONE = node("one", 1);
    private static final Node TWO = node("two", 2);
    private static final Pod CLIENT = pod("client", "one", "10.0.1.5");
    private static final Pod LEFT = pod("left", "one", "10.0.1.6");
    private static final Pod RIGHT = pod("right", "two", "10.0.2.6");
    private static final Service SERVICE = new Service(
            new NamespacedName("shop", "web"),
            Service.Type.NODE_PORT,
            List.of(IpAddress.parse("10.96.0.9")),
            Optional.empty(),
            false,
            List.of(new Service.Port("http", Protocol.TCP, 80, 30080)));

    private static Node node(String name, int number) {
        return new Node(
                name,
                List.of(IpAddress.parse("172.18.0." + number)),
                List.of(Prefix.parse("10.0." + number + ".0/24")));
    }

    private static Pod pod(String name, String node, String address) {
        return new Pod(
                new NamespacedName("shop", name),
                Labels.of(Map.of("app", name)),
                Optional.of(node),
                List.of(IpAddress.parse(address)),
                false,
                false,
                List.of(new Pod.ContainerPort("http", Protocol.TCP, 8080)));
    }

    private static ClusterSnapshot cluster(NetworkPolicy... policies) {
        Map<NamespacedName, NetworkPolicy> all = new HashMap<>();
        for (NetworkPolicy policy : policies) {
            all.put(policy.name(), policy);
        }
        EndpointSlice slice = new EndpointSlice(
                new NamespacedName("shop", "web-1"),
                SERVICE.name(),
                Family.IPV4,
                List.of(new EndpointSlice.Port("http", Protocol.TCP, 8080)),
                List.of(endpoint(LEFT), endpoint(RIGHT)));
        return ClusterSnapshot.empty()
                .withNodes(PersistentMap.of(Map.of("one", ONE, "two", TWO)))
                .withPods(PersistentMap.of(Map.of(CLIENT.name(), CLIENT, LEFT.name(), LEFT, RIGHT.name(), RIGHT)))
                .withServices(PersistentMap.of(Map.of(SERVICE.name(), SERVICE)))
                .withEndpointSlices(
                        PersistentMap.of(Map.of(SERVICE.name(), PersistentMap.of(Map.of(slice.name(), slice)))))
                .withPolicies(PersistentMap.of(all));
    }

    private static EndpointSlice.Endpoint endpoint(Pod pod) {
        return new EndpointSlice.Endpoint(pod.addresses(), true, true, false, Optional.empty());
    }

    private static Places places() {
        return new Places(
                Map.of(CLIENT.name(), NETWORK, LEFT.name(), NETWORK, RIGHT.name(), NETWORK),
                Map.of("one", NETWORK, "two", NETWORK),
                NETWORK,
                List.of(IpAddress.parse("203.0.113.53")),
                List.of(IpAddress.parse("10.96.0.10")));
    }

    private static NetworkPolicy isolated(String app, PolicyPeer... peers) {
        List<NetworkPolicy.Rule> rules =
                peers.length == 0 ? List.of() : List.of(new NetworkPolicy.Rule(List.of(peers), List.of()));
        LabelSelector pods = new LabelSelector(
                List.of(new LabelSelector.Requirement("app", LabelSelector.Operator.IN, Set.of(app))));
        return new NetworkPolicy(new NamespacedName("shop", app), pods, true, false, rules, List.of());
    }

    /** A probe that cannot be sent looks like a denied one, and here denial is expected. */
    @Test
    void aCheckOfPodsThatAreGoneIsNoSuccess() {
        Check check = new Check(cluster(isolated("left")), places());
        assertThatThrownBy(() -> check.run(new Check.Selection("shop/client"), new Check.Selection("shop/left")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("went meanwhile");
    }

    private static Target service(ClusterSnapshot cluster) {
        return new Targets(cluster, places()).services(_ -> true).getFirst();
    }

    private static Optional<JsonNode> from(Pod pod, String client) {
        return Optional.of(JsonMapper.shared()
                .createObjectNode()
                .put("namespace", "shop")
                .put("pod", pod.name().name())
                .put("client", client));
    }

    private static CheckResult judge(ClusterSnapshot cluster, Source source, Target target, Optional<JsonNode> answer) {
        return new Trial(source, target).judge(answer, new PolicyEvaluation(cluster));
    }

    @Test
    void aServiceMayLeadToADeniedEndpoint() {
        Source client = new Source.OfPod(CLIENT, NETWORK);
        ClusterSnapshot open = cluster();
        assertThat(judge(open, client, service(open), Optional.empty()))
                .satisfies(result -> assertThat(result.expected()).isEqualTo(Expected.ALLOW))
                .satisfies(result -> assertThat(result.holds()).isFalse());
        assertThat(judge(open, client, service(open), from(LEFT, "10.0.1.5")).holds())
                .isTrue();
        assertThat(judge(open, client, service(open), from(LEFT, "172.18.0.1")).holds())
                .as("translated on its way")
                .isFalse();
        assertThat(judge(open, client, service(open), from(CLIENT, "10.0.1.5")).holds())
                .as("one that is no endpoint")
                .isFalse();
        ClusterSnapshot half = cluster(isolated("right"));
        for (Optional<JsonNode> answer : List.of(Optional.<JsonNode>empty(), from(LEFT, "10.0.1.5"))) {
            assertThat(judge(half, client, service(half), answer))
                    .satisfies(result -> assertThat(result.expected()).isEqualTo(Expected.EITHER))
                    .satisfies(result -> assertThat(result.holds()).isTrue());
        }
        assertThat(judge(half, client, service(half), from(RIGHT, "10.0.1.5")).holds())
                .as("the denied one answered")
                .isFalse();
        ClusterSnapshot closed = cluster(isolated("right"), isolated("left"));
        assertThat(judge(closed, client, service(closed), Optional.empty()))
                .satisfies(result -> assertThat(result.expected()).isEqualTo(Expected.DENY))
                .satisfies(result -> assertThat(result.because()).contains("isolated by shop/left"));
    }

    @Test
    void aNodeIsSeenByItsOwnAddressOrThatOfItsOverlay() {
        ClusterSnapshot cluster = cluster(
                isolated("right", new PolicyPeer.IpBlock(Prefix.parse("172.18.0.1/32"), List.of())), isolated("left"));
        Source node = new Source.OfNode("node:one", ONE, NETWORK);
        Target right = Targets.declared(RIGHT).getFirst();
        assertThat(judge(cluster, node, right, Optional.empty()).expected()).isEqualTo(Expected.EITHER);
        assertThat(judge(cluster, node, right, from(RIGHT, "10.0.1.0")).holds()).isTrue();
        assertThat(judge(cluster, node, Targets.declared(LEFT).getFirst(), Optional.empty()))
                .as("its own pod it always reaches")
                .satisfies(result -> assertThat(result.expected()).isEqualTo(Expected.ALLOW))
                .satisfies(result -> assertThat(result.holds()).isFalse());
    }

    @Test
    void outsideClientsAreKnownByTheNodeThatForwardedThem() {
        PolicyPeer outside = new PolicyPeer.IpBlock(Prefix.parse("203.0.113.0/24"), List.of());
        ClusterSnapshot cluster = cluster(isolated("left", outside), isolated("right", outside));
        Target port = new Targets(cluster, places()).nodePorts(ONE, _ -> true).getFirst();
        Source client = new Source.Outside(NETWORK, List.of(IpAddress.parse("203.0.113.53")), ONE);
        assertThat(judge(cluster, client, port, from(LEFT, "203.0.113.53")).holds())
                .isTrue();
        assertThat(judge(cluster, client, port, from(RIGHT, "172.18.0.1")).holds())
                .isFalse();
        assertThat(judge(cluster, client, port, Optional.empty()).expected()).isEqualTo(Expected.EITHER);
    }

    @Test
    void whatNobodyIsToAnswerHoldsInSilenceOnly() {
        Target dns = new Targets(cluster(), places()).dns(_ -> true).getFirst();
        Source client = new Source.OfPod(CLIENT, NETWORK);
        Optional<JsonNode> answer = Optional.of(JsonMapper.shared().createObjectNode());
        assertThat(judge(cluster(), client, dns, answer).holds()).isTrue();
        assertThat(judge(cluster(), client, dns, Optional.empty()).holds()).isFalse();
        assertThat(judge(cluster(), client, Targets.unreachable(dns), answer).holds())
                .isFalse();
        CheckResult refused = judge(cluster(), client, Targets.unreachable(dns), Optional.empty());
        assertThat(refused.holds()).isTrue();
        assertThat(refused.because()).isEqualTo("only pods and nodes may ask");
    }

    @Test
    void aSelectionOfNothingIsRefused() {
        Check check = new Check(cluster(), places());
        Check.Selection all = new Check.Selection("*");
        assertThatThrownBy(() -> check.run(new Check.Selection("nd/typo"), all))
                .hasMessageContaining("--from 'nd/typo': there is nothing of that name");
        assertThatThrownBy(() -> check.run(all, new Check.Selection("shop/nobody-*")))
                .hasMessageContaining("--to 'shop/nobody-*'");
        assertThatThrownBy(() -> check.run(new Check.Selection("outside"), new Check.Selection("shop/left")))
                .hasMessageContaining("nothing to probe");
        assertThat(new Check.Selection("a.b/*")).accepts("a.b/c").rejects("aXb/c");
    }
}
