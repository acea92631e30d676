package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.Patch;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The API server is away for agents and kubelets, and the world goes on meanwhile: what was programmed stays, and afterwards everything is
 * true again within seconds, without a restart and without reading everything again. Controllers, and the test, reach it all the time.
 */
class ApiOutageLabIT {

    /** The port for those inside the lab. */
    private static final int PLAIN_PORT = 8080;

    private static final Duration OUTAGE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OBJECTS = 300;

    /** Far less than all objects once for each of the two agents, far more than what changed. */
    private static final int BYTES = 500_000;

    private static final int CONNECTIONS = 500;

    private static TestLab lab;
    private static ApiOutage outage;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("outage", "--nodes", "2", "--subnets", "2");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < OBJECTS; i++) {
            // Not Services: who takes the Lease of load balancer addresses after the outage has to read those.
            many.append("""
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: other%1$d, labels: {kubernetes.io/service-name: other%1$d}, annotations: {padding: %2$s}}
                    addressType: IPv4
                    ports: [{name: http, protocol: TCP, port: 80}]
                    endpoints: []
                    ---
                    """.formatted(i, "x".repeat(3000)));
        }
        lab.store(many.toString());
        outage = new ApiOutage(lab, PLAIN_PORT);
        outage.count();
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsTrueAgainWithinSeconds(ApiOutage.Kind kind) throws Exception {
        OutageCluster cluster = OutageCluster.of(lab, "breaks", "leaves", "stays");
        cluster.await(Duration.ofSeconds(60), "breaks", "leaves", "stays");
        String agents = agents();
        assertThat(agents.lines()).hasSize(2);
        var _ = outage.traffic();
        try {
            changeEverythingDuring(kind, cluster);
            Duration taken = cluster.await(PATIENCE, "comes", "stays");
            ApiOutage.Traffic traffic = outage.traffic();
            System.out.println("outage, " + kind + ": all true after " + taken.toMillis() + " ms, " + traffic);
            assertThat(traffic.bytes()).as("only what changed is read").isLessThan(BYTES);
            assertThat(traffic.connections()).isLessThan(CONNECTIONS);
            assertThat(agents()).as("the same processes").isEqualTo(agents);
            assertAgentsAreReady();
        } finally {
            remove("breaks", "comes", "stays", "client");
        }
    }

    private static void changeEverythingDuring(ApiOutage.Kind kind, OutageCluster cluster) throws Exception {
        outage.begin(kind);
        try {
            long end = System.nanoTime() + OUTAGE.toNanos();
            assertThat(cluster.answering()).as("in the outage").containsExactly("breaks", "leaves", "stays");
            cluster.mute("breaks");
            lab.start("delete", "pod", "leaves", "-n", "default");
            cluster.add("comes", "node2");
            overwriteStatus("stays");
            assertThat(cluster.answering()).as("in the outage").contains("stays");
            Thread.sleep(Math.max(0, Duration.ofNanos(end - System.nanoTime()).toMillis()));
        } finally {
            outage.end();
        }
    }

    /** What the lab says of its agents, with their process IDs. */
    private static String agents() throws Exception {
        return lab.lab("status")
                .output()
                .lines()
                .filter(line -> line.matches("node\\d agent running, process \\d+"))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static void assertAgentsAreReady() throws Exception {
        for (String node : new String[] {"node1", "node2"}) {
            lab.onNode(node, "curl -sfm 5 http://127.0.0.1:9099/readyz").succeeded();
        }
    }

    private static void remove(String... pods) throws Exception {
        for (String pod : pods) {
            lab.lab("delete", "pod", pod, "-n", "default");
        }
        lab.lab("delete", "service", "web", "-n", "default");
        for (int i = 0; i < 200 && anyPod(); i++) {
            Thread.sleep(100);
        }
        assertThat(anyPod()).as("pods are left").isFalse();
    }

    private static boolean anyPod() throws Exception {
        return lab.lab("get", "pods", "-n", "default", "-o", "json").output().contains("\"podIP\"");
    }

    /** As a node controller does with the pods of a node that it has not heard for a while. */
    private static void overwriteStatus(String pod) throws Exception {
        try (ApiClient client = ApiClient.connect(new Kubeconfig(lab.files().resolve("kubeconfig")))) {
            client.patch("/api/v1/namespaces/default/pods/" + pod + "/status", Patch.STRATEGIC, """
                    {"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "NodeNotReady"}]}}
                    """.getBytes(UTF_8));
        }
    }
}
