package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.testkit.RawPackets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Pods with raw sockets, processes on another node and a host outside send packets with addresses that are not theirs, and encapsulated
 * packets. Each packet has its own port, which the receiver's kernel counts before anything else happens to it. In the end the agents are
 * stopped and the chains emptied, and the same packets arrive: so they were valid, and nothing else dropped them.
 */
class ForgedPacketsLabIT {

    private static final String MANIFESTS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: victim, labels: {app: victim}}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: mate, labels: {app: friend}}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: attacker1}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: jailed, labels: {app: jailed}}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: friend, labels: {app: friend}}
            spec: {nodeName: node2, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: open}
            spec: {nodeName: node2, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: attacker2}
            spec: {nodeName: node2, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: attacker3}
            spec: {nodeName: node3, containers: [{name: c, image: any}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: victim}
            spec:
              podSelector: {matchLabels: {app: victim}}
              policyTypes: [Ingress]
              ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: jailed}
            spec: {podSelector: {matchLabels: {app: jailed}}, policyTypes: [Egress]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: hole}
            spec: {type: NodePort, ports: [{name: vxlan, protocol: UDP, port: 4789, nodePort: 30789}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: hole, labels: {kubernetes.io/service-name: hole}}
            addressType: IPv4
            ports: [{name: vxlan, protocol: UDP, port: 4789}]
            endpoints: [{addresses: [172.18.0.11], conditions: {ready: true}}]
            """;

    /** Protocols and ports of the packets that arrived, as elements of a set. */
    private static final String COUNT =
            "nft 'table inet seen { set ports { type inet_proto . inet_service; flags dynamic; size 65535; }; "
                    + "chain c { type filter hook %s priority -500; meta l4proto { tcp, udp } add @ports { meta l4proto . th dport }; }; }'";

    private static final String SEEN = "nft list set inet seen ports";
    private static final String UNUSED4 = "10.244.1.200";
    private static final String UNUSED6 = "fd00:10:244:1::c8";

    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, Map<Family, IpAddress>> addresses = new LinkedHashMap<>();
    private int nextPort = 20000;

    /**
     * A packet that somebody sends.
     *
     * @param sender a pod, or {@code node/} and a node
     * @param receiver likewise, where it is counted
     * @param allowed whether it should arrive
     * @param otherwise whether it arrives when only policies are there
     */
    private record Attempt(
            String name,
            String sender,
            String packet,
            String receiver,
            String seen,
            boolean allowed,
            boolean otherwise) {}

    /** The sender: which pod, on which link, with which Ethernet addresses. */
    private record Wire(String sender, String link, MacAddress next, MacAddress own) {}

    @Test
    void aPacketComesFromWhereItSays() throws Exception {
        try (TestLab lab = TestLab.up("forged", "--nodes", "3", "--subnets", "2")) {
            lab.apply(MANIFESTS);
            for (String pod :
                    List.of("victim", "mate", "attacker1", "jailed", "friend", "open", "attacker2", "attacker3")) {
                learn(lab, pod);
            }
            lab.eventually("friend", "ping -c1 -W1 " + address("victim", Family.IPV4));
            addresses.put(
                    "unused", Map.of(Family.IPV4, IpAddress.parse(UNUSED4), Family.IPV6, IpAddress.parse(UNUSED6)));
            addresses.put("node/node1", node(18, 11));
            forgedSources(lab);
            encapsulated(lab);
            lab.inPod("victim", COUNT.formatted("prerouting")).succeeded();
            lab.inPod("open", COUNT.formatted("prerouting")).succeeded();
            lab.onNode("node1", COUNT.formatted("input")).succeeded();
            String neighbours = neighbours(lab);
            assertArrived(lab, attempts.stream().filter(Attempt::allowed).toList());
            String counted = lab.onNode("node1", "nft list ruleset | grep counter | grep forged")
                    .output();
            poison(lab);
            assertThat(neighbours(lab)).isEqualTo(neighbours);
            narrow(lab);
            assertThat(wayToNode2(lab)).doesNotContain("mtu");

            for (String node : List.of("node1", "node2", "node3")) {
                lab.lab("agent", "stop", node).succeeded();
                lab.onNode(
                                node,
                                "for f in ip ip6; do for c in prerouting input forward; do nft flush chain $f fyr guard-$c; done; done")
                        .succeeded();
            }
            assertArrived(lab, attempts.stream().filter(Attempt::otherwise).toList());
            narrow(lab);
            assertThat(wayToNode2(lab)).contains("mtu 700", "mtu 1300");
            assertThat(counted)
                    .containsPattern("counter packets [1-9].* a pod's address by another link")
                    .containsPattern("counter packets [1-9].* from a pod's link without an address of the pod")
                    .containsPattern("counter packets [1-9].* behind the tunnel, and not by the tunnel")
                    .containsPattern("counter packets [1-9].* encapsulated, and not by the node");
        }
    }

    private static Map<Family, IpAddress> node(int subnet, int host) {
        return Map.of(
                Family.IPV4, IpAddress.parse("172." + subnet + ".0." + host),
                Family.IPV6, IpAddress.parse("fd00:" + subnet + "::" + Integer.toHexString(host)));
    }

    private void learn(TestLab lab, String pod) throws Exception {
        lab.eventually(pod, "ip -6 -o addr show dev eth0 | grep -q fd00");
        TestLab.Result result = lab.inPod(pod, "ip -o addr show dev eth0").succeeded();
        addresses.put(
                pod,
                Map.of(
                        Family.IPV4, IpAddress.parse(lab.find("inet ([0-9.]+)/32", result)),
                        Family.IPV6, IpAddress.parse(lab.find("inet6 (fd[0-9a-f:]+)/128", result))));
    }

    private IpAddress address(String who, Family family) {
        return Objects.requireNonNull(Objects.requireNonNull(addresses.get(who)).get(family));
    }

    private static Wire pod(TestLab lab, String pod) throws Exception {
        String next = lab.find("lladdr (\\S+)", lab.inPod(pod, "ip neigh show 169.254.1.1"));
        String own = lab.find("link/ether (\\S+)", lab.inPod(pod, "ip link show eth0"));
        return new Wire(pod, "eth0", MacAddress.parse(next), MacAddress.parse(own));
    }

    /** Over the link between nodes of one subnet. */
    private static Wire neighbour(TestLab lab, String node, String to) throws Exception {
        String next = lab.find("link/ether (\\S+)", lab.onNode(to, "ip link show eth0"));
        String own = lab.find("link/ether (\\S+)", lab.onNode(node, "ip link show eth0"));
        return new Wire("node/" + node, "eth0", MacAddress.parse(next), MacAddress.parse(own));
    }

    private void forgedSources(TestLab lab) throws Exception {
        Wire attacker1 = pod(lab, "attacker1");
        raw("what it says", attacker1, "attacker1", "open", true, true);
        raw("an allowed peer", pod(lab, "mate"), "mate", "victim", true, true);
        raw("an allowed peer on another node", pod(lab, "friend"), "friend", "victim", true, true);
        raw("to the node", attacker1, "attacker1", "node/node1", true, true);
        Wire jailed = pod(lab, "jailed");
        raw("isolated", jailed, "jailed", "open", false, false);
        raw("isolated, from an unused address", jailed, "unused", "open", false, true);
        raw("isolated, from another pod's address", jailed, "mate", "open", false, true);
        raw("as a peer on the same node", attacker1, "mate", "victim", false, true);
        raw("as a peer on another node", attacker1, "friend", "victim", false, true);
        raw("from another node as a peer on a third", pod(lab, "attacker3"), "friend", "victim", false, true);
        raw(
                "as a peer of the other node, by the uplink",
                neighbour(lab, "node3", "node1"),
                "mate",
                "victim",
                false,
                true);
        raw(
                "as a peer behind the tunnel, by the uplink",
                neighbour(lab, "node3", "node1"),
                "friend",
                "victim",
                false,
                true);
        raw("as the victim itself", attacker1, "victim", "victim", false, false);
        raw("as another pod to the node", attacker1, "mate", "node/node1", false, true);
    }

    private void raw(String name, Wire wire, String as, String receiver, boolean allowed, boolean otherwise) {
        for (Family family : Family.values()) {
            for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                int port = nextPort++;
                byte[] packet = RawPackets.ip(address(as, family), address(receiver, family), protocol, port);
                byte[] frame = RawPackets.ethernet(wire.next(), wire.own(), RawPackets.etherType(family), packet);
                add(
                        name,
                        wire.sender(),
                        Sender.frame(wire.link(), frame),
                        receiver,
                        family,
                        protocol,
                        port,
                        allowed,
                        otherwise);
            }
        }
    }

    private void add(
            String name,
            String sender,
            String packet,
            String receiver,
            Family family,
            Protocol protocol,
            int port,
            boolean allowed,
            boolean otherwise) {
        String seen = protocol.name().toLowerCase(java.util.Locale.ROOT) + " . " + port;
        attempts.add(new Attempt(
                sender + " " + name + ", " + family + " " + protocol,
                sender,
                packet,
                receiver,
                seen,
                allowed,
                otherwise));
    }

    private void encapsulated(TestLab lab) throws Exception {
        MacAddress device =
                MacAddress.parse(lab.find("link/ether (\\S+)", lab.onNode("node1", "ip link show fyr-vxlan")));
        String node1 = address("node/node1", Family.IPV4).toString();
        String hole = lab.find(
                "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "hole", "-n", "default", "-o", "json"));
        tunnel("encapsulated by the peer's node", "node/node2", node1, 4789, device, true, true);
        tunnel("encapsulated by another node", "node/node3", node1, 4789, device, false, true);
        tunnel("encapsulated outside", "node/outside", node1, 4789, device, false, true);
        tunnel("encapsulated in a pod of the peer's node", "attacker2", node1, 4789, device, false, true);
        tunnel("encapsulated in a pod of another node", "attacker3", node1, 4789, device, false, true);
        tunnel("encapsulated in an isolated pod", "jailed", node1, 4789, device, false, true);
        tunnel("encapsulated to a service", "attacker2", hole, 4789, device, false, true);
        tunnel("encapsulated to a node port of the node itself", "attacker2", node1, 30789, device, false, true);
        tunnel("encapsulated to a node port", "node/outside", "172.19.0.12", 30789, device, false, true);
    }

    private void tunnel(
            String name, String sender, String to, int toPort, MacAddress device, boolean allowed, boolean otherwise) {
        for (Family family : Family.values()) {
            for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                int port = nextPort++;
                byte[] inner = RawPackets.ip(address("friend", family), address("victim", family), protocol, port);
                byte[] frame = RawPackets.ethernet(device, MacAddress.local(port), RawPackets.etherType(family), inner);
                String packet = Sender.udp(to, toPort, RawPackets.vxlan(RawPackets.VNI, frame));
                add(name, sender, packet, "victim", family, protocol, port, allowed, otherwise);
            }
        }
    }

    /** Sends everything; then exactly the expected packets must have arrived. */
    private void assertArrived(TestLab lab, List<Attempt> expected) throws Exception {
        Map<String, List<String>> bySender = new LinkedHashMap<>();
        attempts.forEach(attempt -> bySender.computeIfAbsent(attempt.sender(), _ -> new ArrayList<>())
                .add(attempt.packet()));
        for (Map.Entry<String, List<String>> entry : bySender.entrySet()) {
            assertThat(exec(lab, entry.getKey(), Sender.command(entry.getValue()))
                            .succeeded()
                            .output())
                    .contains("sent=" + entry.getValue().size());
        }
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        List<String> wanted = expected.stream().map(Attempt::name).sorted().toList();
        List<String> arrived = arrived(lab);
        while (!arrived.containsAll(wanted) && System.nanoTime() < end) {
            Thread.sleep(200);
            arrived = arrived(lab);
        }
        assertThat(arrived).containsExactlyElementsOf(wanted);
    }

    private List<String> arrived(TestLab lab) throws Exception {
        TreeSet<String> arrived = new TreeSet<>();
        for (String receiver :
                attempts.stream().map(Attempt::receiver).distinct().toList()) {
            String seen =
                    exec(lab, receiver, List.of("sh", "-c", SEEN)).succeeded().output();
            attempts.stream()
                    .filter(attempt -> attempt.receiver().equals(receiver) && seen.contains(attempt.seen()))
                    .forEach(attempt -> arrived.add(attempt.name()));
        }
        return List.copyOf(arrived);
    }

    private static TestLab.Result exec(TestLab lab, String where, List<String> command) throws Exception {
        List<String> target = where.startsWith("node/") ? List.of("--node", where.substring(5)) : List.of(where);
        return lab.lab(
                "exec",
                Stream.of(target, List.of("--"), command).flatMap(List::stream).toArray(String[]::new));
    }

    /** ARP and neighbour discovery about the node, the victim and addresses that nobody has. */
    private void poison(TestLab lab) throws Exception {
        Wire wire = pod(lab, "attacker1");
        MacAddress broadcast = MacAddress.parse("ff:ff:ff:ff:ff:ff");
        List<String> packets = new ArrayList<>();
        IpAddress node = address("node/node1", Family.IPV4);
        IpAddress node6 = address("node/node1", Family.IPV6);
        for (String claimed : List.of(UNUSED4, address("victim", Family.IPV4).toString(), "172.18.0.1", "192.0.2.9")) {
            for (int operation : List.of(1, 2)) {
                byte[] arp = RawPackets.arp(operation, wire.own(), IpAddress.parse(claimed), node);
                packets.add(Sender.frame("eth0", RawPackets.ethernet(broadcast, wire.own(), 0x0806, arp)));
            }
        }
        for (IpAddress source : List.of(address("attacker1", Family.IPV6), IpAddress.parse("fe80::9"))) {
            for (IpAddress target : List.of(address("victim", Family.IPV6), node6, IpAddress.parse("fd00:18::1"))) {
                for (int type : List.of(133, 134, 135, 136, 137)) {
                    byte[] message = RawPackets.neighbourDiscovery(type, source, node6, target, wire.own());
                    packets.add(Sender.frame("eth0", RawPackets.ethernet(wire.next(), wire.own(), 0x86dd, message)));
                }
            }
        }
        assertThat(exec(lab, "attacker1", Sender.command(packets)).succeeded().output())
                .contains("sent=" + packets.size());
        assertThat(lab.onNode("node1", "nft list chain ip6 fyr guard-input").output())
                .containsPattern("counter packets [1-9][0-9]* .*neighbour discovery");
    }

    /**
     * Errors about packets of the node to another node, as a router on the path would send them. They are about echo replies, because the
     * kernel accepts such errors at once (icmp_err in net/ipv4/icmp.c).
     */
    private void narrow(TestLab lab) throws Exception {
        Wire wire = pod(lab, "attacker1");
        List<String> packets = new ArrayList<>();
        for (Family family : Family.values()) {
            IpAddress node1 = address("node/node1", family);
            byte[] about = RawPackets.echoReply(
                    node1, Objects.requireNonNull(node(19, 12).get(family)));
            byte[] error =
                    RawPackets.tooBig(address("attacker1", family), node1, family == Family.IPV4 ? 700 : 1300, about);
            packets.add(Sender.frame(
                    "eth0", RawPackets.ethernet(wire.next(), wire.own(), RawPackets.etherType(family), error)));
        }
        exec(lab, "attacker1", Sender.command(packets)).succeeded();
        lab.inPod("attacker1", "ping -c1 -W5 172.18.0.11")
                .succeeded(); // its answer shows that the earlier frames were processed
    }

    private static String wayToNode2(TestLab lab) throws Exception {
        return lab.onNode("node1", "ip route get 172.19.0.12; ip route get fd00:19::c")
                .succeeded()
                .output();
    }

    /** What a pod must not change on its node. */
    private static String neighbours(TestLab lab) throws Exception {
        return lab.onNode(
                        "node1",
                        "ip neigh show | grep -v 'dev eth0' | sort; ip route show | sort; ip -6 route show | sort; ip -o addr show")
                .output();
    }
}
