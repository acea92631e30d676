package fyr.cli.lab;

import java.util.List;
import java.util.stream.Collectors;

/** Nodes with blocks and addresses of others. */
final class HostileNodes {

    private final HostileObjects objects = new HostileObjects();

    private HostileNodes() {}

    static HostileObjects of(LabAddresses addresses) {
        HostileNodes nodes = new HostileNodes();
        nodes.blocks();
        nodes.refused("a-pod", "10.244.60.0/24", addresses.get("web1/4"));
        nodes.refused("a-pod6", "10.244.61.0/24", addresses.get("web2/6"));
        nodes.refused("a-node1", "10.244.62.0/24", "172.18.0.11", "fd00:18::b");
        nodes.refused("a-node2", "10.244.63.0/24", "172.19.0.12", "fd00:19::c");
        nodes.refused("a-loopback", "10.244.64.0/24", "127.0.0.1", "::1");
        nodes.refused("a-multicast", "10.244.65.0/24", "224.0.0.1", "ff02::1");
        nodes.refused("a-zero", "10.244.66.0/24", "0.0.0.0", "::");
        nodes.refused("a-broadcast", "10.244.67.0/24", "255.255.255.255");
        nodes.refused("a-mapped", "10.244.68.0/24", "::ffff:172.18.0.11");
        nodes.refused("a-text", "10.244.69.0/24", "not an address");
        nodes.node("a-service", "10.244.70.0/24", addresses.get("web/4"), addresses.get("web/6"));
        nodes.node("a-dns", "10.244.71.0/24", "10.96.0.10", "fd00:10:96::a");
        nodes.node("a-api", "10.244.72.0/24", "172.31.0.2", "fd00:31::2");
        nodes.node("n".repeat(400), "10.244.73.0/24", "192.0.2.1");
        nodes.node("name\nERROR fyr: forged", "10.244.74.0/24", "192.0.2.2");
        return nodes.objects;
    }

    private void blocks() {
        refused("b-thief", "10.244.2.0/24", "192.0.2.10");
        refused("b-thief6", "10.244.75.0/24, 'fd00:10:244:2::/64'", "192.0.2.11");
        refused("b-half", "10.244.1.128/25", "192.0.2.12");
        refused("b-around", "10.244.0.0/16, 'fd00:10:244::/56'", "192.0.2.13");
        refused("b-all", "0.0.0.0/0, '::/0'", "192.0.2.14");
        refused("b-subnet", "172.18.0.0/24, 'fd00:18::/64'", "192.0.2.15");
        refused("b-subnet2", "172.19.0.0/24, 'fd00:19::/64'", "192.0.2.16");
        refused("b-api", "172.31.0.0/24", "192.0.2.17");
        refused("b-dns", "10.96.0.0/24, 'fd00:10:96::/112'", "192.0.2.18");
        refused("b-loopback", "127.0.0.0/8, '::1/128'", "192.0.2.19");
        refused("b-multicast", "224.0.0.0/4, 'ff00::/8'", "192.0.2.20");
        refused("b-link-local", "169.254.0.0/16, 'fe80::/10'", "192.0.2.21");
        refused("b-text", "everything", "192.0.2.22");
        refused("b-length", "10.244.76.0/33", "192.0.2.23");
        refused("b-two", "10.244.77.0/24, 10.244.78.0/24", "192.0.2.24");
        refused("b-single", "10.244.79.1/32", "192.0.2.25");
    }

    private void refused(String name, String blocks, String... addresses) {
        node(name, blocks, addresses);
        objects.reported("Node " + name);
    }

    private void node(String name, String blocks, String... addresses) {
        objects.add(
                "api/v1/nodes",
                "v1",
                "Node",
                name,
                "",
                "spec: {unschedulable: true, podCIDRs: [" + blocks + "]}\nstatus: {addresses: ["
                        + List.of(addresses).stream()
                                .map(address -> "{type: InternalIP, address: " + HostileObjects.quoted(address) + "}")
                                .collect(Collectors.joining(", "))
                        + "]}");
    }
}
