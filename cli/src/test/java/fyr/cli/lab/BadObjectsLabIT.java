package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.Patch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes with false values next to a cluster that works: they harm nobody else, and are reported by log, metric and Event. */
class BadObjectsLabIT {

    private static final String LIARS = """
            apiVersion: v1
            kind: Node
            metadata: {name: broadcast}
            spec: {podCIDR: 10.244.50.0/24, podCIDRs: [10.244.50.0/24], unschedulable: true}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: thief}
            spec: {podCIDR: 10.244.2.0/24, podCIDRs: [10.244.2.0/24], unschedulable: true}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: world}
            spec: {podCIDR: 0.0.0.0/0, podCIDRs: [0.0.0.0/0], unschedulable: true}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: thief6}
            spec: {podCIDR: 10.244.51.0/24, podCIDRs: [10.244.51.0/24, 'fd00:10:244:2::/64'], unschedulable: true}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: subnet}
            spec: {podCIDR: 172.18.0.128/25, podCIDRs: [172.18.0.128/25], unschedulable: true}
            """;

    private static final List<String> NAMES = List.of("broadcast", "thief", "world", "thief6", "subnet");

    /** Of a node without a kubelet, so that its status is what the test writes. */
    private static final String IMPOSTOR = """
            apiVersion: v1
            kind: Pod
            metadata: {name: impostor}
            spec: {nodeName: thief, tolerations: [{operator: Exists}], containers: [{name: c, image: any}]}
            """;

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec: {nodeName: %s, containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            """;

    @Test
    void nodesThatLieHarmNobodyElse() throws Exception {
        try (TestLab lab = TestLab.up("liars", "--nodes", "2")) {
            lab.apply(POD.formatted("one", "node1") + "---\n" + POD.formatted("two", "node2"));
            String two = lab.find("\"podIP\" *: *\"([^\"]+)\"", lab.lab("get", "pods", "two", "-o", "json"));
            lab.eventually("one", "curl -sfm 2 http://" + two + ":8080");
            String routes = routes(lab);

            lab.apply(LIARS);
            status(lab, "broadcast", "172.18.255.255");
            status(lab, "thief", "172.18.0.99");
            status(lab, "world", "172.18.0.98");
            status(lab, "thief6", "fd00:18::99");
            status(lab, "subnet", "172.18.0.97");
            lab.apply(IMPOSTOR);
            patch(
                    lab,
                    "/api/v1/namespaces/default/pods/impostor/status",
                    "{\"status\":{\"phase\":\"Running\",\"podIP\":\"" + two + "\",\"podIPs\":[{\"ip\":\"" + two
                            + "\"}]}}");
            for (String liar : NAMES) {
                eventually(lab, "Node " + liar + ": ", () -> lab.log("node1"));
                eventually(
                        lab,
                        "fyr_object_refused{field=",
                        () -> lab.onNode("node1", metric(liar)).output());
                eventually(
                        lab,
                        liar,
                        () -> lab.lab("get", "events", "-n", "default", "-o", "json")
                                .output()
                                .replaceAll("(?s)\"managedFields\".*?]", ""));
            }
            assertThat(routes(lab)).isEqualTo(routes);
            assertThat(lab.onNode("node1", "curl -sfm 5 http://127.0.0.1:9099/readyz")
                            .succeeded()
                            .output())
                    .isNotNull();
            lab.eventually("one", "curl -sfm 2 http://" + two + ":8080");

            // Pods are attached, even by an agent that starts while there are such nodes, and its node is ready.
            for (String node : List.of("node1", "node2")) {
                lab.lab("agent", "kill", node).succeeded();
                lab.lab("agent", "start", node).succeeded();
                lab.onNode(
                                node,
                                "for i in $(seq 100); do curl -sfm 5 http://127.0.0.1:9099/readyz && break; sleep 0.1; done")
                        .succeeded();
            }
            assertThat(routes(lab)).isEqualTo(routes);
            for (String node : List.of("node1", "node2")) {
                eventually(lab, "True", () -> ready(lab, node));
            }
            lab.apply(POD.formatted("three", "node2"));
            String three = lab.find("\"podIP\" *: *\"([^\"]+)\"", lab.lab("get", "pods", "three", "-o", "json"));
            lab.eventually("one", "curl -sfm 2 http://" + three + ":8080");

            for (String liar : NAMES) {
                lab.lab("delete", "nodes", liar).succeeded();
            }
            eventually(lab, "no complaint about it any more", () -> lab.log("node1"));
            assertThat(routes(lab)).isEqualTo(routes);
            lab.eventually("one", "curl -sfm 2 http://" + two + ":8080");
        }
    }

    private static String routes(TestLab lab) throws Exception {
        return lab.onNode("node1", "ip route show proto 171 | grep -v '10.244.5[01].0'; ip -6 route show proto 171")
                .output();
    }

    private static String metric(String node) {
        return "curl -s http://127.0.0.1:9099/metrics | grep fyr_object_refused | grep 'name=\"" + node + "\"'";
    }

    private static void status(TestLab lab, String node, String address) throws Exception {
        patch(
                lab,
                "/api/v1/nodes/" + node + "/status",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"" + address + "\"}]}}");
    }

    private static String ready(TestLab lab, String node) throws Exception {
        return lab.find(
                "\"type\" *: *\"Ready\",\\s*\"status\" *: *\"([^\"]+)\"", lab.lab("get", "nodes", node, "-o", "json"));
    }

    private static void patch(TestLab lab, String path, String patch) throws Exception {
        try (ApiClient client = ApiClient.connect(new Kubeconfig(lab.files().resolve("kubeconfig")))) {
            client.patch(path, Patch.MERGE, patch.getBytes(UTF_8));
        }
    }

    private interface Source {
        String text() throws Exception;
    }

    private static void eventually(TestLab lab, String part, Source source) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String text = source.text();
        while (!text.contains(part) && System.nanoTime() < end) {
            Thread.sleep(200);
            text = source.text();
        }
        assertThat(text).as("of lab %s", lab.name()).contains(part);
    }
}
