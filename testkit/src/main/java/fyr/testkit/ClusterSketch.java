package fyr.testkit;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster in the words of a test: each method returns a new snapshot with one thing added, changed or removed. */
public record ClusterSketch(ClusterSnapshot snapshot) {

    public static ClusterSketch empty() {
        return new ClusterSketch(ClusterSnapshot.empty());
    }

    public ClusterSketch node(String name, List<String> addresses, List<String> podCidrs) {
        Node node = new Node(
                name,
                addresses.stream().map(IpAddress::parse).toList(),
                podCidrs.stream().map(Prefix::parse).toList());
        return node(node);
    }

    public ClusterSketch node(Node node) {
        return nodes(snapshot.nodes().with(node.name(), node));
    }

    public ClusterSketch withoutNode(String name) {
        return nodes(snapshot.nodes().without(name));
    }

    private ClusterSketch nodes(PersistentMap<String, Node> nodes) {
        return new ClusterSketch(snapshot.withNodes(nodes));
    }

    public ClusterSketch namespace(String name, Map<String, String> labels) {
        return new ClusterSketch(
                snapshot.withNamespaces(snapshot.namespaces().with(name, new Namespace(name, Labels.of(labels)))));
    }

    public ClusterSketch pod(String namespace, String name, Map<String, String> labels, String... addresses) {
        NamespacedName key = new NamespacedName(namespace, name);
        Pod pod = new Pod(
                key,
                Labels.of(labels),
                Optional.of("node1"),
                Arrays.stream(addresses).map(IpAddress::parse).toList(),
                false,
                false,
                List.of());
        return new ClusterSketch(snapshot.withPods(snapshot.pods().with(key, pod)));
    }

    /** A service of namespace {@code default} with one TCP port named {@code http}. */
    public ClusterSketch service(String name, int port, int nodePort, String... clusterIps) {
        return service(new Service(
                new NamespacedName("default", name),
                nodePort == 0 ? Service.Type.CLUSTER_IP : Service.Type.NODE_PORT,
                Arrays.stream(clusterIps).map(IpAddress::parse).toList(),
                Optional.empty(),
                false,
                List.of(new Service.Port("http", Protocol.TCP, port, nodePort))));
    }

    public ClusterSketch service(Service service) {
        return services(snapshot.services().with(service.name(), service), snapshot.endpointSlices());
    }

    public ClusterSketch withoutService(String name) {
        return services(snapshot.services().without(new NamespacedName("default", name)), snapshot.endpointSlices());
    }

    /** The only slice of one family of a service of namespace {@code default}: ready endpoints for its port {@code http}. */
    public ClusterSketch endpoints(String service, Family family, int port, String... addresses) {
        NamespacedName owner = new NamespacedName("default", service);
        NamespacedName name =
                new NamespacedName("default", service + "-" + family.name().toLowerCase(java.util.Locale.ROOT));
        List<EndpointSlice.Endpoint> endpoints = Arrays.stream(addresses)
                .map(address -> new EndpointSlice.Endpoint(
                        List.of(IpAddress.parse(address)), true, true, false, Optional.empty()))
                .toList();
        EndpointSlice slice = new EndpointSlice(
                name, owner, family, List.of(new EndpointSlice.Port("http", Protocol.TCP, port)), endpoints);
        return slice(slice);
    }

    public ClusterSketch slice(EndpointSlice slice) {
        PersistentMap<NamespacedName, EndpointSlice> slices = snapshot.endpointSlices()
                .get(slice.service())
                .orElse(PersistentMap.empty())
                .with(slice.name(), slice);
        return services(snapshot.services(), snapshot.endpointSlices().with(slice.service(), slices));
    }

    private ClusterSketch services(
            PersistentMap<NamespacedName, Service> services,
            PersistentMap<NamespacedName, PersistentMap<NamespacedName, EndpointSlice>> slices) {
        return new ClusterSketch(snapshot.withServices(services).withEndpointSlices(slices));
    }
}
