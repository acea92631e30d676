package fyr.compiler.policy;

import fyr.kernel.Delta;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Prints how long compiling takes and how much memory it keeps. Run by hand: {@code java -Xmx1g ... PolicyBenchmark}. */
final class PolicyBenchmark {

    private static final int LOCAL_PODS = 110;
    private static final List<IpAddress> DNS = List.of(IpAddress.parse("10.96.0.10"));

    private PolicyBenchmark() {}

    public static void main(String[] arguments) {
        report("25,000 namespaces, 100,000 pods, 75,000 policies", spread());
        report("1 namespace, 10,000 pods, 10,000 policies that select all", crowd(10_000));
    }

    private static void report(String name, ClusterSnapshot cluster) {
        System.out.println(name);
        for (int run = 0; run < 3; run++) {
            long start = System.nanoTime();
            long processor = processorMilliseconds();
            PolicyPlan plan = compile(cluster, Optional.empty());
            System.out.printf(
                    "  compiled in %.0f ms (CPU %d ms): %d objects%n",
                    milliseconds(start),
                    processorMilliseconds() - processor,
                    plan.objects().size());
        }
        PolicyPlan plan = compile(cluster, Optional.empty());
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "  heap in use with cluster and plan: %d MB%n", runtime.totalMemory() - runtime.freeMemory() >> 20);
        changes("one label of a remote pod", cluster, plan, 1, run -> "t" + run);
        changes("one label of a local pod", cluster, plan, 0, run -> "t" + run);
        PersistentMap<NamespacedName, NetworkPolicy> more = cluster.policies();
        for (int tier = 0; tier < 8; tier++) {
            more = add(more, policyForTier("s" + tier));
        }
        ClusterSnapshot selective = cluster.withPolicies(more);
        changes(
                "a local pod goes to another group",
                selective,
                compile(selective, Optional.empty()),
                0,
                run -> "s" + run % 7);
        long start = System.nanoTime();
        ClusterSnapshot fewer = cluster.withPolicies(cluster.policies().without(new NamespacedName("n0", "p0")));
        PolicyPlan after = compile(fewer, Optional.of(plan));
        System.out.printf("  a policy removed: %.1f ms, %s%n", milliseconds(start), delta(plan, after));
    }

    private static void changes(
            String what, ClusterSnapshot cluster, PolicyPlan plan, int remainder, IntFunction<String> tiers) {
        ClusterSnapshot state = cluster;
        PolicyPlan current = plan;
        double worst = 0;
        double sum = 0;
        String delta = "";
        int runs = 60;
        long processor = processorMilliseconds();
        for (int run = 0; run < runs; run++) {
            NamespacedName name = podName(cluster, 2 * (run % 40) + remainder);
            Pod pod = state.pods().get(name).orElseThrow();
            Labels labels = Labels.of(Map.of("app", "a" + run % 7, "tier", tiers.apply(run)));
            Pod changed =
                    new Pod(name, labels, pod.node(), pod.addresses(), pod.hostNetwork(), pod.finished(), pod.ports());
            state = state.withPods(state.pods().with(name, changed));
            long start = System.nanoTime();
            PolicyPlan next = compile(state, Optional.of(current));
            double took = milliseconds(start);
            if (run >= runs / 2) {
                worst = Math.max(worst, took);
                sum += took;
            }
            delta = delta(current, next);
            current = next;
        }
        System.out.printf(
                "  %s: mean %.2f ms, worst %.2f ms, CPU %.2f ms, last %s%n",
                what, sum / (runs / 2), worst, (double) (processorMilliseconds() - processor) / runs, delta);
    }

    private static String delta(PolicyPlan before, PolicyPlan after) {
        var delta = Delta.between(before.objects(), after.objects());
        return "+" + delta.upserts().size() + " -" + delta.deletes().size() + " elements";
    }

    private static NamespacedName podName(ClusterSnapshot cluster, int number) {
        return new NamespacedName("n" + number / 4 % cluster.namespaces().size(), "pod" + number);
    }

    private static PolicyPlan compile(ClusterSnapshot cluster, Optional<PolicyPlan> previous) {
        return PolicyCompiler.compile(cluster, "node", PersistentMap.empty(), DNS, previous);
    }

    private static double milliseconds(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** CPU time of the whole process: what a loaded machine cannot distort. */
    private static long processorMilliseconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    private static ClusterSnapshot spread() {
        PersistentMap<String, Namespace> namespaces = namespaces(25_000);
        PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
        for (int i = 0; i < 25_000; i++) {
            for (int j = 0; j < 3; j++) {
                PolicyPeer own = new PolicyPeer.Pods(Optional.empty(), Optional.of(app("a" + j)));
                PolicyPeer others =
                        new PolicyPeer.Pods(Optional.of(label("team", "t" + i % 50)), Optional.of(app("a" + j)));
                policies = add(policies, policy("n" + i, "p" + j, app("a" + j), List.of(own, others), 80 + j));
            }
        }
        return cluster(namespaces, pods(100_000, 25_000), policies);
    }

    static ClusterSnapshot crowd(int size) {
        PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
        for (int i = 0; i < size; i++) {
            PolicyPeer peer = new PolicyPeer.Pods(Optional.empty(), Optional.of(label("tier", "t" + i)));
            policies = add(policies, policy("n0", "p" + i, LabelSelector.everything(), List.of(peer), 1 + i % 1000));
        }
        return cluster(namespaces(1), pods(size, 1), policies);
    }

    private static PersistentMap<NamespacedName, NetworkPolicy> add(
            PersistentMap<NamespacedName, NetworkPolicy> policies, NetworkPolicy policy) {
        return policies.with(policy.name(), policy);
    }

    private static NetworkPolicy policy(
            String namespace, String name, LabelSelector pods, List<PolicyPeer> peers, int port) {
        NetworkPolicy.Rule rule =
                new NetworkPolicy.Rule(peers, List.of(new PolicyPort.Range(Protocol.TCP, port, port)));
        return new NetworkPolicy(new NamespacedName(namespace, name), pods, true, true, List.of(rule), List.of(rule));
    }

    /** One that selects, in the crowd's namespace, pods of one tier only. */
    static NetworkPolicy policyForTier(String tier) {
        PolicyPeer peer = new PolicyPeer.Pods(Optional.empty(), Optional.of(label("tier", "t-" + tier)));
        return policy("n0", "for-" + tier, label("tier", tier), List.of(peer), 7);
    }

    private static LabelSelector app(String value) {
        return label("app", value);
    }

    private static LabelSelector label(String key, String value) {
        return new LabelSelector(List.of(new LabelSelector.Requirement(key, LabelSelector.Operator.IN, Set.of(value))));
    }

    private static PersistentMap<String, Namespace> namespaces(int count) {
        PersistentMap<String, Namespace> namespaces = PersistentMap.empty();
        for (int i = 0; i < count; i++) {
            namespaces = namespaces.with("n" + i, new Namespace("n" + i, Labels.of(Map.of("team", "t" + i % 50))));
        }
        return namespaces;
    }

    private static PersistentMap<NamespacedName, Pod> pods(int count, int namespaces) {
        PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();
        for (int i = 0; i < count; i++) {
            NamespacedName name = new NamespacedName("n" + i / 4 % namespaces, "pod" + i);
            boolean local = i % 2 == 0 && i < 2 * LOCAL_PODS;
            List<IpAddress> addresses = List.of(new Ipv4Address(0x0a000000 + i), new Ipv6Address(0xfd00L << 48, i));
            Labels labels = Labels.of(Map.of("app", "a" + i % 4, "tier", "t" + i));
            pods = pods.with(
                    name,
                    new Pod(name, labels, Optional.of(local ? "node" : "other"), addresses, false, false, List.of()));
        }
        return pods;
    }

    private static ClusterSnapshot cluster(
            PersistentMap<String, Namespace> namespaces,
            PersistentMap<NamespacedName, Pod> pods,
            PersistentMap<NamespacedName, NetworkPolicy> policies) {
        return ClusterSnapshot.empty().withNamespaces(namespaces).withPods(pods).withPolicies(policies);
    }
}
