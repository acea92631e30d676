package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.policy.number.Numbers;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.policy.Action;
import fyr.policy.PeerTerm;
import fyr.policy.PortTerm;
import fyr.policy.TierPolicy;
import fyr.policy.TierRule;
import fyr.policy.Tiers;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A node that knows only the pods that its policies refer to has the plan of one that knows all. */
class PodsOfPolicyTest {

    @Test
    void whatIsLeftOutMakesNoDifference() {
        int without = 0;
        int some = 0;
        for (long seed = 1; seed <= 60; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            for (int step = 0; step < 30; step++) {
                ClusterSnapshot whole = possible(cluster.snapshot());
                Set<PodScope> scopes = scopes(whole);
                ClusterSnapshot part = part(whole, scopes, new SplittableRandom(seed));
                assertSame("seed " + seed + ", step " + step + ", " + scopes, cluster, part, whole, Tiers.of(whole));
                without += scopes.isEmpty() ? 1 : 0;
                some += part.pods().size() < whole.pods().size() ? 1 : 0;
                cluster.step();
            }
        }
        assertThat(without)
                .as("clusters in which the node needs its own pods only")
                .isGreaterThan(20);
        assertThat(some).as("clusters in which some pods are left out").isGreaterThan(200);
    }

    @Test
    void nothingThatTiersReferToIsLeftOut() {
        int some = 0;
        int every = 0;
        for (long seed = 1; seed <= 60; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            RandomTiers random =
                    seed % 3 == 0 ? new RandomTiers(cluster, Action.values()) : new RandomTiers(cluster, Action.ACCEPT);
            for (int step = 0; step < 20; step++) {
                ClusterSnapshot whole = possible(cluster.snapshot());
                Tiers tiers = random.tiers();
                Set<PodScope> scopes = scopes(whole);
                tiers.policies().forEach(policy -> scopes.addAll(PodsOfPolicy.of(policy, whole.namespaces())));
                ClusterSnapshot part = part(whole, scopes, new SplittableRandom(seed));
                assertSame("seed " + seed + ", step " + step + ", " + scopes, cluster, part, whole, tiers);
                some += part.pods().size() < whole.pods().size() ? 1 : 0;
                every += scopes.contains(new PodScope.Everywhere()) ? 1 : 0;
                if (step % 2 == 0) {
                    cluster.step();
                } else {
                    random.step();
                }
            }
        }
        assertThat(some).as("clusters in which some pods are left out").isGreaterThan(100);
        assertThat(every).as("clusters in which all pods must be known").isGreaterThan(100);
    }

    @Test
    void whatIsDeniedToSomePodsNeedsAllPods() {
        PersistentMap<String, Namespace> namespaces =
                PersistentMap.<String, Namespace>empty().with("bad", new Namespace("bad", Labels.none()));
        PeerTerm bad = new PeerTerm.Pods(Optional.of("bad"), LabelSelector.everything(), LabelSelector.everything());
        assertThat(scopes(Action.ACCEPT, bad, namespaces)).containsExactly(new PodScope.Namespaced("bad"));
        assertThat(scopes(Action.DENY, bad, namespaces)).containsExactly(new PodScope.Everywhere());
        assertThat(scopes(Action.PASS, bad, namespaces)).containsExactly(new PodScope.Everywhere());
        assertThat(scopes(Action.DENY, new PeerTerm.Any(), namespaces)).isEmpty();
    }

    private static Set<PodScope> scopes(Action action, PeerTerm peer, PersistentMap<String, Namespace> namespaces) {
        TierRule rule = new TierRule(action, List.of(peer), List.of(new PortTerm.Any()));
        PeerTerm.Pods subject =
                new PeerTerm.Pods(Optional.empty(), LabelSelector.everything(), LabelSelector.everything());
        return PodsOfPolicy.of(new TierPolicy("policy", subject, List.of(rule), List.of()), namespaces);
    }

    private static void assertSame(
            String where, RandomCluster cluster, ClusterSnapshot part, ClusterSnapshot whole, Tiers tiers) {
        PolicyPlan ofPart = plan(cluster, part, tiers);
        PolicyPlan ofWhole = plan(cluster, whole, tiers);
        assertThat(ofPart.objects().equals(ofWhole.objects()))
                .as("%s: %s", where, difference(ofPart, ofWhole))
                .isTrue();
    }

    private static String difference(PolicyPlan part, PolicyPlan whole) {
        StringBuilder text = new StringBuilder();
        whole.objects()
                .differences(
                        part.objects(),
                        (key, was, is) -> text.append("\n").append(key + ": " + was + " instead of " + is));
        return text.toString();
    }

    /**
     * No pods of other nodes in a namespace that does not exist: of those the API server tells only while one watch is behind the other. And
     * none that says to have the address of another pod: what that means for the address only those can know who know both.
     */
    private static ClusterSnapshot possible(ClusterSnapshot snapshot) {
        Set<IpAddress> taken = new HashSet<>();
        PersistentMap<NamespacedName, Pod> pods = snapshot.pods();
        List<Pod> ownFirst = snapshot.pods().sorted().values().stream()
                .sorted(Comparator.comparing(pod -> !own(pod)))
                .toList();
        for (Pod pod : ownFirst) {
            boolean nowhere = !snapshot.namespaces().containsKey(pod.name().namespace());
            boolean left = !own(pod) && (nowhere || pod.addresses().stream().anyMatch(taken::contains));
            if (left) {
                pods = pods.without(pod.name());
            } else {
                taken.addAll(pod.addresses());
            }
        }
        return with(snapshot, pods);
    }

    private static ClusterSnapshot with(ClusterSnapshot whole, PersistentMap<NamespacedName, Pod> pods) {
        return whole.withPods(pods);
    }

    private static Set<String> ownNamespaces(ClusterSnapshot whole) {
        Set<String> namespaces = new HashSet<>();
        whole.pods().forEach((name, pod) -> {
            if (own(pod)) {
                namespaces.add(name.namespace());
            }
        });
        return namespaces;
    }

    private static Set<PodScope> scopes(ClusterSnapshot whole) {
        Set<String> namespaces = ownNamespaces(whole);
        Set<PodScope> scopes = new TreeSet<>();
        whole.policies().forEach((name, policy) -> {
            if (namespaces.contains(name.namespace())) {
                scopes.addAll(PodsOfPolicy.of(policy, whole.namespaces()));
            }
        });
        return scopes;
    }

    /** Pods that are not wanted may be there all the same, as they are for a while after they were. */
    private static ClusterSnapshot part(ClusterSnapshot whole, Set<PodScope> scopes, SplittableRandom random) {
        boolean[] lingers = {random.nextBoolean()};
        PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();
        for (var entry : whole.pods().sorted().entrySet()) {
            Pod pod = entry.getValue();
            boolean wanted = scopes.contains(new PodScope.Everywhere())
                    || scopes.contains(new PodScope.Namespaced(pod.name().namespace()));
            if (own(pod) || pod.networked() && (wanted || lingers[0] && random.nextInt(4) == 0)) {
                pods = pods.with(entry.getKey(), pod);
            }
        }
        return with(whole, pods);
    }

    private static boolean own(Pod pod) {
        return pod.node().equals(Optional.of(RandomCluster.NODE));
    }

    /** To an attached pod of which the API server has not told nothing is allowed, whoever its policies speak of. */
    private static PolicyPlan plan(RandomCluster cluster, ClusterSnapshot snapshot, Tiers tiers) {
        Set<String> namespaces = ownNamespaces(snapshot);
        PersistentMap<String, Attachment> attachments = cluster.attachments();
        for (Attachment each : attachments.sorted().values()) {
            attachments =
                    namespaces.contains(each.pod().namespace()) ? attachments : attachments.without(each.containerId());
        }
        return PolicyCompiler.compile(
                new PolicyPlan.Inputs(snapshot, tiers, RandomCluster.NODE, attachments, RandomCluster.DNS),
                Optional.empty(),
                Numbers.ALL_BITS);
    }
}
