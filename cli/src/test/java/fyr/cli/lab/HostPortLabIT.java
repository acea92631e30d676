package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Host ports of pods in a lab: who reaches them, who gets one that two ask for, and what a restart of the agent leaves of them. */
class HostPortLabIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, labels: {app: %1$s}}
            spec: {nodeName: %2$s, terminationGracePeriodSeconds: 0, containers: [{name: c, image: any, ports: [%3$s]}]}
            ---
            """;
    private static final List<String> NODE1 = List.of("172.18.0.11", "[fd00:18::b]");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestLab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("hostport", "--nodes", "2", "--subnets", "2");
        lab.apply(POD.formatted("client1", "node1", "") + POD.formatted("client2", "node2", ""));
        lab.eventually("client1", "true");
        lab.eventually("client2", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static void pod(String name, String ports) throws Exception {
        lab.apply(POD.formatted(name, "node1", ports));
    }

    private static void delete(String pod) throws Exception {
        lab.lab("delete", "pod", pod).succeeded();
    }

    private static String url(String node, int port) {
        return "http://" + node + ":" + port + "/";
    }

    private static String curl(String url) {
        return "curl -gs -m 3 '" + url + "' || echo failed with $?";
    }

    private static String eventually(String expected, String from, String script) throws Exception {
        String output = "";
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; Thread.sleep(100)) {
            output = ask(from, script);
            if (output.contains(expected)) {
                return output;
            }
        }
        throw new AssertionError(expected + " did not come; last: " + output);
    }

    private static String ask(String from, String script) throws Exception {
        return (from.startsWith("client") ? lab.inPod(from, script) : lab.onNode(from, script)).output();
    }

    /** The answer of a pod's server names the pod and the address that it was asked from. */
    @Test
    void everyoneReachesAHostPortAndThePodSeesWhoAsks() throws Exception {
        pod("door", "{containerPort: 8080, hostPort: 8081}");
        for (String node : NODE1) {
            for (String from : List.of("outside", "client1", "client2", "node1", "node2")) {
                eventually("\"pod\":\"door\"", from, curl(url(node, 8081)));
            }
        }
        assertThat(ask("outside", curl(url("172.18.0.11", 8081)))).contains("\"client\":\"203.0.113.");
        assertThat(ask("outside", curl(url("[fd00:18::b]", 8081)))).contains("\"client\":\"2001:db8:");
        assertThat(ask("node1", curl(url("127.0.0.1", 8081)))).contains("failed with 7");
        assertThat(ask("outside", curl(url("172.19.0.12", 8081))))
                .as("a node without the pod")
                .contains("failed with 7");
        assertThat(lab.lab("exec", "door", "--", "sh", "-c", curl(url("172.18.0.11", 8081)))
                        .output())
                .as("the pod itself")
                .contains("\"pod\":\"door\"");
        assertThat(TestLab.fyr("status", "--lab", lab.name(), "--node", "node1")
                        .succeeded()
                        .output())
                .contains("default/door", "host ports 8081/TCP -> 8080");
    }

    @Test
    void aSuccessorIsReachedAndARivalIsToldWhoHasThePort() throws Exception {
        pod("first", "{containerPort: 8080, hostPort: 8082}");
        eventually("\"pod\":\"first\"", "outside", curl(url("172.18.0.11", 8082)));
        pod("rival", "{containerPort: 8080, hostPort: 8082}");
        String events = "";
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                !events.contains("belongs to pod default/first") && System.nanoTime() < end;
                Thread.sleep(200)) {
            events = lab.lab("get", "events", "-n", "default", "-o", "json").output();
        }
        assertThat(events).contains("8082/TCP belongs to pod default/first");
        assertThat(ask("outside", curl(url("172.18.0.11", 8082)))).contains("\"pod\":\"first\"");
        delete("first");
        eventually("\"pod\":\"rival\"", "outside", curl(url("172.18.0.11", 8082)));
    }

    @Test
    void aHostIpIsTheOnlyAddressAndSurvivesARestartOfTheAgent() throws Exception {
        pod("at", "{containerPort: 8080, hostPort: 8083, hostIP: 'fd00:18::b'}");
        eventually("\"pod\":\"at\"", "outside", curl(url("[fd00:18::b]", 8083)));
        assertThat(ask("outside", curl(url("172.18.0.11", 8083)))).contains("failed with 7");
        lab.lab("agent", "kill", "node1").succeeded();
        lab.lab("agent", "start", "node1").succeeded();
        lab.onNode("node1", "until curl -sf -m 1 -o /dev/null http://127.0.0.1:9099/readyz; do sleep 0.1; done")
                .succeeded();
        assertThat(ask("outside", curl(url("[fd00:18::b]", 8083)))).contains("\"pod\":\"at\"");
        delete("at");
        eventually("failed with 7", "outside", curl(url("[fd00:18::b]", 8083)));
    }

    @Test
    void aNodePortOfAServiceComesFirstAndAnEventNamesBoth() throws Exception {
        lab.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: taken}
                spec: {type: NodePort, selector: {app: nobody}, ports: [{port: 80, nodePort: 30084}]}
                ---
                """);
        pod("late", "{containerPort: 8080, hostPort: 30084}");
        String events = "";
        for (long end = System.nanoTime() + PATIENCE.toNanos();
                !events.contains("is a node port of Service default/taken") && System.nanoTime() < end;
                Thread.sleep(200)) {
            events = lab.lab("get", "events", "-n", "default", "-o", "json").output();
        }
        assertThat(events).contains("is a node port of Service default/taken");
        assertThat(ask("outside", curl(url("172.18.0.11", 30084)))).contains("failed with 7");
        lab.lab("delete", "service", "taken").succeeded();
        eventually("\"pod\":\"late\"", "outside", curl(url("172.18.0.11", 30084)));
    }
}
