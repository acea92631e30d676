package fyr.cli.lab;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** EndpointSlices with addresses that no endpoint can have, for the Services {@code web}, {@code decoy} and none. */
final class HostileSlices {

    private static final String NAMESPACE = "evil";
    private static final String PORT = "{name: http, protocol: TCP, port: 8080}";

    private final HostileObjects objects = new HostileObjects();

    private HostileSlices() {}

    static HostileObjects of(LabAddresses addresses) {
        HostileSlices slices = new HostileSlices();
        slices.refused();
        slices.taken(addresses);
        return slices.objects;
    }

    private void slice(String namespace, String name, String service, String fields) {
        objects.add(
                "apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices",
                "discovery.k8s.io/v1",
                "EndpointSlice",
                name,
                "labels: {kubernetes.io/service-name: " + HostileObjects.quoted(service) + "}",
                fields);
    }

    private static String fields(String type, String ports, String... endpoints) {
        return "addressType: " + type + "\nports: [" + ports + "]\nendpoints: ["
                + List.of(endpoints).stream()
                        .map(address -> "{addresses: [" + HostileObjects.quoted(address) + "]}")
                        .collect(Collectors.joining(", "))
                + "]";
    }

    /** Of a Service that works, which keeps its other endpoints. */
    private void refused() {
        refused("loopback", fields("IPv4", PORT, "127.0.0.1"));
        refused("loopback6", fields("IPv6", PORT, "::1"));
        refused("link-local", fields("IPv4", PORT, "169.254.169.254"));
        refused("link-local6", fields("IPv6", PORT, "fe80::1"));
        refused("multicast", fields("IPv4", PORT, "224.0.0.1", "239.255.255.255"));
        refused("multicast6", fields("IPv6", PORT, "ff02::1"));
        refused("zero", fields("IPv4", PORT, "0.0.0.0"));
        refused("zero6", fields("IPv6", PORT, "::"));
        refused("broadcast", fields("IPv4", PORT, "255.255.255.255"));
        refused("mapped", fields("IPv6", PORT, "::ffff:127.0.0.1"));
        refused("other-family", fields("IPv4", PORT, "fd00:10:244:2::9"));
        refused("other-family6", fields("IPv6", PORT, "10.244.2.9"));
        refused("text", fields("IPv4", PORT, "web.default.svc"));
        refused("type", fields("IPv5", PORT, "10.244.2.9"));
        refused("typeless", "ports: [" + PORT + "]\nendpoints: [{addresses: [10.244.2.9]}]");
        refused("none", "addressType: IPv4\nports: [" + PORT + "]\nendpoints: [{addresses: []}, {}]");
        refused("shape", "addressType: IPv4\nports: " + PORT + "\nendpoints: {addresses: [10.244.2.9]}");
        refused("port-high", fields("IPv4", "{name: http, protocol: TCP, port: 65536}", "10.244.2.9"));
        refused("port-negative", fields("IPv4", "{name: http, protocol: TCP, port: -1}", "10.244.2.9"));
        refused("port-text", fields("IPv4", "{name: http, protocol: TCP, port: http}", "10.244.2.9"));
        refused("protocol", fields("IPv4", "{name: http, protocol: GRE, port: 8080}", "10.244.2.9"));
    }

    private void refused(String name, String fields) {
        slice("default", "refused-" + name, "web", fields);
        objects.reported("EndpointSlice default/refused-" + name);
    }

    /** What somebody may write about a Service of his own, or that is about none. */
    private void taken(LabAddresses addresses) {
        slice("default", "portless", "web", fields("IPv4", "", addresses.get("evil2/4")));
        slice("default", "port-zero", "web", fields("IPv4", "{name: http, protocol: TCP}", addresses.get("evil2/4")));
        slice(
                "default",
                "port-unnamed",
                "web",
                fields("IPv4", "{protocol: TCP, port: 8080}", addresses.get("evil2/4")));
        slice("default", "fqdn", "web", fields("FQDN", PORT, "evil.example.com"));
        slice("default", "absent", "no-such-service", fields("IPv4", PORT, addresses.get("web1/4")));
        slice("default", "slashes", "../default/web", fields("IPv4", PORT, addresses.get("evil2/4")));
        slice("default", "newline", "web\n", fields("IPv4", PORT, addresses.get("evil2/4")));
        slice(NAMESPACE, "foreign", "web", fields("IPv4", PORT, addresses.get("evil2/4")));
        slice(NAMESPACE, "foreign6", "web", fields("IPv6", PORT, addresses.get("evil2/6")));
        slice(
                "default",
                "nodes",
                "decoy",
                fields("IPv4", PORT, "172.18.0.11", "172.19.0.12", "172.31.0.2", "10.96.0.10"));
        slice("default", "nodes6", "decoy", fields("IPv6", PORT, "fd00:18::b", "fd00:31::2", "fd00:10:96::a"));
        slice(
                "default",
                "dns",
                "kube-dns",
                fields("IPv4", "{name: dns, protocol: UDP, port: 8080}", addresses.get("evil2/4")));
        String[] same =
                IntStream.range(0, 5000).mapToObj(_ -> addresses.get("evil2/4")).toArray(String[]::new);
        String[] same6 =
                IntStream.range(0, 5000).mapToObj(_ -> addresses.get("evil2/6")).toArray(String[]::new);
        slice("default", "same", "decoy", fields("IPv4", PORT + ", " + PORT, same));
        slice("default", "same6", "decoy", fields("IPv6", PORT + ", " + PORT, same6));
        for (int i = 0; i < 50; i++) {
            slice(
                    "default",
                    "copy" + i,
                    "decoy",
                    fields("IPv4", PORT, addresses.get("evil2/4"), "10.244.2." + (100 + i)));
        }
    }
}
