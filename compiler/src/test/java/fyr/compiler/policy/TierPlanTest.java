package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.policy.number.Numbers;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Tracer;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Action;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.Tier;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import fyr.policy.Tiers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the plan for tiers of ordered rules consists of, and how it treats pods that are not known yet. */
class TierPlanTest {

    private static final PeerTerm.Pods EVERY_POD =
            new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());
    private static final PeerTerm BAD = namespace("bad");
    private static final List<IpAddress> WEB = addresses(1, 5);
    private static final List<IpAddress> REMOTE = addresses(2, 7);

    private PersistentMap<String, Node> nodes = PersistentMap.empty();
    private PersistentMap<String, Namespace> namespaces = PersistentMap.empty();
    private PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private Tiers tiers = new Tiers(List.of(), PersistentMap.empty(), List.of());
    private Optional<PolicyPlan> plan = Optional.empty();

    private static PeerTerm.Pods namespace(String name) {
        LabelSelector.Requirement is =
                new LabelSelector.Requirement("kubernetes.io/metadata.name", LabelSelector.Operator.IN, Set.of(name));
        return new PeerTerm.Pods(Optional.empty(), new LabelSelector(List.of(is)), LabelSelector.everything());
    }

    private static List<IpAddress> addresses(int node, int number) {
        return List.of(
                IpAddress.parse("10.244." + node + "." + number),
                IpAddress.parse("fd00:10:244:" + node + "::" + Integer.toHexString(number)));
    }

    private void node(int number) {
        nodes = nodes.with(
                "node" + number,
                new Node(
                        "node" + number,
                        List.of(IpAddress.parse("192.0.2." + number)),
                        List.of(
                                Prefix.parse("10.244." + number + ".0/24"),
                                Prefix.parse("fd00:10:244:" + number + "::/64"))));
    }

    private void namespaceObject(String name) {
        namespaces = namespaces.with(name, new Namespace(name, Labels.none()));
    }

    private void pod(String namespace, String name, int node, List<IpAddress> addresses) {
        NamespacedName full = new NamespacedName(namespace, name);
        pods = pods.with(
                full,
                new Pod(full, Labels.of(Map.of()), Optional.of("node" + node), addresses, false, false, List.of()));
    }

    private void attach(String namespace) {
        attachments = attachments.with(
                "c",
                new Attachment(
                        "c",
                        "eth0",
                        "fyrc",
                        MacAddress.parse("02:00:00:00:00:01"),
                        WEB,
                        new NamespacedName(namespace, "web"),
                        0));
    }

    private void admin(TierPolicy... policies) {
        tiers = new Tiers(List.of(new Tier("Admin", List.of(policies))), tiers.networkPolicies(), List.of());
    }

    private static TierPolicy ingress(PeerTerm.Pods subject, Action action, PeerTerm peer) {
        return new TierPolicy("policy", subject, List.of(rule(action, peer)), List.of());
    }

    private static TierRule rule(Action action, PeerTerm peer) {
        return new TierRule(action, List.of(peer), List.of(new PortTerm.Any()));
    }

    /** From the incremental plan, which must be that from scratch; both families alike. */
    private boolean passes(List<IpAddress> from, List<IpAddress> to) {
        ClusterSnapshot snapshot = ClusterSnapshot.empty()
                .withNodes(nodes)
                .withNamespaces(namespaces)
                .withPods(pods);
        PolicyPlan.Inputs inputs = new PolicyPlan.Inputs(snapshot, tiers, "node1", attachments, List.of());
        PolicyPlan next = PolicyCompiler.compile(inputs, plan, Numbers.ALL_BITS);
        assertThat(next.objects()
                        .equals(PolicyCompiler.compile(inputs, Optional.empty(), Numbers.ALL_BITS)
                                .objects()))
                .isTrue();
        plan = Optional.of(next);
        Tracer tracer = new Tracer(next.objects(), new SplittableRandom(1));
        List<Boolean> passed = List.of(0, 1).stream()
                .map(family -> tracer.trace(
                                NftHook.Point.FORWARD, Packet.first(from.get(family), to.get(family), 6, 40000, 80))
                        .passed())
                .toList();
        assertThat(passed.getFirst()).as("both families alike").isEqualTo(passed.getLast());
        return passed.getFirst();
    }

    private void shop() {
        node(1);
        node(2);
        namespaceObject("shop");
        namespaceObject("bad");
        pod("shop", "web", 1, WEB);
    }

    @Test
    void anAddressOfPodsIsNotTrustedBeforeItsPodIsKnown() {
        shop();
        admin(ingress(EVERY_POD, Action.DENY, BAD));
        assertThat(passes(REMOTE, WEB)).as("may be a pod of the namespace").isFalse();
        pod("shop", "remote", 2, REMOTE);
        assertThat(passes(REMOTE, WEB)).isTrue();
        pods = pods.without(new NamespacedName("shop", "remote"));
        pod("bad", "remote", 2, REMOTE);
        assertThat(passes(REMOTE, WEB)).isFalse();
        assertThat(passes(List.of(IpAddress.parse("203.0.113.9"), IpAddress.parse("2001:db8::9")), WEB))
                .as("not a pod's address")
                .isTrue();
        assertThat(passes(List.of(IpAddress.parse("10.244.2.0"), IpAddress.parse("fd00:10:244:2::")), WEB))
                .as("the address of a node's tunnel device")
                .isTrue();
    }

    @Test
    void theAddressesOfANewNodeAreThoseOfPods() {
        shop();
        admin(ingress(EVERY_POD, Action.DENY, BAD));
        List<IpAddress> far = addresses(3, 7);
        assertThat(passes(far, WEB)).isTrue();
        node(3);
        assertThat(passes(far, WEB)).isFalse();
        nodes = nodes.without("node3");
        assertThat(passes(far, WEB)).isTrue();
    }

    @Test
    void wherePodsAreOnlyAcceptedAnUnknownOneIsLikeAnyAddress() {
        shop();
        admin(ingress(EVERY_POD, Action.ACCEPT, BAD));
        assertThat(passes(REMOTE, WEB)).isTrue();
        assertThat(plan.orElseThrow().objects().sorted().keySet())
                .noneMatch(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(PolicyNames.BLOCKS));
    }

    /** Between ADD and the watch of pods only the namespace of a local pod is known. */
    @ParameterizedTest
    @EnumSource
    void aLocalPodThatIsNotKnownIsDeniedEverythingIfARuleMayDenyItSomething(Action action) {
        shop();
        pods = PersistentMap.empty();
        pod("shop", "remote", 2, REMOTE);
        attach("shop");
        PeerTerm nobody = new PeerTerm.Block(Prefix.parse("198.51.100.0/24"), List.of());
        admin(ingress(namespace("shop"), action, nobody));
        assertThat(passes(REMOTE, WEB)).isEqualTo(action != Action.DENY);
        assertThat(passes(WEB, REMOTE)).as("the other direction").isTrue();
        admin(ingress(namespace("bad"), action, nobody));
        assertThat(passes(REMOTE, WEB)).as("rules for others").isTrue();
        namespaces = namespaces.without("shop");
        assertThat(passes(REMOTE, WEB)).as("a namespace with any labels").isEqualTo(action != Action.DENY);
        namespaceObject("shop");
        pod("shop", "web", 1, WEB);
        assertThat(passes(REMOTE, WEB)).isTrue();
    }

    /** Packets meet the same rules and lookups whatever the tiers are. */
    @Test
    void tiersAreElementsAndNothingElse() {
        shop();
        assertThat(passes(REMOTE, WEB)).isTrue();
        Map<NftKey, NftObject> none = constant();
        admin(ingress(EVERY_POD, Action.DENY, BAD));
        assertThat(passes(REMOTE, WEB)).isFalse();
        Map<NftKey, NftObject> one = constant();
        assertThat(one.keySet()).containsAll(none.keySet());
        tiers = new Tiers(
                List.of(
                        new Tier("Admin", List.of(ingress(EVERY_POD, Action.PASS, BAD))),
                        new Tier("Next", List.of(ingress(EVERY_POD, Action.ACCEPT, EVERY_POD)))),
                PersistentMap.<NamespacedName, NetworkPolicy>empty(),
                List.of(new Tier("Baseline", List.of(ingress(EVERY_POD, Action.DENY, new PeerTerm.Any())))));
        assertThat(passes(REMOTE, WEB)).isFalse();
        assertThat(constant()).isEqualTo(one);
        tiers = new Tiers(List.of(), PersistentMap.empty(), List.of());
        assertThat(passes(REMOTE, WEB)).isTrue();
        assertThat(constant()).as("without ordered rules").isEqualTo(none);
    }

    private Map<NftKey, NftObject> constant() {
        Map<NftKey, NftObject> constant =
                new TreeMap<>(plan.orElseThrow().objects().sorted());
        constant.keySet().removeIf(NftKey.ElementKey.class::isInstance);
        return constant;
    }

    /** The plan is no larger than it was when there were no tiers. */
    @Test
    void ofNetworkPolicyAloneThereIsNothingButWhatIsAccepted() {
        int accepted = 0;
        for (long seed = 1; seed <= 40; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            PolicyPlan ofCluster = PolicyCompiler.compile(
                    new PolicyPlan.Inputs(
                            cluster.snapshot(),
                            Tiers.of(cluster.snapshot()),
                            RandomCluster.NODE,
                            cluster.attachments(),
                            RandomCluster.DNS),
                    Optional.empty(),
                    Numbers.ALL_BITS);
            for (NftKey key : ofCluster.objects().sorted().keySet()) {
                if (key instanceof NftKey.ElementKey element) {
                    assertThat(element.set()).doesNotContain("-denied-", "-ordered-", "-self-");
                    accepted += element.set().matches("policy-.*gress-(peer|everyone)-.*") ? 1 : 0;
                }
            }
        }
        assertThat(accepted).isGreaterThan(300);
    }
}
