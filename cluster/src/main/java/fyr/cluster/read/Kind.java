package fyr.cluster.read;

import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Service;
import fyr.model.policy.NetworkPolicy;

/**
 * A kind of object that the agent follows.
 *
 * @param name as in {@code kind:}
 * @param path where its objects of all namespaces are listed
 */
public record Kind<K, V>(String name, String path, Reader<K, V> reader) {

    public static final Kind<String, Node> NODE =
            new Kind<>("Node", "/api/v1/nodes", new ObjectReader<>((namespace, name) -> name, NodeBody::new));

    public static final Kind<String, Namespace> NAMESPACE = new Kind<>(
            "Namespace", "/api/v1/namespaces", new ObjectReader<>((namespace, name) -> name, NamespaceBody::new));

    public static final Kind<NamespacedName, Pod> POD =
            new Kind<>("Pod", "/api/v1/pods", new ObjectReader<>(NamespacedName::new, PodBody::new));

    public static final Kind<NamespacedName, Service> SERVICE =
            new Kind<>("Service", "/api/v1/services", new ObjectReader<>(NamespacedName::new, ServiceBody::new));

    public static final Kind<NamespacedName, EndpointSlice> ENDPOINT_SLICE = new Kind<>(
            "EndpointSlice",
            "/apis/discovery.k8s.io/v1/endpointslices",
            new ObjectReader<>(NamespacedName::new, EndpointSliceBody::new));

    public static final Kind<NamespacedName, NetworkPolicy> NETWORK_POLICY = new Kind<>(
            "NetworkPolicy",
            "/apis/networking.k8s.io/v1/networkpolicies",
            new ObjectReader<>(NamespacedName::new, PolicyBody::new));
}
