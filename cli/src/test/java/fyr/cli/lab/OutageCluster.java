package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Service {@code web} of pods with readiness probes, and a client of it. */
final class OutageCluster {

    private static final String CLIENT = """
            apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ipFamilyPolicy: RequireDualStack, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """;
    private static final String POD = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, labels: {app: web}}
            spec:
              nodeName: %s
              containers:
                - {name: c, image: any, ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1}}
            """;

    private final TestLab lab;
    private final List<String> urls = new ArrayList<>();

    private OutageCluster(TestLab lab) {
        this.lab = lab;
    }

    /** Makes it, with pods of these names alternately on both nodes. */
    static OutageCluster of(TestLab lab, String... pods) throws Exception {
        StringBuilder manifests = new StringBuilder(CLIENT);
        for (int i = 0; i < pods.length; i++) {
            manifests.append(POD.formatted(pods[i], "node" + (2 - i % 2)));
        }
        lab.apply(manifests.toString());
        lab.eventually("client", "true");
        OutageCluster cluster = new OutageCluster(lab);
        JsonNode service = cluster.json("services", "web");
        for (JsonNode address : service.findPath("clusterIPs")) {
            String text = address.asString();
            cluster.urls.add("http://" + (text.contains(":") ? "[" + text + "]" : text) + "/");
        }
        assertThat(cluster.urls).as("a virtual address of each family").hasSize(2);
        return cluster;
    }

    void add(String pod, String node) throws Exception {
        lab.apply(POD.formatted(pod, node).substring(4));
    }

    /** The pods that answer 40 requests in each family; {@code failed} if a request is not answered. */
    SortedSet<String> answering() throws Exception {
        StringBuilder script = new StringBuilder();
        for (String url : urls) {
            script.append("for i in $(seq 40); do curl -gsm 2 '")
                    .append(url)
                    .append("' | grep -o '\"pod\":\"[^\"]*\"' || echo failed; done; ");
        }
        SortedSet<String> pods = new TreeSet<>();
        lab.inPod("client", script.toString())
                .output()
                .lines()
                .forEach(line -> pods.add(line.replaceAll("\"pod\":\"|\"", "")));
        return pods;
    }

    /** From now on the pod refuses all connections, those of its probe too. */
    void mute(String pod) throws Exception {
        lab.inPod(
                        pod,
                        "nft 'add table inet mute; add chain inet mute in { type filter hook input priority 0; };"
                                + " add rule inet mute in tcp dport 8080 reject with tcp reset'")
                .succeeded();
    }

    /** Waits until exactly these pods are ready endpoints of both families and answer; returns the time it took. */
    Duration await(Duration patience, String... pods) throws Exception {
        long start = System.nanoTime();
        SortedSet<String> names = new TreeSet<>(List.of(pods));
        Map<String, SortedSet<String>> expected = Map.of("IPv4", names, "IPv6", names);
        Map<String, SortedSet<String>> ready = ready();
        while (!ready.equals(expected) && isWithin(patience, start)) {
            Thread.sleep(100);
            ready = ready();
        }
        assertThat(ready).as("ready endpoints").isEqualTo(expected);
        SortedSet<String> answering = answering();
        while (!answering.equals(names) && isWithin(patience, start)) {
            answering = answering();
        }
        assertThat(answering).as("pods that answer").isEqualTo(names);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean isWithin(Duration patience, long start) {
        return System.nanoTime() - start < patience.toNanos();
    }

    /** The pods that are ready endpoints of the Service, by family. */
    private Map<String, SortedSet<String>> ready() throws Exception {
        Map<String, SortedSet<String>> ready = new TreeMap<>();
        for (JsonNode slice : json("endpointslices")) {
            if (slice.at("/metadata/labels/kubernetes.io~1service-name")
                    .asString("")
                    .equals("web")) {
                SortedSet<String> names =
                        ready.computeIfAbsent(slice.path("addressType").asString(), _ -> new TreeSet<>());
                slice.path("endpoints")
                        .valueStream()
                        .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean(false))
                        .forEach(endpoint ->
                                names.add(endpoint.at("/targetRef/name").asString()));
            }
        }
        return ready;
    }

    /** When a pod's condition Ready last changed. */
    Instant readySince(String pod) throws Exception {
        JsonNode conditions = json("pods", pod).at("/status/conditions");
        return conditions
                .valueStream()
                .filter(condition -> condition.path("type").asString().equals("Ready"))
                .map(condition ->
                        Instant.parse(condition.path("lastTransitionTime").asString()))
                .findFirst()
                .orElseThrow();
    }

    /** {@code lab get} prints one object if it is named, and an array otherwise. */
    private JsonNode json(String... which) throws Exception {
        List<String> words = new ArrayList<>(List.of(which));
        words.addAll(List.of("-n", "default", "-o", "json"));
        return new JsonMapper()
                .readTree(
                        lab.lab("get", words.toArray(String[]::new)).succeeded().output());
    }
}
