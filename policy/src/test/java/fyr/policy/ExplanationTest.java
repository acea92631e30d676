package fyr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.LabelSelector.Operator;
import fyr.model.policy.LabelSelector.Requirement;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A denial names the policy, the rule and the first part of the rule that did not match. */
class ExplanationTest {

    private static final Pod SERVER = new Pod(
            new NamespacedName("shop", "server"),
            Labels.of(Map.of("app", "server")),
            Optional.of("n1"),
            List.of(IpAddress.parse("10.0.0.1")),
            false,
            false,
            List.of(new Pod.ContainerPort("http", Protocol.TCP, 8080)));
    private static final Pod CLIENT = new Pod(
            new NamespacedName("shop", "client"),
            Labels.of(Map.of("app", "client")),
            Optional.of("n2"),
            List.of(IpAddress.parse("10.0.1.1")),
            false,
            false,
            List.of());

    private static Verdict.Denied denied(int protocol, int port, NetworkPolicy... policies) {
        ClusterSnapshot snapshot = ClusterSnapshot.empty()
                .withNamespaces(PersistentMap.of(Map.of("shop", new Namespace("shop", Labels.of(Map.of("team", "a"))))))
                .withPods(PersistentMap.of(Map.of(SERVER.name(), SERVER, CLIENT.name(), CLIENT)))
                .withPolicies(PersistentMap.of(
                        Stream.of(policies).collect(Collectors.toMap(NetworkPolicy::name, policy -> policy))));
        Flow flow = new Flow(
                new Endpoint.OfPod(CLIENT, CLIENT.addresses().getFirst()),
                new Endpoint.OfPod(SERVER, SERVER.addresses().getFirst()),
                protocol,
                port);
        return (Verdict.Denied) PolicyEvaluation.evaluate(snapshot, flow).ingress();
    }

    private static Verdict.NearMiss nearest(int protocol, int port, NetworkPolicy... policies) {
        return denied(protocol, port, policies).nearest().orElseThrow();
    }

    private static NetworkPolicy policy(String name, NetworkPolicy.Rule... rules) {
        return new NetworkPolicy(
                new NamespacedName("shop", name), LabelSelector.everything(), true, false, List.of(rules), List.of());
    }

    private static NetworkPolicy.Rule from(PolicyPeer peer, PolicyPort... ports) {
        return new NetworkPolicy.Rule(List.of(peer), List.of(ports));
    }

    private static PolicyPeer pods(Requirement... requirements) {
        return new PolicyPeer.Pods(Optional.empty(), Optional.of(new LabelSelector(List.of(requirements))));
    }

    private static Requirement is(String value) {
        return new Requirement("app", Operator.IN, Set.of(value));
    }

    private static PolicyPeer namespaces(Requirement requirement) {
        return new PolicyPeer.Pods(Optional.of(new LabelSelector(List.of(requirement))), Optional.empty());
    }

    @Test
    void theNearestRuleIsNamedWhereverItStands() {
        NetworkPolicy.Rule farAway = from(new PolicyPeer.IpBlock(Prefix.parse("192.0.2.0/24"), List.of()));
        NetworkPolicy.Rule wrongNamespace = from(namespaces(new Requirement("team", Operator.IN, Set.of("b"))));
        NetworkPolicy.Rule wrongLabels = from(pods(is("other")));
        NetworkPolicy.Rule wrongProtocol = from(pods(is("client")), new PolicyPort.Range(Protocol.UDP, 53, 53));
        NetworkPolicy.Rule wrongPort = from(pods(is("client")), new PolicyPort.Range(Protocol.TCP, 81, 90));
        List<NetworkPolicy.Rule> ascending = List.of(farAway, wrongNamespace, wrongLabels, wrongProtocol, wrongPort);
        for (int nearest = 0; nearest < ascending.size(); nearest++) {
            List<NetworkPolicy.Rule> rules = ascending.subList(0, nearest + 1);
            Verdict.Field field = Verdict.Field.values()[nearest];
            Verdict.NearMiss last = nearest(6, 80, policy("a", rules.toArray(NetworkPolicy.Rule[]::new)));
            assertThat(last.field()).isEqualTo(field);
            assertThat(last.rule()).isEqualTo(nearest);
            Verdict.NearMiss first = nearest(6, 80, policy("a", rules.reversed().toArray(NetworkPolicy.Rule[]::new)));
            assertThat(first.field()).isEqualTo(field);
            assertThat(first.rule()).isZero();
        }
    }

    @Test
    void withinOneRuleTheNearestPeerIsNamed() {
        NetworkPolicy.Rule rule = new NetworkPolicy.Rule(
                List.of(pods(is("other")), pods(is("client"))), List.of(new PolicyPort.Range(Protocol.TCP, 81, 90)));
        assertThat(nearest(6, 80, policy("a", rule)).field()).isEqualTo(Verdict.Field.PORT);
        NetworkPolicy.Rule reversed = new NetworkPolicy.Rule(rule.peers().reversed(), rule.ports());
        assertThat(nearest(6, 80, policy("a", reversed)).field()).isEqualTo(Verdict.Field.PORT);
    }

    @Test
    void policiesAreListedByName() {
        Verdict.Denied denied = denied(6, 80, policy("c"), policy("a"), policy("b"));
        assertThat(denied.isolatedBy().stream().map(NamespacedName::name)).containsExactly("a", "b", "c");
        assertThat(denied.nearest()).isEmpty();
    }

    @Test
    void selectorsReadAsKubectlWritesThem() {
        assertThat(labels(is("x"))).contains("pods with app=x wanted");
        assertThat(labels(new Requirement("app", Operator.IN, Set.of("x", "y"))))
                .contains("app in (x,y)");
        assertThat(labels(new Requirement("app", Operator.NOT_IN, Set.of("client", "z"))))
                .contains("app notin (client,z)");
        assertThat(labels(new Requirement("tier", Operator.EXISTS, Set.of()))).contains("pods with tier wanted");
        assertThat(labels(new Requirement("app", Operator.DOES_NOT_EXIST, Set.of())))
                .contains("!app");
        assertThat(labels(is("x"), new Requirement("tier", Operator.EXISTS, Set.of())))
                .contains("app=x,tier");
    }

    private static String labels(Requirement... requirements) {
        return nearest(6, 80, policy("a", from(pods(requirements)))).explanation();
    }

    @Test
    void blocksAreToldWithTheirExceptions() {
        Prefix all = Prefix.parse("10.0.0.0/8");
        Prefix hole = Prefix.parse("10.0.1.0/24");
        assertThat(nearest(6, 80, policy("a", from(new PolicyPeer.IpBlock(all, List.of(hole)))))
                        .explanation())
                .isEqualTo("ipBlock 10.0.0.0/8 except [10.0.1.0/24] does not hold 10.0.1.1");
        assertThat(nearest(6, 80, policy("a", from(new PolicyPeer.IpBlock(Prefix.parse("10.9.0.0/16"), List.of()))))
                        .explanation())
                .isEqualTo("ipBlock 10.9.0.0/16 does not hold 10.0.1.1");
    }

    @Test
    void namedPortsAreToldWithTheirNumbers() {
        NetworkPolicy named = policy("a", from(pods(is("client")), new PolicyPort.Named(Protocol.TCP, "http")));
        assertThat(nearest(6, 80, named).explanation())
                .contains("that is [8080]")
                .endsWith("the flow has TCP port 80");
        assertThat(nearest(17, 8080, named).field()).isEqualTo(Verdict.Field.PROTOCOL);
    }
}
