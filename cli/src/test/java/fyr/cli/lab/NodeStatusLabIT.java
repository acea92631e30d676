package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code fyr status} says what a node serves, what was refused and what drifted. */
class NodeStatusLabIT {

    private static final String OBJECTS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {nodeName: node1, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, externalIPs: [10.244.2.9], ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: balanced}
            spec: {type: LoadBalancer, selector: {app: web}, loadBalancerIP: 172.18.1.77, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: fyr.dev/v1alpha1
            kind: AddressPool
            metadata: {name: within}
            spec: {addresses: [172.18.1.128/25], autoAssign: false}
            """;

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("status", "--nodes", "2");
        lab.apply(OBJECTS);
        lab.eventually("web", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static String status(String... options) throws Exception {
        String[] all = new String[options.length + 3];
        all[0] = "status";
        all[1] = "--lab";
        all[2] = lab.name();
        System.arraycopy(options, 0, all, 3, options.length);
        return TestLab.fyr(all).succeeded().output();
    }

    @Test
    void itSaysWhatTheNodeServes() throws Exception {
        String status = status("--node", "node1");
        assertThat(status).startsWith("node1  ready").contains("default/web").contains("10.244.1.");
        assertThat(status).as("what is not served is named").contains("Service default/web: spec.externalIPs");
        assertThat(status("--node", "node2", "-o", "json")).contains("\"node\" : \"node2\"", "\"version\" : 1");
    }

    @Test
    void itSaysWhatPoolsHaveAndWhichNodeAnnouncesAnAddress() throws Exception {
        String both = "";
        for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < end; ) {
            both = status("--node", "node1") + status("--node", "node2");
            if (both.contains("announces   172.18.1.77\n") && both.contains("IPv4 1 used, 253 free")) {
                break;
            }
        }
        assertThat(both)
                .containsOnlyOnce("announces   172.18.1.77\n")
                .containsOnlyOnce("announces   no addresses\n")
                .containsOnlyOnce("this agent assigns their addresses")
                .contains(
                        "lab: IPv4 1 used, 253 free; IPv6 0 used, 65536 free; Overlap: has addresses in common with within")
                .contains(
                        "within: IPv4 0 used, 128 free; IPv6 0 used, 0 free; Overlap: has addresses in common with lab");
    }

    @Test
    void itSaysWhatDrifted() throws Exception {
        String backends = "element ip fyr backends { 10.96.";
        assertThat(status("--node", "node1", "--table", "nft"))
                .contains("chain guard-prerouting {", "The kernel holds what is planned.");
        assertThat(status("--node", "node1", "--table", "routes")).contains("10.244.2.0/24 via ");
        lab.onNode("node1", "ip route del 10.244.2.0/24; nft flush map ip fyr backends")
                .succeeded();
        String status = "";
        for (long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                !(status.contains(backends) && status.contains("routes 10.244.2.0/24")) && System.nanoTime() < end; ) {
            status = status("--node", "node1");
        }
        assertThat(status).contains("drift repaired: routes 10.244.2.0/24").contains("drift repaired: nft " + backends);
    }

    @Test
    void anAgentThatDoesNotAnswerIsNamed() throws Exception {
        TestLab.Result result = TestLab.fyr("status", "--run-dir", "/nowhere");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("no agent answers at /nowhere/agent.sock")
                .hasLineCount(1);
        assertThat(TestLab.fyr("status", "--lab", lab.name(), "--node", "node7").output())
                .contains("has no node node7");
    }
}
