package fyr.cli.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Services that claim the addresses and ports of others. Their slices lead to the pod {@code evil2}, so a taken connection is seen. */
final class HostileServices {

    private static final String SERVICES = "api/v1/namespaces/default/services";
    private static final String SLICES = "apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    private static final List<Integer> TCP = List.of(53, 80, 443, 6443, 8080, 9099, 10250);
    private static final List<Integer> UDP = List.of(53, 4789);

    private final HostileObjects objects = new HostileObjects();
    private final LabAddresses addresses;

    private HostileServices(LabAddresses addresses) {
        this.addresses = addresses;
    }

    static HostileObjects of(LabAddresses addresses) {
        HostileServices services = new HostileServices(addresses);
        services.claims();
        services.badPorts();
        services.oddities();
        return services.objects;
    }

    private void claims() {
        claim("a-node1", "172.18.0.11", "fd00:18::b");
        claim("a-node2", "172.19.0.12", "fd00:19::c");
        claim("a-api", "172.31.0.2");
        claim("a-pod1", addresses.get("web1/4"), addresses.get("web1/6"));
        claim("a-pod2", addresses.get("web2/4"), addresses.get("web2/6"));
        claim("a-guarded", addresses.get("guarded2/4"), addresses.get("guarded2/6"));
        claim("a-dns", "10.96.0.10", "fd00:10:96::a");
        claim("a-kubernetes", "10.96.0.1");
        claim("a-web", addresses.get("web/4"), addresses.get("web/6"));
        claim("a-loopback", "127.0.0.1", "::1");
        claim("a-resolver-stub", "127.0.0.53");
        claim("a-link-local", "169.254.169.254", "fe80::1");
        claim("a-multicast", "224.0.0.1", "ff02::1");
        claim("a-broadcast", "255.255.255.255");
        claim("a-zero", "0.0.0.0", "::");
        claim("a-mapped", "::ffff:10.96.0.1");
        claim("a-compatible", "::10.96.0.1");
        claim("a-text", "not an address");
        claim("a-octets", "010.096.000.001");
        claim("a-prefix", "10.96.0.0/16");
        claim("a-zone", "fe80::1%eth0");
        claim("a-empty", " ");
    }

    private void claim(String name, String... ips) {
        service(name, ips(ips) + ", ports: [" + servicePorts() + "]");
        slices(name);
        objects.reported("Service default/" + name);
    }

    private static String ips(String... ips) {
        return "clusterIPs: ["
                + List.of(ips).stream().map(HostileObjects::quoted).collect(Collectors.joining(", ")) + "]";
    }

    private static String servicePorts() {
        List<String> all = new ArrayList<>();
        TCP.forEach(port -> all.add("{name: t" + port + ", protocol: TCP, port: " + port + "}"));
        UDP.forEach(port -> all.add("{name: u" + port + ", protocol: UDP, port: " + port + "}"));
        return String.join(", ", all);
    }

    private void service(String name, String spec) {
        objects.add(SERVICES, "v1", "Service", name, "", "spec: {" + spec + "}");
    }

    private void slices(String service) {
        for (String family : List.of("4", "6")) {
            String ports = servicePorts().replaceAll("port: [0-9]+", "port: 8080");
            objects.add(
                    SLICES,
                    "discovery.k8s.io/v1",
                    "EndpointSlice",
                    service + "-" + family,
                    "labels: {kubernetes.io/service-name: " + service + "}",
                    "addressType: IPv" + family + "\nports: [" + ports + "]\nendpoints: [{addresses: ["
                            + HostileObjects.quoted(addresses.get("evil2/" + family)) + "]}]");
        }
    }

    /** Node ports that others have, or that the node needs itself; and ports that cannot be. */
    private void badPorts() {
        nodePort("p-web", "10.96.200.1", "TCP", addresses.get("web/node"));
        nodePort("p-dns", "10.96.200.2", "UDP", "53");
        nodePort("p-dns-tcp", "10.96.200.3", "TCP", "53");
        nodePort("p-tunnel", "10.96.200.4", "UDP", "4789");
        nodePort("p-high", "10.96.200.5", "TCP", "65536");
        nodePort("p-negative", "10.96.200.6", "TCP", "-1");
        nodePort("p-text", "10.96.200.7", "TCP", "http");
        nodePort("p-protocol", "10.96.200.8", "ICMP", "30999");
        for (String port : List.of("0", "-1", "65536", "4294967376", "http", "null", "[]", "1.5")) {
            String name = "p-port" + Math.abs(port.hashCode() % 1_000_000);
            service(name, ips("10.96.200.9") + ", ports: [{name: t80, protocol: TCP, port: " + port + "}]");
            objects.reported("Service default/" + name);
        }
    }

    private void nodePort(String name, String address, String protocol, String port) {
        service(
                name,
                "type: NodePort, " + ips(address) + ", ports: [{name: t80, protocol: " + protocol
                        + ", port: 80, nodePort: " + port + "}]");
        slices(name);
        objects.reported("Service default/" + name);
    }

    private void oddities() {
        String external = "externalIPs: [172.18.0.11, 172.19.0.12, 172.31.0.2, 10.96.0.10, 127.0.0.1, "
                + addresses.get("web1/4") + ", 'fd00:18::b', '::1'], ports: [" + servicePorts() + "]";
        service("o-external", ips("10.96.201.1") + ", " + external);
        slices("o-external");
        objects.reported("Service default/o-external");
        objects.add(
                SERVICES,
                "v1",
                "Service",
                "o-balanced",
                "",
                "spec: {type: LoadBalancer, " + ips("10.96.201.2") + ", ports: [" + servicePorts() + "]}\n"
                        + "status: {loadBalancer: {ingress: [{ip: 172.18.0.11}, {ip: 172.31.0.2}, {ip: 127.0.0.1}]}}");
        slices("o-balanced");
        service("o-type", "type: Bogus, " + ips("10.96.201.3") + ", ports: [" + servicePorts() + "]");
        objects.reported("Service default/o-type");
        service("o-name", "type: ExternalName, externalName: 'web.default.svc.cluster.local. IN A 127.0.0.1'");
        service("o-nameless", "type: ExternalName");
        objects.reported("Service default/o-nameless");
        service("o-number", "clusterIPs: 7, ports: {}");
        objects.reported("Service default/o-number");
        String many = IntStream.rangeClosed(1, 2000)
                .mapToObj(port -> "{name: t" + port + ", protocol: TCP, port: " + port + "}")
                .collect(Collectors.joining(", "));
        service("o-many", ips("10.96.201.4", "fd00:10:96::2014") + ", ports: [" + many + "]");
        slices("o-many");
        String twice = "{name: t80, protocol: TCP, port: 80}";
        service("o-twice", ips("10.96.201.5", "10.96.201.5") + ", ports: [" + twice + ", " + twice + "]");
        slices("o-twice");
        for (String name : List.of(
                "UPPER",
                "a b",
                "web.default.svc",
                "..",
                "\u00e9",
                "x".repeat(300),
                "o\nERROR fyr: forged",
                "*",
                "_http._tcp.web")) {
            service(name, ips("10.96.0.10") + ", ports: [" + twice + "]");
        }
        objects.add(
                SERVICES,
                "v1",
                "Service",
                "o-labels",
                "labels: {'" + "l".repeat(400) + "': '" + "v".repeat(4000) + "', '': '', 'a/b/c': \"\\n\"}",
                "spec: {" + ips("10.96.201.6") + ", selector: {'': '', app: \"\\0\"}, ports: [" + twice + "]}");
    }
}
