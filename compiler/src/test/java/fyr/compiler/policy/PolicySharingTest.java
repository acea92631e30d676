package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.policy.Decisions.Part;
import fyr.compiler.policy.pods.Attached;
import fyr.compiler.policy.rules.Group;
import fyr.compiler.policy.rules.Subject;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.Service;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a plan takes over from the previous one. Otherwise a label on one pod costs as much as everything, so this test compares instances:
 * how much is compared and computed again follows from them.
 */
class PolicySharingTest {

    private static final int POLICIES = 40;
    private static final NamespacedName LOCAL = new NamespacedName("n0", "pod0");

    private final ClusterSnapshot crowd = PolicyBenchmark.crowd(POLICIES);
    private final PolicyPlan plan = compile(crowd, Optional.empty());

    private static PolicyPlan compile(ClusterSnapshot cluster, Optional<PolicyPlan> previous) {
        return PolicyCompiler.compile(cluster, "node", PersistentMap.empty(), List.of(), previous);
    }

    private static ClusterSnapshot relabelled(ClusterSnapshot cluster, Map<String, String> labels) {
        Pod pod = cluster.pods().get(LOCAL).orElseThrow();
        Pod changed = new Pod(LOCAL, Labels.of(labels), pod.node(), pod.addresses(), false, false, pod.ports());
        return cluster.withPods(cluster.pods().with(LOCAL, changed));
    }

    private static ClusterSnapshot with(ClusterSnapshot cluster, NetworkPolicy policy) {
        return cluster.withPolicies(cluster.policies().with(policy.name(), policy));
    }

    private static Group group(PolicyPlan plan) {
        return subject(plan).group(Direction.INGRESS).orElseThrow();
    }

    private static Subject subject(PolicyPlan plan) {
        return Optional.ofNullable(plan.local().subjects().get(new Attached.Key(LOCAL, PodUid.UNKNOWN)))
                .orElseThrow();
    }

    @Test
    void aLabelThatNoPolicySelectsByLeavesTheGroupAlone() {
        PolicyPlan next = compile(relabelled(crowd, Map.of("tier", "other")), Optional.of(plan));
        assertThat(subject(next)).isNotSameAs(subject(plan));
        assertThat(group(next)).isSameAs(group(plan));
        assertThat(next.decisions()).isSameAs(plan.decisions());
    }

    @Test
    void aGroupThatIsMadeAnewGivesWayToAnEqualOne() {
        NetworkPolicy old = crowd.policies().get(new NamespacedName("n0", "p7")).orElseThrow();
        NetworkPolicy equal = new NetworkPolicy(
                old.name(),
                old.podSelector(),
                old.isolatesIngress(),
                old.isolatesEgress(),
                old.ingress(),
                old.egress());
        PolicyPlan next = compile(with(crowd, equal), Optional.of(plan));
        assertThat(group(next)).isSameAs(group(plan));
        assertThat(next.decisions()).isSameAs(plan.decisions());
    }

    @Test
    void aPodThatJoinsAnotherGroupConcernsThatGroupAlone() {
        NetworkPolicy some = PolicyBenchmark.policyForTier("special");
        PolicyPlan before = compile(with(crowd, some), Optional.empty());
        PolicyPlan after = compile(relabelled(with(crowd, some), Map.of("tier", "special")), Optional.of(before));
        Part come = after.decisions().missingFrom(before.decisions());
        assertThat(come.groups().keySet())
                .extracting(Decisions.GroupNumber::direction)
                .containsExactlyInAnyOrder(Direction.values());
        assertThat(come.terms().cardinality()).isEqualTo(POLICIES + 1);
        assertThat(before.decisions().missingFrom(after.decisions()).groups()).isEmpty();
        assertThat(group(after)).isNotEqualTo(group(before));
        assertOneInstanceOfEach(after);
    }

    @Test
    void whatPoliciesDoNotDependOnChangesNothing() {
        NamespacedName name = new NamespacedName("n0", "web");
        Service service = new Service(name, Service.Type.CLUSTER_IP, List.of(), Optional.empty(), false, List.of());
        ClusterSnapshot other = crowd.withServices(crowd.services().with(name, service));
        PolicyPlan next = compile(other, Optional.of(plan));
        assertThat(next.objects()).isSameAs(plan.objects());
        assertThat(next.local()).isSameAs(plan.local());
        assertThat(next.inputs().snapshot())
                .as("the state that is kept in memory")
                .isSameAs(other);
    }

    /** Groups that are equal are the same, so comparing two that differ is over with their hashes. */
    static void assertOneInstanceOfEach(PolicyPlan plan) {
        for (Direction direction : Direction.values()) {
            Set<Group> instances = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
            instances.addAll(plan.decisions().groups(direction));
            plan.local()
                    .subjects()
                    .values()
                    .forEach(subject -> subject.group(direction).ifPresent(instances::add));
            assertThat(instances).hasSameSizeAs(plan.decisions().groups(direction));
        }
    }
}
