package fyr.testkit;

import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.HostPort;
import fyr.model.Labels;
import fyr.model.Locality;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A cluster that changes at random, object by object, and a node's attachments with it. Objects claim the same thing again and again: nodes
 * the same and overlapping blocks, services the same virtual addresses and node ports, pods and attachments the same addresses, under names
 * that had other pods before. The node whose plan is of interest is {@link #SELF}.
 */
public final class RandomHistory {

    /** A node that is always there. */
    public static final String SELF = "self";

    private static final int AGES = 4;
    private static final List<String> NAMESPACES = List.of("default", "shop", "kube-system");

    private final RandomValues values;

    /** From a source of its own, so that host ports leave the rest of a history as it is without them. */
    private final RandomValues ofHostPorts;

    private PersistentMap<String, Node> nodes = PersistentMap.empty();
    private PersistentMap<String, Namespace> namespaces = PersistentMap.empty();
    private PersistentMap<NamespacedName, Pod> pods = PersistentMap.empty();
    private PersistentMap<NamespacedName, Service> services = PersistentMap.empty();
    private PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices = PersistentMap.empty();
    private PersistentMap<NamespacedName, NetworkPolicy> policies = PersistentMap.empty();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();

    /**
     * A history that begins with one node.
     *
     * @param hostile whether objects also claim what cannot be true
     */
    public RandomHistory(RandomGenerator random, Node self, boolean hostile) {
        values = new RandomValues(random, hostile);
        ofHostPorts = new RandomValues(new SplittableRandom(1), hostile);
        nodes = nodes.with(SELF, self);
    }

    /** The cluster now. */
    public ClusterSnapshot snapshot() {
        return ClusterSnapshot.empty()
                .withNodes(nodes)
                .withNamespaces(namespaces)
                .withPods(pods)
                .withServices(services)
                .withEndpointSlices(slices)
                .withPolicies(policies);
    }

    /** The node's attachments now. */
    public PersistentMap<String, Attachment> attachments() {
        return attachments;
    }

    /** One object is created, deleted or changed. */
    public void step() {
        switch (values.below(9)) {
            case 0, 1 -> node();
            case 2 -> namespace();
            case 3 -> pod();
            case 4, 5 -> service();
            case 6 -> slice();
            case 7 -> policy();
            default -> attachment();
        }
    }

    private void node() {
        String name = "node" + values.below(6);
        Node node =
                new Node(name, age(), values.several(3, values::nodeAddress), values.several(3, values::block), zone());
        nodes = values.rarely() ? nodes.without(name) : nodes.with(name, node);
    }

    private Labels zone() {
        return values.rarely() ? Labels.none() : Labels.of(Map.of(Node.ZONE, values.zone()));
    }

    private int age() {
        return 1 + values.below(AGES);
    }

    private void namespace() {
        String name = values.one(NAMESPACES);
        namespaces = values.rarely() ? namespaces.without(name) : namespaces.with(name, new Namespace(name, labels()));
    }

    private Labels labels() {
        return values.rarely() ? Labels.none() : Labels.of(Map.of(values.word(), values.word()));
    }

    private NamespacedName name(String kind) {
        return new NamespacedName(values.one(NAMESPACES), kind + values.below(5));
    }

    private void pod() {
        NamespacedName name = name("pod");
        Pod pod = new Pod(
                name,
                labels(),
                Optional.of(values.one(List.of(SELF, "node1", ""))).filter(node -> !node.isEmpty()),
                values.several(3, values::podAddress),
                values.rarely(),
                values.rarely(),
                values.several(2, () -> new Pod.ContainerPort(values.word(), values.protocol(), values.port())),
                uid());
        pods = values.rarely() ? pods.without(name) : pods.with(name, pod);
    }

    /** So few that a pod of the API server often is the one that was attached, and often another one of the same name. */
    private long uid() {
        return values.below(3);
    }

    private void service() {
        NamespacedName name = name("service");
        Service service = new Service(
                name,
                age(),
                values.one(List.of(Service.Type.values())),
                values.several(3, values::clusterIp),
                Optional.of(values.word()),
                values.rarely(),
                values.rarely(),
                values.several(
                        3,
                        () -> new Service.Port(
                                values.word(),
                                values.protocol(),
                                values.port(),
                                values.rarely() ? 30000 + values.below(2) : 0)),
                values.below(3) == 0 ? traffic() : ServiceTraffic.USUAL);
        services = values.rarely() ? services.without(name) : services.with(name, service);
    }

    private ServiceTraffic traffic() {
        return new ServiceTraffic(
                values.one(List.of(ServiceTraffic.Policy.values())),
                values.one(List.of(ServiceTraffic.Policy.values())),
                values.rarely() ? Optional.of(Duration.ofSeconds(1L + values.below(3))) : Optional.empty(),
                values.several(1, () -> values.rarely() ? values.nodeAddress() : values.externalIp()),
                values.several(2, values::externalIp),
                values.several(2, values::block));
    }

    private void slice() {
        NamespacedName service = name("service");
        Family family = values.one(List.of(Family.values()));
        NamespacedName name = new NamespacedName(service.namespace(), service.name() + "-" + values.below(2));
        EndpointSlice slice = new EndpointSlice(
                name,
                service,
                family,
                values.several(2, () -> new EndpointSlice.Port(values.word(), values.protocol(), values.port())),
                values.several(4, this::endpoint).stream()
                        .filter(endpoint -> endpoint.addresses().getFirst().family() == family)
                        .toList());
        PersistentMap<NamespacedName, EndpointSlice> others =
                slices.get(service).orElse(PersistentMap.empty());
        PersistentMap<NamespacedName, EndpointSlice> group =
                values.rarely() ? others.without(name) : others.with(name, slice);
        slices = group.isEmpty() ? slices.without(service) : slices.with(service, group);
    }

    private EndpointSlice.Endpoint endpoint() {
        return new EndpointSlice.Endpoint(
                List.of(values.podAddress()),
                new EndpointSlice.Traits(
                        !values.rarely(),
                        !values.rarely(),
                        values.rarely(),
                        Optional.of(values.word()).filter(hostname -> !hostname.isEmpty()),
                        locality()));
    }

    private Locality locality() {
        Locality.Hints hints = values.rarely()
                ? Locality.Hints.NONE
                : new Locality.Hints(values.several(2, values::zone), values.several(1, this::nodeName));
        return new Locality(nodeName(), values.zone(), hints);
    }

    private String nodeName() {
        return values.one(List.of(SELF, SELF, "node1", ""));
    }

    private void policy() {
        NamespacedName name = name("policy");
        NetworkPolicy policy = new NetworkPolicy(
                name,
                selector(),
                !values.rarely(),
                values.rarely(),
                values.several(2, this::rule),
                values.several(2, this::rule));
        policies = values.rarely() ? policies.without(name) : policies.with(name, policy);
    }

    private LabelSelector selector() {
        return new LabelSelector(values.several(
                1,
                () -> new LabelSelector.Requirement(
                        values.word(), values.one(List.of(LabelSelector.Operator.values())), Set.of(values.word()))));
    }

    private NetworkPolicy.Rule rule() {
        return new NetworkPolicy.Rule(values.several(2, this::peer), values.several(2, this::policyPort));
    }

    private PolicyPeer peer() {
        return values.rarely()
                ? new PolicyPeer.IpBlock(values.block(), values.several(2, values::anyBlock))
                : new PolicyPeer.Pods(Optional.of(selector()).filter(_ -> values.rarely()), Optional.of(selector()));
    }

    private PolicyPort policyPort() {
        return switch (values.below(3)) {
            case 0 -> new PolicyPort.All(values.protocol());
            case 1 -> new PolicyPort.Named(values.protocol(), values.word());
            default -> {
                int first = values.port();
                yield new PolicyPort.Range(values.protocol(), first, Math.min(65535, first + values.below(9)));
            }
        };
    }

    private void attachment() {
        int number = values.below(6);
        String key = "c" + number + "/eth0";
        Attachment attachment = new Attachment(
                "c" + number,
                "eth0",
                "fyr" + number,
                MacAddress.local(number),
                values.several(2, values::podAddress),
                name("pod"),
                uid(),
                ofHostPorts.several(2, this::hostPort));
        attachments = values.rarely() ? attachments.without(key) : attachments.with(key, attachment);
    }

    /** Often one that another attachment has, or that is the node port of a service. */
    private HostPort hostPort() {
        Optional<IpAddress> address = switch (ofHostPorts.below(5)) {
            case 0, 1 -> Optional.empty();
            case 2 -> Optional.of(IpAddress.parse("0.0.0.0"));
            case 3 -> Optional.of(IpAddress.parse("::"));
            default -> Optional.of(ofHostPorts.nodeAddress());
        };
        int port = ofHostPorts.rarely() ? 4789 : 30000 + ofHostPorts.below(3);
        return new HostPort(address, ofHostPorts.protocol(), port, ofHostPorts.port());
    }
}
