package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Tracer;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in force for a pod between its ADD and its DEL, whatever the API server says, or has said about another pod of its name. */
class AttachedPodTest {

    private static final String NODE = "node1";
    private static final NamespacedName WEB = new NamespacedName("shop", "web-0");
    private static final long FIRST = PodUid.of("7d8a3b0e-6a55-4c3b-9d5e-1f6f8f6f0a01");
    private static final long SECOND = PodUid.of("b1b6a9c4-0c9e-4e4f-8f2c-3c1c7f1f0a02");
    private static final List<IpAddress> ADDRESSES = addresses(5);
    private static final List<IpAddress> CLIENT = addresses(200);

    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();
    private PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
    private Optional<PolicyPlan> plan = Optional.empty();

    private static List<IpAddress> addresses(int number) {
        return List.of(
                IpAddress.parse("10.244.1." + number),
                IpAddress.parse("fd00:10:244:1::" + Integer.toHexString(number)));
    }

    private void attach(String container, NamespacedName pod, long uid, List<IpAddress> addresses) {
        attachments = attachments.with(
                container,
                new Attachment(
                        container,
                        "eth0",
                        "fyr" + container,
                        MacAddress.parse("02:00:00:00:00:01"),
                        addresses,
                        pod,
                        uid));
    }

    private void pod(NamespacedName name, long uid, Map<String, String> labels, List<IpAddress> addresses) {
        pod(new Pod(name, Labels.of(labels), Optional.of(NODE), addresses, false, false, List.of(), uid));
    }

    private void pod(Pod pod) {
        pods = pods.with(pod.name(), pod);
    }

    /** Isolates pods of a namespace both ways; those with {@code role: front} may come. */
    private void isolate(String namespace, Map<String, String> selected) {
        NamespacedName name = new NamespacedName(namespace, "isolate");
        NetworkPolicy.Rule front = new NetworkPolicy.Rule(
                List.of(new PolicyPeer.Pods(Optional.empty(), Optional.of(labels(Map.of("role", "front"))))),
                List.of());
        policies =
                policies.with(name, new NetworkPolicy(name, labels(selected), true, true, List.of(front), List.of()));
    }

    private static LabelSelector labels(Map<String, String> labels) {
        return new LabelSelector(labels.entrySet().stream()
                .map(label -> new LabelSelector.Requirement(
                        label.getKey(), LabelSelector.Operator.IN, Set.of(label.getValue())))
                .toList());
    }

    /** From the plan from scratch and from the incremental one, which must be the same. */
    private boolean passes(List<IpAddress> from, List<IpAddress> to) {
        ClusterSnapshot nodes = ClusterSketch.empty()
                .node(NODE, List.of("192.0.2.1"), List.of("10.244.1.0/24"))
                .snapshot();
        ClusterSnapshot snapshot = nodes.withPods(pods).withPolicies(policies);
        PolicyPlan fresh = PolicyCompiler.compile(snapshot, NODE, attachments, List.of(), Optional.empty());
        PolicyPlan next = PolicyCompiler.compile(snapshot, NODE, attachments, List.of(), plan);
        assertThat(next.objects().equals(fresh.objects())).isTrue();
        plan = Optional.of(next);
        Tracer tracer = new Tracer(fresh.objects(), new SplittableRandom(1));
        List<Boolean> passed = List.of(0, 1).stream()
                .map(family -> tracer.trace(
                                NftHook.Point.FORWARD,
                                Packet.first(from.get(family), to.get(family), Protocol.TCP.number(), 40000, 80))
                        .passed())
                .toList();
        assertThat(passed.getFirst()).as("both families alike").isEqualTo(passed.getLast());
        return passed.getFirst();
    }

    private void assertIsolated() {
        assertThat(passes(CLIENT, ADDRESSES)).as("ingress").isFalse();
        assertThat(passes(ADDRESSES, CLIENT)).as("egress").isFalse();
    }

    private void assertOpen() {
        assertThat(passes(CLIENT, ADDRESSES)).as("ingress").isTrue();
        assertThat(passes(ADDRESSES, CLIENT)).as("egress").isTrue();
    }

    /** What the API server may say about the name of an attached pod without having reported this pod. */
    enum Said {
        NOTHING,
        FINISHED,
        ON_ITS_NODES_NETWORK,
        ANOTHER_UID
    }

    private void say(Said said, Map<String, String> labels) {
        Pod pod = new Pod(WEB, Labels.of(labels), Optional.of(NODE), ADDRESSES, false, false, List.of(), FIRST);
        switch (said) {
            case NOTHING -> pods = pods.without(WEB);
            case FINISHED -> pod(new Pod(WEB, pod.labels(), pod.node(), ADDRESSES, false, true, List.of(), FIRST));
            case ON_ITS_NODES_NETWORK ->
                pod(new Pod(WEB, pod.labels(), pod.node(), ADDRESSES, true, false, List.of(), FIRST));
            case ANOTHER_UID -> pod(new Pod(WEB, pod.labels(), pod.node(), List.of(), false, false, List.of(), SECOND));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAttachedPodStaysIsolatedUntilItIsDetached(Said said) {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, FIRST, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        assertIsolated();
        say(said, Map.of("app", "web"));
        assertIsolated();
        say(said, Map.of());
        assertIsolated();
        attachments = attachments.without("c1");
        pods = pods.without(WEB);
        assertOpen();
    }

    /** The StatefulSet's pod exists again before the watch reports it; the previous one had no label that a policy selects. */
    @ParameterizedTest
    @EnumSource
    void aPodThatIsNotKnownYetIsDeniedEverything(Said said) {
        isolate("shop", Map.of("app", "web"));
        say(said, Map.of());
        attach("c2", WEB, said == Said.ANOTHER_UID ? FIRST : SECOND, ADDRESSES);
        assertIsolated();
        pod(WEB, said == Said.ANOTHER_UID ? FIRST : SECOND, Map.of("app", "other"), List.of());
        assertOpen();
    }

    @Test
    void whereNoPolicyIsNobodyIsDenied() {
        isolate("elsewhere", Map.of());
        attach("c1", WEB, FIRST, ADDRESSES);
        assertOpen();
    }

    /** State files of agents that did not ask for it have none; manifests have none either. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAUidTheNameDecides(boolean attachedWithout) {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, attachedWithout ? PodUid.UNKNOWN : FIRST, ADDRESSES);
        pod(WEB, attachedWithout ? FIRST : PodUid.UNKNOWN, Map.of("app", "other"), ADDRESSES);
        assertOpen();
        pod(WEB, attachedWithout ? FIRST : PodUid.UNKNOWN, Map.of("app", "web"), ADDRESSES);
        assertIsolated();
    }

    /** The previous pod's sandbox still exists when the next one is created. */
    @Test
    void twoAttachmentsOfOneNameAreTwoPods() {
        isolate("shop", Map.of("app", "web"));
        attach("old", WEB, FIRST, ADDRESSES);
        attach("new", WEB, SECOND, addresses(6));
        pod(WEB, SECOND, Map.of("app", "other"), addresses(6));
        assertIsolated();
        assertThat(passes(CLIENT, addresses(6))).isTrue();
        assertThat(passes(ADDRESSES, addresses(6)))
                .as("it does not reach itself there")
                .isFalse();
        attachments = attachments.without("old");
        assertThat(passes(CLIENT, addresses(6))).isTrue();
    }

    /** The runtime did not say whose sandbox it is: then the status says who has the address. */
    @Test
    void anAttachmentWithoutANameHidesNoPod() {
        isolate("shop", Map.of("app", "web"));
        attach("c1", new NamespacedName("", ""), PodUid.UNKNOWN, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        assertIsolated();
    }

    private static final NamespacedName GHOST = new NamespacedName("shop", "front-gone");
    private static final List<IpAddress> REUSED = addresses(9);

    /** A pod with allowed labels, which according to the API server still runs, has left its address to another one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPodThatIsGoneLendsItsLabelsToNobody(boolean known) {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, FIRST, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        pod(GHOST, FIRST, Map.of("role", "front"), REUSED);
        assertThat(passes(REUSED, ADDRESSES)).as("while it is there").isTrue();
        NamespacedName heir = new NamespacedName("other", "heir");
        attach("c2", heir, SECOND, REUSED);
        if (known) {
            pod(heir, SECOND, Map.of(), REUSED);
        }
        assertThat(passes(REUSED, ADDRESSES)).isFalse();
        attachments = attachments.without("c2");
        pods = pods.without(heir);
        assertThat(passes(REUSED, ADDRESSES)).as("the heir is gone").isTrue();
    }

    @Test
    void aFinishedPodLendsItsLabelsToNobody() {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, FIRST, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        Labels front = Labels.of(Map.of("role", "front"));
        pod(new Pod(GHOST, front, Optional.of("node2"), REUSED, false, true, List.of(), FIRST));
        assertThat(passes(REUSED, ADDRESSES)).isFalse();
    }

    /** On another node it is not known which of two has the address: it is allowed what both are allowed. */
    @Test
    void anAddressThatTwoPodsHaveMatchesWhatBothDo() {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, FIRST, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        pod(new Pod(GHOST, Labels.of(Map.of("role", "front")), Optional.of("node2"), REUSED, false, false, List.of()));
        assertThat(passes(REUSED, ADDRESSES)).isTrue();
        isolate("front", Map.of());
        NamespacedName other = new NamespacedName("shop", "other");
        NetworkPolicy.Rule tier = new NetworkPolicy.Rule(
                List.of(new PolicyPeer.Pods(Optional.empty(), Optional.of(labels(Map.of("tier", "x"))))), List.of());
        policies = policies.with(
                other, new NetworkPolicy(other, labels(Map.of("app", "web")), false, true, List.of(), List.of(tier)));
        NamespacedName heir = new NamespacedName("shop", "heir");
        pod(new Pod(heir, Labels.of(Map.of("tier", "x")), Optional.of("node2"), REUSED, false, false, List.of()));
        assertThat(passes(REUSED, ADDRESSES)).isFalse();
        pods = pods.without(GHOST);
        assertThat(passes(REUSED, ADDRESSES)).isFalse();
        assertThat(passes(ADDRESSES, REUSED)).as("the heir alone").isTrue();
    }

    /** The heir has no label that any policy speaks of. */
    @Test
    void anHeirThatMatchesNothingTakesWhatTheOneThatIsGoneMatched() {
        isolate("shop", Map.of("app", "web"));
        attach("c1", WEB, FIRST, ADDRESSES);
        pod(WEB, FIRST, Map.of("app", "web"), ADDRESSES);
        pod(new Pod(GHOST, Labels.of(Map.of("role", "front")), Optional.of("node2"), REUSED, false, false, List.of()));
        assertThat(passes(REUSED, ADDRESSES)).isTrue();
        NamespacedName heir = new NamespacedName("shop", "heir");
        pod(new Pod(heir, Labels.of(Map.of("app", "other")), Optional.of("node2"), REUSED, false, false, List.of()));
        assertThat(passes(REUSED, ADDRESSES)).isFalse();
        pods = pods.without(heir);
        assertThat(passes(REUSED, ADDRESSES)).as("the heir is gone").isTrue();
        NamespacedName finished = new NamespacedName("shop", "finished");
        pod(new Pod(finished, Labels.none(), Optional.of("node2"), REUSED, false, true, List.of()));
        assertThat(passes(REUSED, ADDRESSES))
                .as("a finished pod has no address")
                .isTrue();
    }
}
