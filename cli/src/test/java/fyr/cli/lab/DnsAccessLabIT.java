package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster DNS is for pods and nodes: an outside host that routes its address through a node gets no answer. */
class DnsAccessLabIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: { name: web }
            spec:
              nodeName: node1
              containers: [ { name: c, image: any, ports: [ { containerPort: 8080 } ] } ]
            """;

    private static String dig(String server, String transport) {
        return "dig +short +time=1 +tries=1 " + transport + " @" + server + " kubernetes.default.svc.cluster.local";
    }

    @Test
    void onlyPodsAndNodesAreAnswered() throws Exception {
        try (TestLab lab = TestLab.up("dns-access", "--nodes", "2")) {
            lab.apply(POD);
            lab.eventually("web", dig("10.96.0.10", "+notcp") + " | grep -q 10.96.0.1");
            lab.onNode(
                            "router",
                            "ip route add 10.96.0.10 via 172.18.0.11; ip -6 route add fd00:10:96::a via fd00:18::b")
                    .succeeded();
            lab.onNode(
                            "outside",
                            "ip route add 10.96.0.10 via 203.0.113.1; ip -6 route add fd00:10:96::a via 2001:db8::1")
                    .succeeded();
            for (String server : List.of("10.96.0.10", "fd00:10:96::a")) {
                for (String transport : List.of("+notcp", "+tcp")) {
                    String question = dig(server, transport);
                    assertThat(lab.inPod("web", question).output()).as(question).contains("10.96.0.1");
                    assertThat(lab.onNode("node1", question).output())
                            .as(question)
                            .contains("10.96.0.1");
                    assertThat(lab.onNode("outside", question).output())
                            .as(question)
                            .doesNotContain("10.96.0.1\n")
                            .containsAnyOf("timed out", "no servers could be reached");
                }
            }
            // The path is open: the dropped queries are reported, and were dropped on this node.
            assertThat(lab.onNode("node1", "nft list chain ip fyr dns-clients; nft list chain ip6 fyr dns-clients")
                            .succeeded()
                            .output())
                    .containsPattern("(?s)counter packets [1-9].*counter packets [1-9]");
        }
    }
}
