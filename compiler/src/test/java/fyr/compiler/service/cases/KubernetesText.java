package fyr.compiler.service.cases;

import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Objects of a scene in Kubernetes' JSON. */
final class KubernetesText {

    private KubernetesText() {}

    static String of(Node node) {
        return "{\"kind\":\"Node\",\"apiVersion\":\"v1\","
                + metadata("", node.name(), "\"topology.kubernetes.io/zone\":" + quoted(node.zone()))
                + ",\"spec\":{\"podCIDR\":" + quoted(node.podCidrs().getFirst()) + ",\"podCIDRs\":"
                + list(node.podCidrs(), KubernetesText::quoted) + "},\"status\":{\"addresses\":"
                + list(node.addresses(), address -> "{\"type\":\"InternalIP\",\"address\":" + quoted(address) + "}")
                + "}}";
    }

    static String of(Service service) {
        ServiceTraffic traffic = service.traffic();
        String affinity = traffic.affinity()
                .map(time ->
                        "\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":"
                                + time.toSeconds() + "}}")
                .orElse("\"sessionAffinity\":\"None\"");
        String virtual = service.clusterIps().isEmpty()
                ? "\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"]"
                : "\"clusterIP\":" + quoted(service.clusterIps().getFirst()) + ",\"clusterIPs\":"
                        + list(service.clusterIps(), KubernetesText::quoted);
        return "{\"kind\":\"Service\",\"apiVersion\":\"v1\"," + metadata(service.name(), "") + ",\"spec\":{\"type\":"
                + quoted(type(service.type())) + "," + virtual + ",\"ipFamilies\":"
                + list(
                        service.clusterIps().stream()
                                .map(address -> address.family() == Family.IPV4 ? "IPv4" : "IPv6")
                                .toList(),
                        KubernetesText::quoted)
                + ",\"ports\":" + list(service.ports(), KubernetesText::port) + ",\"externalIPs\":"
                + list(traffic.externalIps(), KubernetesText::quoted) + "," + affinity + ",\"internalTrafficPolicy\":"
                + policy(traffic.internal()) + ",\"externalTrafficPolicy\":" + policy(traffic.external())
                + ",\"loadBalancerSourceRanges\":" + list(traffic.sourceRanges(), KubernetesText::quoted)
                + "},\"status\":{\"loadBalancer\":{\"ingress\":"
                + list(traffic.loadBalancerIps(), address -> "{\"ipMode\":\"VIP\",\"ip\":" + quoted(address) + "}")
                + "}}}";
    }

    private static String port(Service.Port port) {
        return "{\"name\":" + quoted(port.name().toLowerCase(Locale.ROOT)) + ",\"protocol\":" + quoted(port.protocol())
                + ",\"port\":" + port.port() + (port.nodePort() == 0 ? "" : ",\"nodePort\":" + port.nodePort()) + "}";
    }

    private static String type(Service.Type type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
            case EXTERNAL_NAME -> "ExternalName";
        };
    }

    private static String policy(ServiceTraffic.Policy policy) {
        return quoted(policy == ServiceTraffic.Policy.LOCAL ? "Local" : "Cluster");
    }

    static String of(EndpointSlice slice) {
        return "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\","
                + metadata(
                        named(slice),
                        "\"kubernetes.io/service-name\":"
                                + quoted(slice.service().name()))
                + ",\"addressType\":" + quoted(slice.family() == Family.IPV4 ? "IPv4" : "IPv6") + ",\"ports\":"
                + list(
                        slice.ports(),
                        port -> "{\"name\":" + quoted(port.name().toLowerCase(Locale.ROOT)) + ",\"protocol\":"
                                + quoted(port.protocol()) + ",\"port\":" + port.port() + "}")
                + ",\"endpoints\":" + list(slice.endpoints(), KubernetesText::endpoint) + "}";
    }

    /** The family of a slice never changes, so slices of the two families are different objects. */
    static NamespacedName named(EndpointSlice slice) {
        return new NamespacedName(
                slice.name().namespace(),
                slice.name().name() + "-" + slice.family().name().toLowerCase(Locale.ROOT));
    }

    private static String endpoint(EndpointSlice.Endpoint endpoint) {
        EndpointSlice.Traits traits = endpoint.traits();
        Locality.Hints hints = traits.locality().hints();
        return "{\"addresses\":" + list(endpoint.addresses(), KubernetesText::quoted) + ",\"conditions\":{\"ready\":"
                + traits.ready() + ",\"serving\":" + traits.serving() + ",\"terminating\":" + traits.terminating()
                + "},\"nodeName\":" + quoted(traits.locality().node()) + ",\"zone\":"
                + quoted(traits.locality().zone()) + ",\"hints\":{\"forZones\":"
                + list(hints.zones(), zone -> "{\"name\":" + quoted(zone) + "}") + ",\"forNodes\":"
                + list(hints.nodes(), name -> "{\"name\":" + quoted(name) + "}") + "}}";
    }

    private static String metadata(NamespacedName name, String labels) {
        return metadata(name.namespace(), name.name(), labels);
    }

    private static String metadata(String namespace, String name, String labels) {
        return "\"metadata\":{\"namespace\":" + quoted(namespace) + ",\"name\":" + quoted(name) + ",\"uid\":\"" + name
                + "\",\"resourceVersion\":\"VERSION\",\"labels\":{" + labels + "}}";
    }

    private static String quoted(Object word) {
        return "\"" + word + "\"";
    }

    private static <T> String list(Collection<T> elements, Function<? super T, String> text) {
        return elements.stream().map(text).collect(Collectors.joining(",", "[", "]"));
    }
}
