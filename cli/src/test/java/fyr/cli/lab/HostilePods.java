package fyr.cli.lab;

import java.util.List;
import java.util.stream.Collectors;

/** Pods of a node without kubelet, whose status stays as it is written: they claim the addresses and labels of others. */
final class HostilePods {

    private static final String PODS = "api/v1/namespaces/default/pods";

    private final HostileObjects objects = new HostileObjects();

    private HostilePods() {}

    static HostileObjects of(LabAddresses addresses) {
        HostilePods pods = new HostilePods();
        // With these labels they would be let in to guarded2.
        for (String labels : List.of("app: client", "app: web", "app: guarded", "app: none")) {
            String suffix = "-" + labels.substring(labels.indexOf(' ') + 1);
            pods.claim("stranger" + suffix, labels, "", addresses.get("stranger1/4"), addresses.get("stranger1/6"));
            pods.claim(
                    "host" + suffix,
                    labels,
                    "hostNetwork: true, ",
                    addresses.get("stranger1/4"),
                    addresses.get("stranger1/6"));
            pods.claim("guarded" + suffix, labels, "", addresses.get("guarded2/4"), addresses.get("guarded2/6"));
        }
        pods.claim("web", "app: none", "", addresses.get("web1/4"), addresses.get("web2/6"));
        pods.claim("node", "app: client", "", "172.18.0.11", "fd00:18::b");
        pods.claim("api", "app: client", "", "172.31.0.2", "fd00:31::2");
        pods.claim("dns", "app: client", "", "10.96.0.10", "fd00:10:96::a");
        pods.claim("service", "app: client", "", addresses.get("web/4"), addresses.get("web/6"));
        pods.claim(
                "special",
                "app: client",
                "",
                "127.0.0.1",
                "::1",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1",
                "::ffff:10.244.1.1");
        pods.refused(
                "text", "status: {phase: Running, podIP: x, podIPs: [{ip: 'not an address'}, {}, {ip: 10.244.300.1}]}");
        pods.refused("shape", "status: {phase: Running, podIPs: {ip: 10.244.1.1}}");
        pods.oddities();
        return pods.objects;
    }

    private void claim(String name, String labels, String spec, String... ips) {
        String list = List.of(ips).stream()
                .map(ip -> "{ip: " + HostileObjects.quoted(ip) + "}")
                .collect(Collectors.joining(", "));
        pod(
                "x-" + name,
                labels,
                "spec: {" + spec
                        + "nodeName: ghost, containers: [{name: c, image: any, ports: [{name: http, containerPort: 8080}]}]}\n"
                        + "status: {phase: Running, podIP: " + HostileObjects.quoted(ips[0]) + ", podIPs: [" + list
                        + "]}");
    }

    private void refused(String name, String status) {
        pod("x-" + name, "app: client", "spec: {nodeName: ghost, containers: [{name: c, image: any}]}\n" + status);
        // Agents know pods of other nodes because of the policy that refers to them.
        objects.reported("Pod default/x-" + name);
    }

    private void pod(String name, String labels, String fields) {
        objects.add(PODS, "v1", "Pod", name, "labels: {" + labels + "}", fields);
    }

    private void oddities() {
        for (String port : List.of("0", "-1", "65536", "http")) {
            pod(
                    "x-port" + port.replace('-', 'm'),
                    "app: client",
                    "spec: {nodeName: ghost, containers: [{name: c, image: any, ports: [{name: http, containerPort: "
                            + port + "}]}]}\nstatus: {phase: Running, podIP: 10.244.99.9}");
        }
        pod(
                "x-" + "n".repeat(400),
                "app: client",
                "spec: {nodeName: ghost, containers: []}\nstatus: {phase: Running, podIP: 10.244.99.10}");
        pod(
                "x-name\nERROR fyr: forged",
                "app: client",
                "spec: {nodeName: 'no/such\\node'}\nstatus: {phase: 'Un known', podIP: 10.244.99.11}");
        pod(
                "x-labels",
                "app: client, '': '', 'a/b/c': " + HostileObjects.quoted("v".repeat(5000)),
                "spec: {nodeName: ghost}\nstatus: {podIP: 10.244.99.12}");
        pod("x-empty", "app: client", "spec: {}");
    }
}
