package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever of ours is deleted with ip or nft is restored within a second, and what belongs to somebody else stays. */
class DriftLabIT {

    private static final int AT_MOST_MILLISECONDS = 1000;

    private static final String FOREIGN = """
            ip link add foreign0 type veth peer name foreign1 && ip link set foreign0 up && ip link set foreign1 up && ip addr add 198.51.100.1/32 dev foreign0 &&
            ip addr add 198.51.100.2/32 dev lo && ip route add 192.0.2.0/24 via 172.18.0.1 && ip -6 route add 2001:db8:1::/48 via fd00:18::1 &&
            ip route add 10.244.9.0/24 dev foreign0 proto 17 && ip neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev foreign0 &&
            nft 'add table inet foreign; add chain inet foreign c { type filter hook forward priority 5; }; add rule inet foreign c counter' &&
            nft 'add table ip fyrish; add set ip fyrish s { type ipv4_addr; elements = { 192.0.2.1 } }'
            """;
    private static final String FOREIGN_LISTING = """
            ip -o addr show dev foreign0 | sed 's/ tentative//; s/valid_lft.*//'; ip addr show dev lo | grep 198.51.100.2; ip route show 192.0.2.0/24; ip -6 route show 2001:db8:1::/48
            ip route show 10.244.9.0/24; ip neigh show dev foreign0 nud permanent; nft list chain inet foreign c | sed 's/counter.*/counter/'; nft list table ip fyrish
            """;

    /** With the link the kernel removes its routes and IPv6 addresses, including those of others, which are restored here. */
    private static final String FLAP =
            "ip link set eth0 down; ip link set eth0 up; ip route add default via 172.18.0.1; ip addr add fd00:18::b/64 dev eth0 nodad;"
                    + " ip -6 route add default via fd00:18::1; ip route add 192.0.2.0/24 via 172.18.0.1; ip -6 route add 2001:db8:1::/48 via fd00:18::1";

    /** One object of ours: how to break it by hand, how to check that it is as it should be, and the table whose repair is reported. */
    private record Kind(String name, String harm, String check, String table) {}

    private static List<Kind> kinds(String pod, String link, String service) {
        String remoteMac = "$(ip neigh show 10.244.2.0 dev fyr-vxlan | sed 's/.*lladdr \\([^ ]*\\).*/\\1/')";
        String element = service + " . tcp . 80";
        String podRoute = "ip route show " + pod + " | grep -q " + link;
        String podNeighbour = "ip neigh show " + pod + " | grep -q PERMANENT";
        List<Kind> kinds = new ArrayList<>(List.of(
                new Kind(
                        "direct route",
                        "ip route del 10.244.3.0/24",
                        "ip route show 10.244.3.0/24 | grep -q 'proto 171'",
                        "routes"),
                new Kind(
                        "direct route, IPv6",
                        "ip -6 route del fd00:10:244:3::/64",
                        "ip -6 route show fd00:10:244:3::/64 | grep -q 'proto 171'",
                        "routes"),
                new Kind(
                        "tunnel route",
                        "ip route del 10.244.2.0/24",
                        "ip route show 10.244.2.0/24 | grep -q fyr-vxlan",
                        "routes"),
                new Kind(
                        "own block",
                        "ip route del unreachable 10.244.1.0/24",
                        "ip route show type unreachable | grep -q 10.244.1.0/24",
                        "routes"),
                new Kind("pod route", "ip route del " + pod, podRoute, "routes"),
                new Kind(
                        "pod's link set down and up",
                        "ip link set " + link + " down; ip link set " + link + " up",
                        podRoute + " && " + podNeighbour,
                        "routes"),
                new Kind(
                        "pod's link set down",
                        "ip link set " + link + " down",
                        podRoute + " && " + podNeighbour,
                        "pod links"),
                new Kind("pod neighbour", "ip neigh del " + pod + " dev " + link, podNeighbour, "neighbours"),
                new Kind(
                        "tunnel neighbour",
                        "ip neigh del 10.244.2.0 dev fyr-vxlan",
                        "ip neigh show 10.244.2.0 | grep -q PERMANENT",
                        "neighbours"),
                new Kind(
                        "FDB entry",
                        "bridge fdb del " + remoteMac + " dev fyr-vxlan dst 172.19.0.12 self",
                        "bridge fdb show dev fyr-vxlan | grep -q 172.19.0.12",
                        "fdb"),
                new Kind(
                        "tunnel address",
                        "ip addr del 10.244.1.0/32 dev fyr-vxlan",
                        "ip addr show dev fyr-vxlan | grep -q 10.244.1.0/32",
                        "addresses"),
                new Kind(
                        "DNS address",
                        "ip addr del 10.96.0.10/32 dev lo",
                        "ip addr show dev lo | grep -q 10.96.0.10/32",
                        "addresses"),
                new Kind(
                        "DNS address, IPv6",
                        "ip addr del fd00:10:96::a/128 dev lo",
                        "ip addr show dev lo | grep -q fd00:10:96::a/128",
                        "addresses"),
                new Kind(
                        "tunnel link",
                        "ip link del fyr-vxlan",
                        "bridge fdb show dev fyr-vxlan 2>&1 | grep -q 172.19.0.12 && ip -6 route show fd00:10:244:2::/64 | grep -q 'proto 171' && ip route show 10.244.2.0/24 | grep -q 'proto 171'",
                        "links"),
                new Kind(
                        "tunnel link set down",
                        "ip link set fyr-vxlan down",
                        "ip link show fyr-vxlan | grep -q LOWER_UP && ip route show 10.244.2.0/24 | grep -q 'proto 171' && ip -6 addr show dev fyr-vxlan | grep -q fd00:10:244:1::/128",
                        "links"),
                new Kind(
                        "uplink flapped",
                        FLAP,
                        "ip route show 10.244.3.0/24 | grep -q 'proto 171' && ip -6 route show fd00:10:244:3::/64 | grep -q 'proto 171'",
                        "routes"),
                new Kind(
                        "service",
                        "nft delete element ip fyr services '{ " + element + " }'",
                        "nft get element ip fyr services '{ " + element + " }' >/dev/null 2>&1",
                        "nft"),
                new Kind(
                        "backend",
                        "nft delete element ip fyr backends '{ " + element + " . 0 }'",
                        "nft get element ip fyr backends '{ " + element + " . 0 }' >/dev/null 2>&1",
                        "nft"),
                new Kind(
                        "rule",
                        "nft delete rule ip fyr lookup-services handle $(nft -a list chain ip fyr lookup-services | sed -n 's/.*by frontend.*handle //p')",
                        "nft list chain ip fyr lookup-services | grep -q 'by frontend'",
                        "nft"),
                new Kind(
                        "rule of somebody else in a chain of ours",
                        "nft insert rule ip fyr services-prerouting drop",
                        "! nft list chain ip fyr services-prerouting | grep -q drop",
                        "nft"),
                new Kind(
                        "chain",
                        "nft flush chain ip fyr services-prerouting && nft delete chain ip fyr services-prerouting",
                        "nft list chain ip fyr services-prerouting 2>&1 | grep -q 'jump lookup-services'",
                        "nft"),
                new Kind(
                        "table",
                        "nft delete table ip fyr",
                        "nft get element ip fyr backends '{ " + element + " . 0 }' >/dev/null 2>&1",
                        "nft"),
                new Kind(
                        "table, IPv6",
                        "nft delete table ip6 fyr",
                        "nft list chain ip6 fyr services-prerouting 2>&1 | grep -q 'jump lookup-services'",
                        "nft")));
        kinds.add(new Kind(
                "forwarding",
                "echo 0 > /proc/sys/net/ipv4/ip_forward",
                "grep -q 1 /proc/sys/net/ipv4/ip_forward",
                "sysctls"));
        kinds.add(new Kind(
                "forwarding, IPv6",
                "echo 0 > /proc/sys/net/ipv6/conf/all/forwarding",
                "grep -q 1 /proc/sys/net/ipv6/conf/all/forwarding",
                "sysctls"));
        return kinds;
    }

    private static final String MEASURE = """
            %s || exit 9
            begin=$(date +%%s%%N)
            until %s; do [ $((($(date +%%s%%N) - begin) / 1000000)) -lt 5000 ] || { echo "took=never"; exit; }; sleep 0.01; done
            echo "took=$((($(date +%%s%%N) - begin) / 1000000))"
            """;

    @Test
    void whatIsDeletedComesBackAndWhatIsForeignStays() throws Exception {
        try (TestLab lab = TestLab.up("drift", "--subnets", "2")) {
            lab.apply("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: web, labels: {app: web}}
                    spec: {nodeName: node1, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web}
                    spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
                    """);
            lab.eventually("web", "curl -sfm 2 http://web.default/");
            String service = lab.find(
                    "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "web", "-n", "default", "-o", "json"));
            String pod = lab.find(
                    "\"podIP\" *: *\"([^\"]+)\"", lab.lab("get", "pods", "web", "-n", "default", "-o", "json"));
            String link = lab.find("dev (fyr\\S+)", lab.onNode("node1", "ip route show " + pod));
            lab.onNode("node1", FOREIGN).succeeded();
            String foreign = lab.onNode("node1", FOREIGN_LISTING).output();

            List<String> faults = new ArrayList<>();
            StringBuilder table = new StringBuilder("time to repair, in milliseconds:\n");
            for (Kind kind : kinds(pod, link, service)) {
                int logged = lab.log("node1").length();
                TestLab.Result result = lab.onNode("node1", MEASURE.formatted(kind.harm(), kind.check()));
                String took = result.status() == 0
                        ? lab.find("took=(\\w+)", result)
                        : "? " + result.output().strip();
                table.append("  ").append(kind.name()).append(": ").append(took).append('\n');
                if (!took.matches("\\d+") || Integer.parseInt(took) >= AT_MOST_MILLISECONDS) {
                    faults.add(kind.name() + " took " + took);
                } else if (!repairTold(lab, logged, kind.table())) {
                    faults.add(kind.name() + ": no log line tells of the repair of " + kind.table() + "; but: "
                            + lab.log("node1").substring(logged));
                }
            }
            System.out.print(table);
            assertThat(faults).isEmpty();
            assertThat(lab.onNode("node1", FOREIGN_LISTING).output()).isEqualTo(foreign);
            assertThat(lab.onNode("node1", "nft list ruleset >/dev/null").status())
                    .as("nft reads what we wrote")
                    .isZero();
            lab.eventually("web", "curl -sfm 2 http://web.default/");
            assertThat(lab.onNode("node1", "curl -s http://127.0.0.1:9099/metrics | grep ^fyr_drift_repaired_total")
                            .output())
                    .contains("routes", "neighbours", "fdb", "addresses", "links", "nft", "sysctls");
        }
    }

    private static boolean repairTold(TestLab lab, int from, String table) throws Exception {
        for (int i = 0; i < 20; i++) {
            if (lab.log("node1").substring(from).contains("drift repaired: " + table)) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }
}
