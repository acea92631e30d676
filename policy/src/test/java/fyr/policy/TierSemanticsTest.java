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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the semantics of tiers, question by question, as defined by policy.networking.k8s.io (ClusterNetworkPolicy). */
class TierSemanticsTest {

    private static final Pod WEB = pod("shop", "web", 1, Map.of("app", "web"));
    private static final Pod CLIENT = pod("shop", "client", 2, Map.of("app", "client"));
    private static final Pod OTHER = pod("other", "client", 3, Map.of("app", "client"));
    private static final IpAddress WORLD = IpAddress.parse("203.0.113.9");
    private static final PeerTerm ANYONE = new PeerTerm.Any();
    private static final PeerTerm SHOP = namespace("shop");
    private static final PeerTerm OTHERS = namespace("other");
    private static final PeerTerm.Pods WEBS =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), is("app", "web"));
    private static final NetworkPolicy ALLOW_SHOP =
            networkPolicy(new PolicyPeer.Pods(Optional.empty(), Optional.empty()));
    private static final NetworkPolicy ALLOW_NOBODY = networkPolicy();

    private List<Tier> before = List.of();
    private List<Tier> after = List.of();
    private PersistentMap<NamespacedName, NetworkPolicy> networkPolicies = PersistentMap.empty();

    private static Pod pod(String namespace, String name, int number, Map<String, String> labels) {
        return new Pod(
                new NamespacedName(namespace, name),
                Labels.of(labels),
                Optional.of("node"),
                List.of(IpAddress.parse("10.244.1." + number)),
                false,
                false,
                List.of(new Pod.ContainerPort("main", Protocol.TCP, 8080)));
    }

    private static LabelSelector is(String key, String value) {
        return new LabelSelector(List.of(new LabelSelector.Requirement(key, LabelSelector.Operator.IN, Set.of(value))));
    }

    private static PeerTerm namespace(String name) {
        return new PeerTerm.Pods(Optional.empty(), is("kubernetes.io/metadata.name", name), LabelSelector.everything());
    }

    private static NetworkPolicy networkPolicy(PolicyPeer... peers) {
        List<NetworkPolicy.Rule> rules =
                peers.length == 0 ? List.of() : List.of(new NetworkPolicy.Rule(List.of(peers), List.of()));
        return new NetworkPolicy(new NamespacedName("shop", "policy"), is("app", "web"), true, false, rules, List.of());
    }

    private static TierRule rule(Action action, PeerTerm... peers) {
        return new TierRule(action, List.of(peers), List.of(new PortTerm.Any()));
    }

    private static TierPolicy ingress(TierRule... rules) {
        return new TierPolicy("policy", WEBS, List.of(rules), List.of());
    }

    private void admin(TierPolicy... policies) {
        before = List.of(new Tier("Admin", List.of(policies)));
    }

    private void baseline(TierPolicy... policies) {
        after = List.of(new Tier("Baseline", List.of(policies)));
    }

    private void network(NetworkPolicy policy) {
        networkPolicies = networkPolicies.with(policy.name(), policy);
    }

    private Verdict evaluate(Flow flow) {
        ClusterSnapshot empty = ClusterSnapshot.empty();
        PersistentMap<NamespacedName, Pod> pods = empty.pods();
        for (Pod pod : List.of(WEB, CLIENT, OTHER)) {
            pods = pods.with(pod.name(), pod);
        }
        Node node = new Node("node", List.of(IpAddress.parse("192.0.2.1")), List.of(Prefix.parse("10.244.1.0/24")));
        ClusterSnapshot snapshot = ClusterSnapshot.empty()
                .withNodes(empty.nodes().with("node", node))
                .withNamespaces(empty.namespaces().with("shop", new Namespace("shop", Labels.none())))
                .withPods(pods);
        return new PolicyEvaluation(snapshot, new Tiers(before, networkPolicies, after)).evaluate(flow);
    }

    private static Endpoint at(Pod pod) {
        return new Endpoint.OfPod(pod, pod.addresses().getFirst());
    }

    private Verdict.Side into(Endpoint source) {
        return evaluate(new Flow(source, at(WEB), 6, 8080)).ingress();
    }

    private List<Pod> callers() {
        return Arrays.asList(CLIENT, OTHER).stream()
                .filter(pod -> into(at(pod)).allowed())
                .toList();
    }

    @Test
    void anAdminDenyIsNotOverriddenByNetworkPolicy() {
        network(ALLOW_SHOP);
        admin(ingress(rule(Action.DENY, SHOP)));
        assertThat(callers()).isEmpty();
        assertThat(into(at(CLIENT))).isEqualTo(new Verdict.Ruled(Action.DENY, "Admin", "policy", 0));
        assertThat(into(at(OTHER))).as("goes on to NetworkPolicy").isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void anAdminAcceptIsNotOverriddenByIsolation() {
        network(ALLOW_NOBODY);
        admin(ingress(rule(Action.ACCEPT, OTHERS)));
        assertThat(callers()).containsExactly(OTHER);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        admin(ingress(rule(Action.ACCEPT, OTHERS), rule(Action.DENY, ANYONE)));
        assertThat(callers()).containsExactly(OTHER);
        admin(ingress(rule(Action.DENY, ANYONE), rule(Action.ACCEPT, OTHERS)));
        assertThat(callers()).isEmpty();
        admin(ingress(rule(Action.ACCEPT, OTHERS)), ingress(rule(Action.DENY, ANYONE)));
        assertThat(callers()).as("of two policies").containsExactly(OTHER);
    }

    @Test
    void passLeavesItToNetworkPolicyAndThenToTheBaseline() {
        admin(ingress(rule(Action.PASS, SHOP), rule(Action.DENY, ANYONE)));
        assertThat(callers()).as("no policies").containsExactly(CLIENT);
        network(ALLOW_SHOP);
        assertThat(callers()).containsExactly(CLIENT);
        network(ALLOW_NOBODY);
        assertThat(callers()).isEmpty();
        networkPolicies = PersistentMap.empty();
        baseline(ingress(rule(Action.DENY, SHOP)));
        assertThat(callers()).isEmpty();
        before = List.of(
                new Tier("Admin", List.of(ingress(rule(Action.PASS, SHOP), rule(Action.DENY, ANYONE)))),
                new Tier("Next", List.of(ingress(rule(Action.ACCEPT, SHOP)))));
        assertThat(callers()).as("passed to the next tier").containsExactly(CLIENT);
    }

    @Test
    void theBaselineIsForPodsThatNetworkPolicyDoesNotIsolate() {
        baseline(ingress(rule(Action.DENY, ANYONE)));
        assertThat(callers()).isEmpty();
        network(ALLOW_SHOP);
        assertThat(callers()).containsExactly(CLIENT);
        network(ALLOW_NOBODY);
        baseline(ingress(rule(Action.ACCEPT, ANYONE)));
        assertThat(callers()).as("isolation is final").isEmpty();
    }

    @Test
    void passHasNoFurtherEffectInTheLastTier() {
        baseline(ingress(rule(Action.PASS, SHOP), rule(Action.DENY, ANYONE)));
        assertThat(callers()).containsExactly(CLIENT);
        assertThat(into(at(CLIENT))).isEqualTo(new Verdict.NotIsolated());
    }

    @Test
    void rulesApplyToTheirSubjectsInTheirDirection() {
        TierPolicy egress = new TierPolicy(
                "policy",
                new PeerTerm.Pods(
                        Optional.empty(), is("kubernetes.io/metadata.name", "other"), LabelSelector.everything()),
                List.of(),
                List.of(rule(Action.DENY, SHOP)));
        admin(egress);
        Verdict verdict = evaluate(new Flow(at(OTHER), at(WEB), 6, 8080));
        assertThat(verdict.allowed()).isFalse();
        assertThat(verdict.egress()).isInstanceOf(Verdict.Ruled.class);
        assertThat(verdict.ingress()).isEqualTo(new Verdict.NotIsolated());
        assertThat(evaluate(new Flow(at(CLIENT), at(WEB), 6, 8080)).allowed())
                .as("another namespace")
                .isTrue();
        assertThat(evaluate(new Flow(at(WEB), at(OTHER), 6, 8080)).allowed())
                .as("the other direction")
                .isTrue();
    }

    @Test
    void rulesMatchPorts() {
        List<PortTerm> ports = List.of(
                new PortTerm.Range(Protocol.TCP, 80, 90),
                new PortTerm.Range(Protocol.UDP, 53, 53),
                new PortTerm.Named(Protocol.TCP, "main"));
        admin(ingress(new TierRule(Action.DENY, List.of(SHOP), ports)));
        assertThat(denied(6, 80)).isTrue();
        assertThat(denied(6, 90)).isTrue();
        assertThat(denied(6, 91)).isFalse();
        assertThat(denied(17, 53)).isTrue();
        assertThat(denied(6, 53)).isFalse();
        assertThat(denied(6, 8080)).as("by name").isTrue();
        assertThat(denied(132, 80)).isFalse();
        assertThat(denied(1, 0)).as("ICMP").isFalse();
        admin(ingress(rule(Action.DENY, SHOP)));
        assertThat(denied(1, 0)).as("ICMP, no ports named").isTrue();
    }

    private boolean denied(int protocol, int port) {
        return !evaluate(new Flow(at(CLIENT), at(WEB), protocol, port)).allowed();
    }

    /** A pod and its node, as from NetworkPolicy; a pod and itself only within the pod. */
    @Test
    void whatRulesCannotForbid() {
        network(ALLOW_NOBODY);
        admin(ingress(rule(Action.DENY, ANYONE)));
        IpAddress node = IpAddress.parse("192.0.2.1");
        assertThat(into(new Endpoint.OfAddress(node))).isEqualTo(new Verdict.Exempt(Verdict.Exemption.OWN_NODE));
        assertThat(into(at(WEB))).isEqualTo(new Verdict.Exempt(Verdict.Exemption.SELF));
        Flow hairpin = new Flow(at(WEB), at(WEB), 6, 8080, true);
        assertThat(evaluate(hairpin).ingress()).isEqualTo(new Verdict.Ruled(Action.DENY, "Admin", "policy", 0));
        admin(ingress(rule(Action.DENY, OTHERS)));
        assertThat(evaluate(hairpin).ingress()).isEqualTo(new Verdict.Exempt(Verdict.Exemption.SELF));
    }

    @Test
    void aPodThatIsNotKnownYetIsAcceptedOnlyIfEveryPodIs() {
        Endpoint unknown = new Endpoint.OfUnknownPod(IpAddress.parse("10.244.2.77"));
        admin(ingress(rule(Action.DENY, OTHERS)));
        assertThat(into(unknown).allowed())
                .as("it may be of the other namespace")
                .isFalse();
        assertThat(into(new Endpoint.OfAddress(WORLD)).allowed()).isTrue();
        admin(ingress(rule(Action.ACCEPT, OTHERS), rule(Action.DENY, ANYONE)));
        assertThat(into(unknown).allowed()).isFalse();
        admin(ingress(rule(Action.PASS, OTHERS), rule(Action.ACCEPT, ANYONE)));
        assertThat(into(unknown).allowed()).as("passed or accepted").isTrue();
        network(ALLOW_NOBODY);
        assertThat(into(unknown).allowed()).as("if passed, isolated").isFalse();
        assertThat(into(new Endpoint.OfAddress(WORLD)).allowed()).isTrue();
        admin(ingress(rule(Action.ACCEPT, ANYONE), rule(Action.DENY, OTHERS)));
        assertThat(into(unknown).allowed()).as("accepted before").isTrue();
        admin(ingress(new TierRule(Action.DENY, List.of(OTHERS), List.of(new PortTerm.Range(Protocol.TCP, 22, 22)))));
        networkPolicies = PersistentMap.empty();
        assertThat(into(unknown).allowed()).as("another port").isTrue();
    }

    @Test
    void anyPortOfAPodThatIsNotKnownMayHaveTheName() {
        Endpoint unknown = new Endpoint.OfUnknownPod(IpAddress.parse("10.244.2.77"));
        List<PortTerm> main = List.of(new PortTerm.Named(Protocol.TCP, "main"));
        for (PeerTerm peer : List.of(ANYONE, OTHERS)) {
            admin(new TierPolicy("policy", WEBS, List.of(), List.of(new TierRule(Action.DENY, List.of(peer), main))));
            assertThat(evaluate(new Flow(at(WEB), unknown, 6, 1234)).allowed()).isFalse();
            assertThat(evaluate(new Flow(at(WEB), unknown, 17, 1234)).allowed()).isTrue();
        }
        PeerTerm block = new PeerTerm.Block(Prefix.parse("10.244.0.0/16"), List.of());
        admin(new TierPolicy("policy", WEBS, List.of(), List.of(new TierRule(Action.DENY, List.of(block), main))));
        assertThat(evaluate(new Flow(at(WEB), unknown, 6, 1234)).allowed())
                .as("names mean nothing beside a block")
                .isTrue();
    }
}
