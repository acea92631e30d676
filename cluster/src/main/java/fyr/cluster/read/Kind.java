package fyr.cluster.read;

import fyr.cluster.protobuf.Message;
import fyr.cluster.protobuf.Schemas;
import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Service;
import fyr.model.policy.NetworkPolicy;
import java.util.function.Function;

/**
 * A kind of object that the agent follows.
 *
 * @param name as in {@code kind:}
 * @param path where its objects of all namespaces are listed
 * @param message what is wanted of an object when the server sends protobuf; must have every field that {@code reader} looks at
 */
public record Kind<K, V>(String name, String path, Message message, Reader<K, V> reader) {

    public static final Kind<String, Node> NODE =
            new Kind<>("Node", "/api/v1/nodes", Schemas.NODE, new ObjectReader<>(NamespacedName::name, NodeBody::new));

    public static final Kind<String, Namespace> NAMESPACE = new Kind<>(
            "Namespace",
            "/api/v1/namespaces",
            Schemas.NAMESPACE,
            new ObjectReader<>(NamespacedName::name, NamespaceBody::new));

    public static final Kind<NamespacedName, Pod> POD =
            new Kind<>("Pod", "/api/v1/pods", Schemas.POD, new ObjectReader<>(Function.identity(), PodBody::new));

    public static final Kind<NamespacedName, Service> SERVICE = new Kind<>(
            "Service", "/api/v1/services", Schemas.SERVICE, new ObjectReader<>(Function.identity(), ServiceBody::new));

    public static final Kind<NamespacedName, EndpointSlice> ENDPOINT_SLICE = new Kind<>(
            "EndpointSlice",
            "/apis/discovery.k8s.io/v1/endpointslices",
            Schemas.ENDPOINT_SLICE,
            new ObjectReader<>(Function.identity(), EndpointSliceBody::new));

    public static final Kind<NamespacedName, NetworkPolicy> NETWORK_POLICY = new Kind<>(
            "NetworkPolicy",
            "/apis/networking.k8s.io/v1/networkpolicies",
            Schemas.NETWORK_POLICY,
            new ObjectReader<>(Function.identity(), PolicyBody::new));
}
