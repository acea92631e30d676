package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A running node changes from nftables to iptables and back. */
class ServiceModeLabIT {

    /** A server, a client and a Service with affinity. */
    static final String OBJECTS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {nodeName: node2, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: NodePort, sessionAffinity: ClientIP, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
            """;

    /** Prints how many new connections were made in some seconds, and how many failed. */
    static final String NEW_CONNECTIONS = """
            n=0 bad=0 end=$(($(date +%%s) + %d))
            while [ $(date +%%s) -lt $end ]; do
              curl -s -m 10 -o /dev/null http://%s/ || { bad=$((bad + 1)); echo "curl: $?"; }
              n=$((n + 1))
              sleep 0.02
            done
            echo "requests=$n failed=$bad"
            """;

    private static final String NFT = "nft list table ip fyr; nft list table ip6 fyr";
    private static final String SAVED = "iptables-save; ip6tables-save";

    /** What the other mode has in the tables of nf_tables. */
    private static final String[] MAPS = {"map services ", "map backends ", "map node-ports ", "map affinity "};

    @Test
    void establishedConnectionsGoOnAndNothingOfTheOtherModeIsLeft() throws Exception {
        try (TestLab lab = TestLab.up("servicemode", "--nodes", "2")) {
            lab.apply(OBJECTS);
            lab.eventually("client", "curl -sfm 2 http://web/");
            String address = lab.find(
                    "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "web", "-n", "default", "-o", "json"));
            assertThat(output(lab, NFT)).contains(MAPS);
            assertThat(output(lab, SAVED)).doesNotContain("KUBE-");
            Path end = lab.files().resolve("talk.end");
            Process talk = PodProgram.start(lab, "client", Talk.class, "tcp", address, 80, end);
            Process connections = lab.start("exec", "client", "--", "sh", "-c", NEW_CONNECTIONS.formatted(15, address));
            Thread.sleep(2000);

            Path options = Files.writeString(
                    lab.files().resolve("nodes").resolve("node1").resolve("agent.options"),
                    "--service-mode\niptables\n");
            lab.lab("agent", "restart", "node1").succeeded();
            lab.eventuallyOnNode(
                    "node1", "iptables-save | grep -q KUBE-SEP- && ! nft list table ip fyr | grep -q 'map affinity '");
            assertThat(output(lab, NFT)).doesNotContain(MAPS);
            assertThat(output(lab, SAVED)).contains(":KUBE-SERVICES ", "default/web");

            Files.delete(options);
            lab.lab("agent", "kill", "node1").succeeded();
            lab.lab("agent", "start", "node1").succeeded();
            lab.eventuallyOnNode(
                    "node1", "nft list table ip fyr | grep -q 'map affinity ' && ! iptables-save | grep -q KUBE-");
            assertThat(output(lab, SAVED)).doesNotContain("KUBE-", "fyr-", "0x4000");
            assertThat(output(lab, NFT)).contains(MAPS);

            assertThat(TestLab.finish(connections).succeeded().output())
                    .contains(" failed=0")
                    .doesNotContain("requests=0 ");
            Files.createFile(end);
            TestLab.Result talked = TestLab.finish(talk).succeeded();
            assertThat(talked.output()).contains("last=web").doesNotContain("Exception");
            assertThat(Integer.parseInt(lab.find("answers=(\\d+)", talked))).isGreaterThan(20);
        }
    }

    private static String output(TestLab lab, String script) throws Exception {
        return lab.onNode("node1", script).succeeded().output();
    }
}
