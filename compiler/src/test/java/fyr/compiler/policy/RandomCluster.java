package fyr.compiler.policy;

import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A small cluster in which everything is possible and anything may conflict; changed step by step. */
final class RandomCluster {

    static final List<IpAddress> DNS = List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd96::a"));
    static final String NODE = "a";
    private static final int PODS = 14;

    private final SplittableRandom random;
    private ClusterSnapshot snapshot = ClusterSnapshot.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();

    RandomCluster(long seed) {
        random = new SplittableRandom(seed);
        PersistentMap<String, Node> nodes = PersistentMap.empty();
        for (String name : List.of("a", "b")) {
            nodes = nodes.with(name, node(name));
        }
        replace(nodes, snapshot.namespaces(), snapshot.pods(), snapshot.policies());
        for (int i = 0; i < 4; i++) {
            namespace();
        }
        for (int i = 0; i < PODS; i++) {
            pod(i);
        }
        int policies = random.nextInt(8);
        for (int i = 0; i < policies; i++) {
            policy(i);
        }
    }

    ClusterSnapshot snapshot() {
        return snapshot;
    }

    PersistentMap<String, Attachment> attachments() {
        return attachments;
    }

    SplittableRandom random() {
        return random;
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0 -> namespace();
            case 1, 2, 3, 4 -> pod(random.nextInt(PODS));
            case 5 -> removePod(random.nextInt(PODS));
            case 6 -> attach(random.nextInt(PODS));
            case 7, 8 -> policy(random.nextInt(8));
            default ->
                replace(
                        snapshot.nodes(),
                        snapshot.namespaces(),
                        snapshot.pods(),
                        snapshot.policies().without(policyName(random.nextInt(8))));
        }
    }

    private void replace(
            PersistentMap<String, Node> nodes,
            PersistentMap<String, Namespace> namespaces,
            PersistentMap<NamespacedName, Pod> pods,
            PersistentMap<NamespacedName, NetworkPolicy> policies) {
        snapshot = snapshot.withNodes(nodes)
                .withNamespaces(namespaces)
                .withPods(pods)
                .withPolicies(policies);
    }

    private static Node node(String name) {
        int number = name.charAt(0) - 'a' + 1;
        return new Node(
                name,
                List.of(IpAddress.parse("192.168.0." + number), IpAddress.parse("fd00::" + number)),
                List.of(Prefix.parse("10.244." + number + ".0/24"), Prefix.parse("fd01:0:0:" + number + "::/64")));
    }

    private void namespace() {
        String name = namespaceName(random.nextInt(4));
        if (random.nextInt(6) == 0) {
            replace(snapshot.nodes(), snapshot.namespaces().without(name), snapshot.pods(), snapshot.policies());
        } else {
            Namespace namespace = new Namespace(name, labels());
            replace(
                    snapshot.nodes(),
                    snapshot.namespaces().with(name, namespace),
                    snapshot.pods(),
                    snapshot.policies());
        }
    }

    private static String namespaceName(int number) {
        return List.of("n0", "n1", "n2", "kube-system").get(number);
    }

    private static NamespacedName podName(int number) {
        return new NamespacedName(namespaceName(number % 3), "p" + number);
    }

    private static NamespacedName policyName(int number) {
        return new NamespacedName(namespaceName(number % 3), "q" + number);
    }

    static List<IpAddress> addresses(int pod) {
        int node = pod % 2 + 1;
        return List.of(
                IpAddress.parse("10.244." + node + "." + (10 + pod)),
                IpAddress.parse("fd01:0:0:" + node + "::" + (10 + pod)));
    }

    private void pod(int number) {
        List<Pod.ContainerPort> ports = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ports.add(new Pod.ContainerPort(portName(), protocol(), port()));
        }
        Pod pod = new Pod(
                podName(number),
                labels(),
                Optional.of(number % 2 == 0 ? "a" : "b"),
                statusAddresses(number),
                random.nextInt(12) == 0,
                random.nextInt(12) == 0,
                ports,
                random.nextInt(1, 3));
        replace(snapshot.nodes(), snapshot.namespaces(), snapshot.pods().with(pod.name(), pod), snapshot.policies());
        if (number % 2 == 0 && random.nextBoolean()) {
            attach(number);
        }
    }

    /** Sometimes those of another pod: one that is gone, and of which the API server does not know it yet. */
    private List<IpAddress> statusAddresses(int number) {
        return switch (random.nextInt(20)) {
            case 0, 1 -> List.of();
            case 2 -> addresses(random.nextInt(PODS));
            default -> addresses(number);
        };
    }

    private void removePod(int number) {
        replace(snapshot.nodes(), snapshot.namespaces(), snapshot.pods().without(podName(number)), snapshot.policies());
        attachments = attachments.without("c" + number).without("d" + number);
    }

    private void attach(int number) {
        boolean second = random.nextInt(4) == 0;
        String key = (second ? "d" : "c") + number;
        if (number % 2 == 1) {
            return;
        }
        attachments = attachments.containsKey(key)
                ? attachments.without(key)
                : attachments.with(
                        key,
                        new Attachment(
                                key,
                                "eth0",
                                "fyr" + number,
                                MacAddress.parse("02:00:00:00:00:01"),
                                addresses(second ? number + PODS : number),
                                podName(number),
                                number % 4 == 0 ? PodUid.UNKNOWN : random.nextInt(1, 3)));
    }

    private Labels labels() {
        Map<String, String> labels = new TreeMap<>();
        for (String key : List.of("x", "y")) {
            if (random.nextInt(3) > 0) {
                labels.put(key, Integer.toString(random.nextInt(2)));
            }
        }
        return Labels.of(labels);
    }

    LabelSelector selector() {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            LabelSelector.Operator operator = LabelSelector.Operator.values()[random.nextInt(4)];
            Set<String> values = new TreeSet<>();
            if (operator == LabelSelector.Operator.IN || operator == LabelSelector.Operator.NOT_IN) {
                values.add(Integer.toString(random.nextInt(2)));
                values.add(Integer.toString(random.nextInt(3)));
            }
            requirements.add(new LabelSelector.Requirement(random.nextBoolean() ? "x" : "y", operator, values));
        }
        return new LabelSelector(requirements);
    }

    private void policy(int number) {
        boolean ingress = random.nextBoolean();
        NetworkPolicy policy = new NetworkPolicy(
                policyName(number),
                selector(),
                ingress,
                !ingress || random.nextBoolean(),
                several(this::rule),
                several(this::rule));
        replace(
                snapshot.nodes(),
                snapshot.namespaces(),
                snapshot.pods(),
                snapshot.policies().with(policy.name(), policy));
    }

    <T> List<T> several(Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    private NetworkPolicy.Rule rule() {
        return new NetworkPolicy.Rule(several(this::peer), several(this::policyPort));
    }

    private PolicyPeer peer() {
        return switch (random.nextInt(6)) {
            case 0 -> new PolicyPeer.Pods(Optional.empty(), Optional.of(selector()));
            case 1 -> new PolicyPeer.Pods(Optional.of(selector()), Optional.empty());
            case 2 -> new PolicyPeer.Pods(Optional.of(selector()), Optional.of(selector()));
            case 3 -> dnsPeer();
            default -> block();
        };
    }

    PolicyPeer dnsPeer() {
        var name = new LabelSelector.Requirement(
                "kubernetes.io/metadata.name", LabelSelector.Operator.IN, Set.of("kube-system"));
        var app = new LabelSelector.Requirement("k8s-app", LabelSelector.Operator.IN, Set.of("kube-dns"));
        return new PolicyPeer.Pods(
                Optional.of(new LabelSelector(List.of(name))), Optional.of(new LabelSelector(List.of(app))));
    }

    PolicyPeer block() {
        boolean four = random.nextBoolean();
        IpAddress inside = someAddress(four);
        int bits = inside.family().bits();
        int length = random.nextInt(5) == 0 ? 0 : bits - random.nextInt(12);
        List<Prefix> except = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            except.add(Prefix.containing(someAddress(four), Math.min(bits, length + 1 + random.nextInt(10))));
        }
        return new PolicyPeer.IpBlock(Prefix.containing(inside, length), except);
    }

    /** Of a pod, of the DNS, of the world or of a node. */
    IpAddress someAddress(boolean four) {
        int family = four ? 0 : 1;
        return switch (random.nextInt(8)) {
            case 0 -> DNS.get(family);
            case 1 -> IpAddress.parse(four ? "203.0.113." + random.nextInt(6) : "2001:db8::" + random.nextInt(6));
            case 2 -> node(random.nextBoolean() ? "a" : "b").addresses().get(family);
            case 3 -> IpAddress.parse(four ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
            default ->
                addresses(random.nextInt(PODS) + (random.nextInt(8) == 0 ? PODS : 0))
                        .get(family);
        };
    }

    PolicyPort policyPort() {
        return switch (random.nextInt(4)) {
            case 0 -> new PolicyPort.All(protocol());
            case 1 -> new PolicyPort.Named(protocol(), portName());
            case 2 -> {
                int first = port();
                yield new PolicyPort.Range(protocol(), first, Math.min(65535, first + random.nextInt(4)));
            }
            default -> {
                int one = port();
                yield new PolicyPort.Range(protocol(), one, one);
            }
        };
    }

    Protocol protocol() {
        return Protocol.values()[random.nextInt(3)];
    }

    int port() {
        return random.nextInt(8) == 0 ? 53 : random.nextInt(12) == 0 ? 65535 : 80 + random.nextInt(5);
    }

    private String portName() {
        return List.of("web", "db", "dns").get(random.nextInt(3));
    }
}
