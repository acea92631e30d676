package fyr.cluster.read;

import fyr.cluster.protobuf.Message;
import fyr.cluster.protobuf.Schemas;
import fyr.model.EndpointSlice;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.Service;
import fyr.model.ServiceCidr;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.BalancedService;
import fyr.model.policy.NetworkPolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A kind of object that the agent follows.
 *
 * @param name as in {@code kind:}, for people
 * @param path where its objects are listed; may have a query
 * @param optional whether a cluster may be without this kind, or its agents without access to it: then it has no objects
 * @param message the wanted fields of an object when the server sends protobuf; must have every field that {@code reader} reads
 */
public record Kind<K, V>(String name, String path, boolean optional, Message message, Reader<K, V> reader) {

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

    /** Served since Kubernetes 1.33; roles of earlier agents do not mention it. */
    public static final Kind<String, ServiceCidr> SERVICE_CIDR = new Kind<>(
            "ServiceCIDR",
            "/apis/networking.k8s.io/v1/servicecidrs",
            true,
            Schemas.SERVICE_CIDR,
            new ObjectReader<>(NamespacedName::name, ServiceCidrBody::new));

    /** Custom resources are always served as JSON: of a protobuf message no field would be read. */
    public static final Kind<String, AddressPool> ADDRESS_POOL = new Kind<>(
            "AddressPool",
            "/apis/fyr.dev/v1alpha1/addresspools",
            Schemas.NAMESPACE,
            new ObjectReader<>(NamespacedName::name, AddressPoolBody::new));

    /** The Services that ask for load balancer addresses or have some. */
    public static final Kind<NamespacedName, BalancedService> BALANCED_SERVICE = new Kind<>(
            "balanced Service",
            "/api/v1/services",
            Schemas.BALANCED_SERVICE,
            new ObjectReader<>(Function.identity(), BalancedServiceBody::new));

    /** A kind that every cluster has. */
    Kind(String name, String path, Message message, Reader<K, V> reader) {
        this(name, path, false, message, reader);
    }

    /** Pods that are bound to a node. */
    public static Kind<NamespacedName, Pod> podsOfNode(String node) {
        return POD.at(POD.name, POD.path + "?fieldSelector=" + encode("spec.nodeName=" + node));
    }

    /** Pods of other nodes, those of one namespace or all. */
    public static Kind<NamespacedName, Pod> pods(PodScope scope) {
        return POD.at(
                "remote Pod",
                switch (scope) {
                    case PodScope.Everywhere _ -> POD.path;
                    case PodScope.Namespaced(String namespace) -> "/api/v1/namespaces/" + encode(namespace) + "/pods";
                });
    }

    private Kind<K, V> at(String otherName, String otherPath) {
        return new Kind<>(otherName, otherPath, optional, message, reader);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
