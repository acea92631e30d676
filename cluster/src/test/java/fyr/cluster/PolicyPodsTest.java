package fyr.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.watch.Change;
import fyr.cluster.watch.KindState;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which pods are watched for which policies, what happens with policies whose pods are not known, and when a watch ends. */
class PolicyPodsTest {

    private static final PodScope ALL = new PodScope.Everywhere();
    private static final PodScope SHOP = new PodScope.Namespaced("shop");
    private static final NamespacedName POLICY = new NamespacedName("shop", "policy");

    private final Map<PodScope, KindState<NamespacedName, Pod>> started = new TreeMap<>();
    private final SortedSet<PodScope> demanded = new TreeSet<>();
    private final PodWatches pods = new PodWatches((scope, state) -> {
        assertThat(started.put(scope, state)).as("started twice").isNull();
        return () -> started.remove(scope);
    });
    private final PolicyPods policyPods = new PolicyPods(pods, (_, _) -> new TreeSet<>(demanded));
    private PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
    private PersistentMap<String, Namespace> namespaces = PersistentMap.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private boolean follow() {
        return policyPods.follow(policies, namespaces, now, true);
    }

    private void policy(int generation) {
        NetworkPolicy policy =
                new NetworkPolicy(POLICY, LabelSelector.everything(), true, generation % 2 == 0, List.of(), List.of());
        policies = policies.with(POLICY, policy);
    }

    private void demand(PodScope... scopes) {
        demanded.clear();
        demanded.addAll(List.of(scopes));
        namespaces = namespaces.with("any", new Namespace("any", Labels.of(Map.of("t", now + "" + demanded))));
    }

    private static Pod pod(String namespace, String name, String node, String address) {
        return new Pod(
                new NamespacedName(namespace, name),
                Labels.none(),
                Optional.of(node),
                List.of(IpAddress.parse(address)),
                false,
                false,
                List.of());
    }

    private void listed(KindState<NamespacedName, Pod> state, Pod... all) {
        Map<NamespacedName, Pod> map = new TreeMap<>();
        List.of(all).forEach(pod -> map.put(pod.name(), pod));
        pods.apply(state, PodWatches.remote(new Change.Replaced<>(map, Map.of()), "none"));
    }

    private void ownListed() {
        listed(pods.own(), pod("shop", "own", "a", "10.0.0.1"));
        follow();
    }

    /** The watch of this scope, which was started. */
    private KindState<NamespacedName, Pod> started(PodScope scope) {
        return Objects.requireNonNull(started.get(scope));
    }

    @Test
    void withoutPoliciesNobodyElsesPodsAreWatched() {
        ownListed();
        assertThat(started).isEmpty();
        assertThat(pods.heard()).isTrue();
        assertThat(policyPods.waits()).isFalse();
    }

    @Test
    void aPolicyWaitsForItsPodsAndComesWithThem() {
        ownListed();
        demand(SHOP);
        policy(1);
        assertThat(follow()).isFalse();
        assertThat(policyPods.published().isEmpty()).isTrue();
        assertThat(started).containsOnlyKeys(SHOP);
        assertThat(policyPods.waits()).isTrue();
        listed(started(SHOP), pod("shop", "peer", "b", "10.0.1.1"));
        assertThat(follow()).isTrue();
        assertThat(policyPods.published().containsKey(POLICY)).isTrue();
        assertThat(pods.pods().containsKey(new NamespacedName("shop", "peer"))).isTrue();
        assertThat(policyPods.waits()).isFalse();
        assertThat(follow()).as("the same again").isFalse();
    }

    @Test
    void aPolicyThatSpeaksOfMorePodsStaysAsItWasUntilTheyWereHeard() {
        ownListed();
        policy(1);
        assertThat(follow()).isTrue();
        NetworkPolicy before = policyPods.published().get(POLICY).orElseThrow();
        demand(ALL);
        policy(2);
        follow();
        policy(4);
        follow();
        assertThat(policyPods.published().get(POLICY)).containsSame(before);
        PersistentMap<NamespacedName, NetworkPolicy> held = policyPods.published();
        follow();
        assertThat(policyPods.published()).as("no change for nothing").isSameAs(held);
        listed(started(ALL));
        follow();
        assertThat(policyPods.published().get(POLICY)).isEqualTo(policies.get(POLICY));
    }

    /** Whoever controls how fast a server answers must not control whether a policy is in force. */
    @Test
    void noPolicyIsHeldForLongAndAnotherOneNotAtAll() {
        ownListed();
        demand(ALL);
        policy(1);
        follow();
        NamespacedName other = new NamespacedName("other", "policy");
        policies = policies.with(
                other, new NetworkPolicy(other, LabelSelector.everything(), true, true, List.of(), List.of()));
        assertThat(follow()).isTrue();
        assertThat(policyPods.published().sorted().keySet()).containsExactly(other);
        now = now.plus(PolicyPods.LONGEST_HOLD);
        assertThat(follow()).isTrue();
        assertThat(policyPods.published().size()).isEqualTo(2);
        assertThat(follow()).isFalse();
    }

    @Test
    void aPolicyThatGoesWhileItIsHeldIsGone() {
        ownListed();
        policy(1);
        follow();
        demand(ALL);
        policy(2);
        follow();
        policies = policies.without(POLICY);
        assertThat(follow()).isTrue();
        assertThat(policyPods.published().isEmpty()).isTrue();
        assertThat(policyPods.waits()).as("the watch lingers").isTrue();
    }

    @Test
    void policiesOfNamespacesWithoutPodsOfTheNodeAskForNothing() {
        listed(pods.own(), pod("elsewhere", "own", "a", "10.0.0.1"));
        demand(ALL);
        policy(1);
        assertThat(follow()).isTrue();
        assertThat(started).isEmpty();
        listed(pods.own(), pod("shop", "own", "a", "10.0.0.1"));
        assertThat(follow())
                .as("it was enforced already, and denies until its pods were heard")
                .isFalse();
        assertThat(started).containsOnlyKeys(ALL);
    }

    @Test
    void aWatchLingersAndIsTakenUpAgain() {
        ownListed();
        demand(SHOP);
        policy(1);
        follow();
        listed(started(SHOP), pod("shop", "peer", "b", "10.0.1.1"));
        follow();
        demand();
        follow();
        now = now.plus(PodWatches.LINGER).minusSeconds(1);
        follow();
        assertThat(started).containsOnlyKeys(SHOP);
        demand(SHOP);
        follow();
        demand();
        now = now.plusSeconds(2);
        follow();
        assertThat(started).as("wanted in between").containsOnlyKeys(SHOP);
        now = now.plus(PodWatches.LINGER);
        follow();
        assertThat(started).isEmpty();
        assertThat(pods.pods().sorted().keySet()).containsExactly(new NamespacedName("shop", "own"));
        assertThat(policyPods.waits()).isFalse();
    }

    @Test
    void manyNamespacesAreWatchedAsOneAndBack() {
        ownListed();
        PodScope[] many = new PodScope[PodWatches.MOST_NAMESPACES + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = new PodScope.Namespaced("n" + i);
        }
        policy(1);
        demand(SHOP);
        follow();
        listed(started(SHOP), pod("shop", "peer", "b", "10.0.1.1"));
        demand(many);
        follow();
        assertThat(started).as("what is known stays until more is").containsOnlyKeys(ALL, SHOP);
        listed(started(ALL), pod("shop", "peer", "b", "10.0.1.2"), pod("n1", "other", "b", "10.0.1.3"));
        follow();
        assertThat(started).containsOnlyKeys(ALL);
        assertThat(pods.pods()
                        .get(new NamespacedName("shop", "peer"))
                        .orElseThrow()
                        .addresses())
                .containsExactly(IpAddress.parse("10.0.1.2"));
        demand(SHOP);
        follow();
        assertThat(started).as("it knows them too").containsOnlyKeys(ALL);
        now = now.plus(PodWatches.LINGER);
        follow();
        assertThat(started).containsOnlyKeys(ALL, SHOP);
        now = now.plus(Duration.ofDays(1));
        follow();
        assertThat(started).as("not before the other was heard").containsOnlyKeys(ALL, SHOP);
        listed(started(SHOP), pod("shop", "peer", "b", "10.0.1.2"));
        follow();
        assertThat(started).containsOnlyKeys(SHOP);
        assertThat(pods.pods().size()).isEqualTo(2);
    }

    @Test
    void theNodesOwnWordOnItsPodsCountsAndAnEndedWatchSaysNothing() {
        ownListed();
        demand(SHOP);
        policy(1);
        follow();
        KindState<NamespacedName, Pod> shop = started(SHOP);
        listed(shop, pod("shop", "own", "b", "10.0.0.9"), pod("shop", "peer", "b", "10.0.1.1"));
        assertThat(pods.pods()
                        .get(new NamespacedName("shop", "own"))
                        .orElseThrow()
                        .node())
                .contains("a");
        listed(pods.own());
        assertThat(pods.pods()
                        .get(new NamespacedName("shop", "own"))
                        .orElseThrow()
                        .node())
                .as("it moved")
                .contains("b");
        demand();
        follow();
        now = now.plus(PodWatches.LINGER);
        follow();
        assertThat(pods.apply(shop, new Change.Removed<>(new NamespacedName("shop", "peer"))))
                .isFalse();
        assertThat(pods.pods().isEmpty()).isTrue();
    }

    @Test
    void ofOthersPodsOnlyThoseWithAddressesOfTheirOwnAreKept() {
        Pod own = pod("s", "own", "a", "10.0.0.1");
        Pod other = pod("s", "other", "b", "10.0.0.2");
        assertThat(PodWatches.remote(new Change.Upserted<>(own.name(), own), "a"))
                .isEqualTo(new Change.Removed<>(own.name()));
        Change<NamespacedName, Pod> upserted = new Change.Upserted<>(other.name(), other);
        assertThat(PodWatches.remote(upserted, "a")).isSameAs(upserted);
        Pod finished = new Pod(other.name(), other.labels(), other.node(), other.addresses(), false, true, List.of());
        Pod host = new Pod(other.name(), other.labels(), other.node(), other.addresses(), true, false, List.of());
        Pod early = new Pod(other.name(), other.labels(), Optional.empty(), List.of(), false, false, List.of());
        for (Pod pod : List.of(finished, host, early)) {
            assertThat(PodWatches.remote(new Change.Upserted<>(pod.name(), pod), "a"))
                    .isEqualTo(new Change.Removed<>(pod.name()));
        }
    }
}
