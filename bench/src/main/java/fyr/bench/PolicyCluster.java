package fyr.bench;

import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster of pods and policies, the worst sort of them: one namespace, every policy selects every pod, and each lets another label in at
 * another port. One more policy lets {@link RoutedPair}'s client reach its server, so that connections are made however many there are.
 */
final class PolicyCluster {

    private static final String NAMESPACE = "default";
    private static final int LOCAL_PODS = 110;
    private static final IpAddress FIRST_POD = IpAddress.parse("10.128.0.1");
    private static final IpAddress FIRST_POD6 = IpAddress.parse("fd00:10:128::1");

    private PolicyCluster() {}

    static ClusterSnapshot of(int policies, int pods) {
        PersistentMap<NamespacedName, NetworkPolicy> all = PersistentMap.empty();
        for (int i = 0; i < policies; i++) {
            all = all.with(name("policy-" + i), policy("policy-" + i, label("tier", "t" + i), 1 + i % 1000));
        }
        if (policies > 0) {
            all = all.with(name("bench"), policy("bench", label("app", "client"), RoutedPair.PORT));
        }
        PersistentMap<NamespacedName, Pod> everybody = PersistentMap.empty();
        everybody = add(everybody, pod("client", BenchNode.NAME, "client", "none", List.of(RoutedPair.CLIENT)));
        everybody = add(everybody, pod("server", BenchNode.NAME, "server", "none", List.of(RoutedPair.SERVER)));
        for (int i = 0; i < pods; i++) {
            everybody = add(everybody, pod(i, "t" + i));
        }
        PersistentMap<String, Namespace> namespaces =
                ClusterSnapshot.empty().namespaces().with(NAMESPACE, new Namespace(NAMESPACE, Labels.none()));
        return ClusterSnapshot.empty()
                .withNamespaces(namespaces)
                .withPods(everybody)
                .withPolicies(all);
    }

    /** The same with another label on one pod. */
    static ClusterSnapshot changed(ClusterSnapshot cluster, int pod, int generation) {
        return cluster.withPods(add(cluster.pods(), pod(pod, "t" + generation)));
    }

    private static PersistentMap<NamespacedName, Pod> add(PersistentMap<NamespacedName, Pod> pods, Pod pod) {
        return pods.with(pod.name(), pod);
    }

    private static NamespacedName name(String name) {
        return new NamespacedName(NAMESPACE, name);
    }

    /** The first pods of even number are on the node. */
    private static Pod pod(int number, String tier) {
        boolean local = number % 2 == 0 && number < 2 * LOCAL_PODS;
        return pod(
                "pod-" + number,
                local ? BenchNode.NAME : "elsewhere",
                "a" + number % 4,
                tier,
                List.of(FIRST_POD.plus(number), FIRST_POD6.plus(number)));
    }

    private static Pod pod(String name, String node, String app, String tier, List<IpAddress> addresses) {
        Labels labels = Labels.of(Map.of("app", app, "tier", tier));
        return new Pod(name(name), labels, Optional.of(node), addresses, false, false, List.of());
    }

    private static NetworkPolicy policy(String name, LabelSelector from, int port) {
        NetworkPolicy.Rule rule = new NetworkPolicy.Rule(
                List.of(new PolicyPeer.Pods(Optional.empty(), Optional.of(from))),
                List.of(new PolicyPort.Range(Protocol.TCP, port, port)));
        return new NetworkPolicy(name(name), LabelSelector.everything(), true, false, List.of(rule), List.of());
    }

    private static LabelSelector label(String key, String value) {
        return new LabelSelector(List.of(new LabelSelector.Requirement(key, LabelSelector.Operator.IN, Set.of(value))));
    }
}
