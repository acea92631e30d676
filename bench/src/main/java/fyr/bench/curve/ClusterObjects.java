package fyr.bench.curve;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The objects of the API server, as JSON: dual-stack Services with one TCP port, all alike but for two. Service {@link #CHANGED} has a single
 * endpoint, so that the next connection shows whether its replacement is in effect; {@link #ECHO} leads to the port of the echo server.
 */
final class ClusterObjects {

    static final int PORT = 80;
    static final int CHANGED = 0;
    static final int ECHO = 1;

    private static final IpAddress FIRST_CLUSTER_IP = IpAddress.parse("10.96.1.0");
    private static final IpAddress FIRST_CLUSTER_IP6 = IpAddress.parse("fd00:10:96::100");
    private static final IpAddress FIRST_ENDPOINT = IpAddress.parse("10.128.0.8");
    private static final IpAddress FIRST_ENDPOINT6 = IpAddress.parse("fd00:10:128::8");
    private static final int ROOM = 64;

    private final int endpoints;

    /** At most 32 endpoints of each Service. */
    ClusterObjects(int endpoints) {
        this.endpoints = endpoints;
    }

    static IpAddress clusterIp(int service) {
        return FIRST_CLUSTER_IP.plus(service);
    }

    /** The first endpoint of a Service; the one of {@link #CHANGED} alternates between two. */
    static IpAddress endpoint(int service, int generation) {
        return FIRST_ENDPOINT.plus((long) service * ROOM + ROOM / 2 * (generation % 2));
    }

    static int targetPort(int service) {
        return service == ECHO ? Endpoints.ECHO : Endpoints.PORT;
    }

    private static String name(int service) {
        return "service-" + service;
    }

    static String sliceName(int service, Family family) {
        return name(service) + "-" + (family == Family.IPV4 ? "ipv4" : "ipv6");
    }

    static String service(int number) {
        return """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"%1$s"},"spec":{"ipFamilyPolicy":"RequireDualStack",
            "ipFamilies":["IPv4","IPv6"],"clusterIP":"%2$s","clusterIPs":["%2$s","%3$s"],
            "ports":[{"name":"http","protocol":"TCP","port":%4$d,"targetPort":%5$d}]}}""".formatted(name(number), clusterIp(number), FIRST_CLUSTER_IP6.plus(number), PORT, targetPort(number));
    }

    String slice(int service, Family family) {
        return """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%s",
            "labels":{"kubernetes.io/service-name":"%s","endpointslice.kubernetes.io/managed-by":"bench"}},
            "addressType":"%s","ports":[{"name":"http","protocol":"TCP","port":%d}],%s}""".formatted(
                        sliceName(service, family),
                        name(service),
                        family == Family.IPV4 ? "IPv4" : "IPv6",
                        targetPort(service),
                        endpoints(service, family, 0));
    }

    /** The field {@code endpoints} of a slice. */
    String endpoints(int service, Family family, int generation) {
        IpAddress first = family == Family.IPV4
                ? endpoint(service, generation)
                : FIRST_ENDPOINT6.plus((long) service * ROOM + ROOM / 2 * (generation % 2));
        int count = service == CHANGED ? 1 : endpoints;
        List<String> all = IntStream.range(0, count)
                .mapToObj(i -> "{\"addresses\":[\"" + first.plus(i) + "\"],\"conditions\":{\"ready\":true}}")
                .toList();
        return all.stream().collect(Collectors.joining(",", "\"endpoints\":[", "]"));
    }

    static String node(String name, int number) {
        return """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"%1$s","labels":{"kubernetes.io/hostname":"%1$s"}},
            "spec":{"podCIDR":"10.244.%2$d.0/24","podCIDRs":["10.244.%2$d.0/24","fd00:10:244:%2$d::/64"]}}""".formatted(name, number);
    }

    static String nodeStatus(IpAddress address) {
        return "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"" + address + "\"}]}}";
    }
}
