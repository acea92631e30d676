package fyr.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the semantics of NetworkPolicy, question by question, as defined by networking/v1/types.go and the documentation. */
class SemanticsTest {

    private static final Pod DATABASE = pod("backend-secure", "database", 1, Map.of("app", "database"), 5432);
    private static final Pod MINE = pod("project", "frontend", 2, Map.of("role", "frontend"), 8080);
    private static final Pod OTHER = pod("project", "batch", 3, Map.of("role", "batch"), 8080);
    private static final Pod NEIGHBOUR = pod("backend-secure", "frontend", 4, Map.of("role", "frontend"), 9090);
    private static final Pod STRANGER = pod("elsewhere", "frontend", 5, Map.of("role", "frontend"), 8080);
    private static final LabelSelector FRONTEND = is("role", "frontend");
    private static final LabelSelector PROJECT = is("project", "myproject");
    private static final PolicyPeer EVERY_POD =
            new PolicyPeer.Pods(Optional.of(LabelSelector.everything()), Optional.empty());

    @Test
    void withoutPoliciesEverythingIsAllowed() {
        assertThat(callers()).containsExactly(MINE, OTHER, NEIGHBOUR, STRANGER);
    }

    @Test
    void theArticlesDenyAllForbidsIngressAndNothingElse() {
        NetworkPolicy denyAll =
                policy("default-deny-all", LabelSelector.everything(), true, List.of(), false, List.of());
        assertThat(callers(denyAll)).isEmpty();
        assertThat(allowed(DATABASE, MINE, 6, 8080, denyAll)).isTrue();
        assertThat(allowed(MINE, STRANGER, 6, 8080, denyAll))
                .as("another namespace")
                .isTrue();
    }

    @Test
    void bothSelectorsInOnePeerMustMatch() {
        assertThat(callers(ingress(rule(pods(PROJECT, FRONTEND))))).containsExactly(MINE);
    }

    @Test
    void ofSelectorsInTwoPeersEitherMustMatch() {
        PolicyPeer project = new PolicyPeer.Pods(Optional.of(PROJECT), Optional.empty());
        assertThat(callers(ingress(rule(project, own(FRONTEND))))).containsExactly(MINE, OTHER, NEIGHBOUR);
    }

    @Test
    void emptySelectorsOfPeers() {
        assertThat(callers(ingress(rule(own(LabelSelector.everything()))))).containsExactly(NEIGHBOUR);
        assertThat(callers(ingress(rule(EVERY_POD)))).containsExactly(MINE, OTHER, NEIGHBOUR, STRANGER);
        assertThat(fromOutside("203.0.113.1", ingress(rule(EVERY_POD))))
                .as("all pods are not all addresses")
                .isFalse();
    }

    /** NetworkPolicyPort.port: "If this field is not provided, this matches all port names and numbers." */
    @Test
    void aPortWithoutANumberMeansAllPortsOfItsProtocol() {
        NetworkPolicy udp = ingress(new NetworkPolicy.Rule(List.of(), List.of(new PolicyPort.All(Protocol.UDP))));
        for (int port : List.of(0, 1, 53, 5432, 65_535)) {
            assertThat(allowed(MINE, DATABASE, 17, port, udp)).as("UDP " + port).isTrue();
            assertThat(allowed(MINE, DATABASE, 6, port, udp)).as("TCP " + port).isFalse();
        }
        assertThat(allowed(MINE, DATABASE, 132, 80, udp)).as("SCTP").isFalse();
        assertThat(allowed(MINE, DATABASE, 1, 0, udp)).as("ICMP").isFalse();
    }

    @Test
    void aNameOfAPortIsToldWhyItMeansNothing() {
        assertThat(egress(at(DATABASE), "main", block("0.0.0.0/0")))
                .isEqualTo(
                        "TCP port 'main' wanted, but names of ports mean nothing beside an ipBlock: give the number; "
                                + "the flow has TCP port 5432");
        assertThat(egress(at(DATABASE), "other", EVERY_POD))
                .isEqualTo(
                        "TCP port 'other' wanted, which pod backend-secure/database does not have; the flow has TCP port 5432");
        assertThat(egress(new Endpoint.OfAddress(IpAddress.parse("203.0.113.1")), "main"))
                .isEqualTo(
                        "TCP port 'main' wanted, but only pods have names for ports, and 203.0.113.1 is no pod's address; "
                                + "the flow has TCP port 5432");
    }

    /** Explains why an egress rule with this port name does not allow a flow to port 5432. */
    private static String egress(Endpoint destination, String port, PolicyPeer... peers) {
        NetworkPolicy egress = new NetworkPolicy(
                new NamespacedName("project", "egress"),
                LabelSelector.everything(),
                false,
                true,
                List.of(),
                List.of(new NetworkPolicy.Rule(List.of(peers), List.of(new PolicyPort.Named(Protocol.TCP, port)))));
        return ((Verdict.Denied)
                        evaluate(at(MINE), destination, 6, 5432, egress).egress())
                .nearest()
                .orElseThrow()
                .explanation();
    }

    @Test
    void rulesWithoutPeersAllowEveryone() {
        assertThat(callers(ingress(rule()))).hasSize(4);
        assertThat(fromOutside("203.0.113.1", ingress(rule()))).isTrue();
        assertThat(fromOutside("203.0.113.1", ingress())).as("no rule").isFalse();
    }

    @Test
    void exceptionsDenyNothing() {
        NetworkPolicy most = ingress(rule(block("203.0.113.0/24", "203.0.113.8/29")));
        assertThat(fromOutside("203.0.113.1", most)).isTrue();
        assertThat(fromOutside("203.0.113.9", most)).isFalse();
        NetworkPolicy rest =
                policy("rest", is("app", "database"), true, List.of(rule(block("203.0.113.9/32"))), false, List.of());
        assertThat(fromOutside("203.0.113.9", most, rest)).isTrue();
    }

    @Test
    void blocksHoldPodsToo() {
        assertThat(callers(ingress(rule(block("10.0.0.2/31"))))).containsExactly(MINE, OTHER);
    }

    @Test
    void ports() {
        assertThat(reaches(6, 5432, new PolicyPort.All(Protocol.TCP))).isTrue();
        assertThat(reaches(17, 5432, new PolicyPort.All(Protocol.TCP))).isFalse();
        assertThat(reaches(6, 80, new PolicyPort.Range(Protocol.TCP, 80, 82))).isTrue();
        assertThat(reaches(6, 82, new PolicyPort.Range(Protocol.TCP, 80, 82))).isTrue();
        assertThat(reaches(6, 83, new PolicyPort.Range(Protocol.TCP, 80, 82))).isFalse();
        assertThat(reaches(132, 80, new PolicyPort.Range(Protocol.TCP, 80, 82)))
                .as("SCTP is not TCP")
                .isFalse();
        assertThat(reaches(17, 9999)).isTrue();
        assertThat(reaches(1, 0)).as("ICMP where no ports are named").isTrue();
        assertThat(reaches(1, 0, new PolicyPort.All(Protocol.TCP))).isFalse();
    }

    @Test
    void namedPortsAreTheDestinations() {
        PolicyPort main = new PolicyPort.Named(Protocol.TCP, "main");
        assertThat(reaches(6, 5432, main)).isTrue();
        assertThat(reaches(6, 8080, main)).isFalse();
        NetworkPolicy out = policy(
                "out",
                LabelSelector.everything(),
                false,
                List.of(),
                true,
                List.of(new NetworkPolicy.Rule(List.of(EVERY_POD), List.of(main))));
        assertThat(allowed(DATABASE, MINE, 6, 8080, out)).isTrue();
        assertThat(allowed(DATABASE, NEIGHBOUR, 6, 9090, out)).isTrue();
        assertThat(allowed(DATABASE, MINE, 6, 9090, out)).isFalse();
    }

    @Test
    void egressAndIngressMustBothAllow() {
        NetworkPolicy silent = policy("silent", FRONTEND, false, List.of(), true, List.of());
        NetworkPolicy open = ingress(rule());
        assertThat(allowed(NEIGHBOUR, DATABASE, 6, 5432, silent, open)).isFalse();
        assertThat(allowed(DATABASE, NEIGHBOUR, 6, 9090, silent, open))
                .as("ingress is not isolated")
                .isTrue();
    }

    @Test
    void aPodItselfAndItsNodeAreExempt() {
        Verdict self = evaluate(at(DATABASE), at(DATABASE), 6, 5432, ingress());
        assertThat(self.ingress()).isEqualTo(new Verdict.Exempt(Verdict.Exemption.SELF));
        assertThat(fromOutside("192.168.0.1", ingress())).as("its own node").isTrue();
        assertThat(fromOutside("192.168.0.2", ingress())).as("another node").isFalse();
    }

    @Test
    void hostNetworkAndFinishedPodsAreNoPods() {
        Pod host = new Pod(MINE.name(), MINE.labels(), MINE.node(), MINE.addresses(), true, false, List.of());
        Pod finished = new Pod(MINE.name(), MINE.labels(), MINE.node(), MINE.addresses(), false, true, List.of());
        NetworkPolicy everyPod = ingress(rule(EVERY_POD));
        assertThat(allowed(host, DATABASE, 6, 5432, everyPod)).isFalse();
        assertThat(allowed(finished, DATABASE, 6, 5432, everyPod)).isFalse();
    }

    @Test
    void aDenialNamesTheNearestRuleAndWhatMissed() {
        NetworkPolicy allow = policy(
                "allow-frontend",
                is("app", "database"),
                true,
                List.of(new NetworkPolicy.Rule(
                        List.of(pods(PROJECT, FRONTEND)), List.of(new PolicyPort.Range(Protocol.TCP, 5432, 5432)))),
                false,
                List.of());
        assertThat(nearest(OTHER, 6, 5432, allow).field()).isEqualTo(Verdict.Field.POD_LABELS);
        assertThat(nearest(STRANGER, 6, 5432, allow).field()).isEqualTo(Verdict.Field.NAMESPACE);
        assertThat(nearest(MINE, 17, 5432, allow).field()).isEqualTo(Verdict.Field.PROTOCOL);
        assertThat(nearest(MINE, 6, 80, allow).field()).isEqualTo(Verdict.Field.PORT);
        assertThat(nearest(MINE, 6, 80, allow).explanation()).isEqualTo("port 5432 wanted, the flow has 80");
    }

    private static Verdict.NearMiss nearest(Pod from, int protocol, int port, NetworkPolicy policy) {
        Verdict.Denied denied = (Verdict.Denied)
                evaluate(at(from), at(DATABASE), protocol, port, policy).ingress();
        return denied.nearest().orElseThrow();
    }

    private static List<Pod> callers(NetworkPolicy... policies) {
        return java.util.stream.Stream.of(MINE, OTHER, NEIGHBOUR, STRANGER)
                .filter(pod -> allowed(pod, DATABASE, 6, 5432, policies))
                .toList();
    }

    private static boolean reaches(int protocol, int port, PolicyPort... ports) {
        NetworkPolicy policy = ingress(new NetworkPolicy.Rule(List.of(), List.of(ports)));
        return allowed(MINE, DATABASE, protocol, port, policy);
    }

    private static boolean fromOutside(String address, NetworkPolicy... policies) {
        return evaluate(new Endpoint.OfAddress(IpAddress.parse(address)), at(DATABASE), 6, 5432, policies)
                .allowed();
    }

    private static boolean allowed(Pod from, Pod to, int protocol, int port, NetworkPolicy... policies) {
        return evaluate(at(from), at(to), protocol, port, policies).allowed();
    }

    private static Endpoint at(Pod pod) {
        return new Endpoint.OfPod(pod, pod.addresses().getFirst());
    }

    private static Verdict evaluate(Endpoint from, Endpoint to, int protocol, int port, NetworkPolicy... policies) {
        PersistentMap<NamespacedName, NetworkPolicy> all = PersistentMap.empty();
        for (NetworkPolicy policy : policies) {
            all = all.with(policy.name(), policy);
        }
        PersistentMap<String, Node> nodes = PersistentMap.of(Map.of(
                "one", new Node("one", List.of(IpAddress.parse("192.168.0.1")), List.of()),
                "two", new Node("two", List.of(IpAddress.parse("192.168.0.2")), List.of())));
        PersistentMap<String, Namespace> namespaces = PersistentMap.of(
                Map.of("project", new Namespace("project", Labels.of(Map.of("project", "myproject")))));
        ClusterSnapshot snapshot = ClusterSnapshot.empty()
                .withNodes(nodes)
                .withNamespaces(namespaces)
                .withPolicies(all);
        return PolicyEvaluation.evaluate(snapshot, new Flow(from, to, protocol, port));
    }

    private static Pod pod(String namespace, String name, int number, Map<String, String> labels, int port) {
        return new Pod(
                new NamespacedName(namespace, name),
                Labels.of(labels),
                Optional.of("one"),
                List.of(IpAddress.parse("10.0.0." + number)),
                false,
                false,
                List.of(new Pod.ContainerPort("main", Protocol.TCP, port)));
    }

    private static LabelSelector is(String key, String value) {
        return new LabelSelector(List.of(new LabelSelector.Requirement(key, LabelSelector.Operator.IN, Set.of(value))));
    }

    private static PolicyPeer pods(LabelSelector namespaces, LabelSelector pods) {
        return new PolicyPeer.Pods(Optional.of(namespaces), Optional.of(pods));
    }

    private static PolicyPeer own(LabelSelector pods) {
        return new PolicyPeer.Pods(Optional.empty(), Optional.of(pods));
    }

    private static PolicyPeer block(String cidr, String... except) {
        return new PolicyPeer.IpBlock(
                Prefix.parse(cidr), Arrays.stream(except).map(Prefix::parse).toList());
    }

    private static NetworkPolicy.Rule rule(PolicyPeer... peers) {
        return new NetworkPolicy.Rule(List.of(peers), List.of());
    }

    private static NetworkPolicy ingress(NetworkPolicy.Rule... rules) {
        return policy("allow", is("app", "database"), true, List.of(rules), false, List.of());
    }

    private static NetworkPolicy policy(
            String name,
            LabelSelector pods,
            boolean isolatesIngress,
            List<NetworkPolicy.Rule> ingress,
            boolean isolatesEgress,
            List<NetworkPolicy.Rule> egress) {
        return new NetworkPolicy(
                new NamespacedName("backend-secure", name), pods, isolatesIngress, isolatesEgress, ingress, egress);
    }
}
