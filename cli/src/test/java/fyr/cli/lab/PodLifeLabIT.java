package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.Patch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The life of pods under a kubelet: ready or not, deleted but still answering, completed and keeping their address. */
class PodLifeLabIT {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s}
            spec:
              replicas: %3$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec: {containers: [{name: c, image: "%2$s", ports: [{name: http, containerPort: 8080}], %4$s}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec: {ipFamilyPolicy: PreferDualStack, selector: {app: %1$s}, ports: [{port: 80, targetPort: http}]}
            ---
            """;
    private static final String CLIENT = """
            apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec:
              nodeName: node1
              hostAliases: [{ip: 192.0.2.7, hostnames: [elsewhere.example]}]
              containers: [{name: c, image: any}]
            """;

    private static TestLab lab;
    private static ApiClient api;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLab.up("life", "--nodes", "3", "--subnets", "2");
        api = ApiClient.connect(new Kubeconfig(lab.files().resolve("kubeconfig")));
        lab.apply(CLIENT);
        lab.eventually("client", "true");
    }

    @AfterAll
    static void down() throws Exception {
        lab.close();
    }

    private static JsonNode get(String path) {
        return new JsonMapper().readTree(api.get(path));
    }

    private static JsonNode pods(String app) {
        return get("/api/v1/namespaces/default/pods?labelSelector=app%3D" + app).path("items");
    }

    private static JsonNode eventually(String path, Predicate<JsonNode> holds) throws InterruptedException {
        JsonNode last = get(path);
        for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); !holds.test(last); last = get(path)) {
            assertThat(System.nanoTime()).as(path + ": " + last).isLessThan(end);
            Thread.sleep(50);
        }
        return last;
    }

    private static boolean has(JsonNode pod, String condition, String status) {
        return pod.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(one -> one.path("type").asString().equals(condition)
                        && one.path("status").asString().equals(status));
    }

    private static long ready(JsonNode list) {
        return list.path("items")
                .valueStream()
                .filter(pod -> has(pod, "Ready", "True"))
                .count();
    }

    private static String slices(String service) {
        return "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
                + service;
    }

    private static long endpoints(JsonNode slices, String condition) {
        return slices.path("items")
                .valueStream()
                .filter(slice -> slice.path("addressType").asString().equals("IPv4"))
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .filter(endpoint -> endpoint.path("conditions").path(condition).asBoolean())
                .count();
    }

    private static void patch(String path, String json) {
        api.patch(path, Patch.STRATEGIC, json.replace('\'', '"').getBytes(UTF_8));
    }

    /** In both families at once, each with half of the connections. */
    @Test
    void aRollingUpdateUnderNewConnectionsFailsNone() throws Exception {
        lab.apply(DEPLOYMENT.formatted("web", "first", 10, ""));
        String all = "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb";
        eventually(all, list -> ready(list) == 10);
        eventually(slices("web"), list -> endpoints(list, "ready") == 10);
        JsonNode addresses =
                get("/api/v1/namespaces/default/services/web").path("spec").path("clusterIPs");
        assertThat(addresses).hasSize(2);
        Path end = lab.files().resolve("end-of-load");
        Process four = load(addresses.path(0).asString(), end);
        Process six = load(addresses.path(1).asString(), end);
        try {
            Thread.sleep(3000);
            lab.apply(DEPLOYMENT.formatted("web", "second", 10, ""));
            eventually(
                    all,
                    list -> list.path("items").size() == 10
                            && ready(list) == 10
                            && !list.toString().contains("\"image\":\"first\""));
            Thread.sleep(1000);
        } finally {
            Files.writeString(end, "");
        }
        for (Process load : new Process[] {four, six}) {
            TestLab.Result result = TestLab.finish(load);
            System.out.println(
                    "rolling update of 10 replicas: " + result.output().strip());
            assertThat(result.output()).contains("failed=0 ").doesNotContain("connections=0 ");
        }
    }

    private static Process load(String address, Path end) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
        return lab.start(
                "exec",
                "client",
                "--",
                java,
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                "fyr.cli.lab.NewConnections",
                address,
                "80",
                "150",
                end.toString());
    }

    @Test
    void aPodThatIsToldToGoAnswersOnUntilItEnds() throws Exception {
        lab.apply(DEPLOYMENT.formatted("slow", "any", 1, "lifecycle: {preStop: {sleep: {seconds: 4}}}"));
        JsonNode pod = eventually("/api/v1/namespaces/default/pods?labelSelector=app%3Dslow", list -> ready(list) == 1)
                .path("items")
                .path(0);
        String name = pod.path("metadata").path("name").asString();
        String address = pod.path("status").path("podIP").asString();
        lab.eventually("client", "curl -sfm 2 http://" + address + ":8080/");
        long begin = System.nanoTime();
        api.delete("/api/v1/namespaces/default/pods/" + name, "{}".getBytes(UTF_8));
        eventually(
                slices("slow"),
                list -> list.path("items")
                        .valueStream()
                        .flatMap(slice -> slice.path("endpoints").valueStream())
                        .map(endpoint -> endpoint.path("conditions").toString())
                        .anyMatch("{\"ready\":false,\"serving\":true,\"terminating\":true}"::equals));
        lab.inPod("client", "curl -sfm 2 http://" + address + ":8080/").succeeded();
        eventually(
                "/api/v1/namespaces/default/pods?labelSelector=app%3Dslow",
                list -> list.path("items")
                        .valueStream()
                        .noneMatch(one ->
                                one.path("metadata").path("name").asString().equals(name)));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(5));
        assertThat(lab.inPod("client", "curl -sm 1 http://" + address + ":8080/")
                        .status())
                .isNotZero();
    }

    /**
     * As kube-controller-manager does when it has not received reports of a node for a while: the API server was unavailable, or the node's
     * network.
     */
    @Test
    void aStatusThatWasWrittenOverIsReportedAgain() throws Exception {
        lab.apply(DEPLOYMENT.formatted("steady", "any", 2, ""));
        String all = "/api/v1/namespaces/default/pods?labelSelector=app%3Dsteady";
        JsonNode pods = eventually(all, list -> ready(list) == 2).path("items");
        for (JsonNode pod : pods) {
            String path = "/api/v1/namespaces/default/pods/"
                    + pod.path("metadata").path("name").asString() + "/status";
            patch(
                    path,
                    "{'status':{'conditions':[{'type':'Ready','status':'False','reason':'NodeStatusNeverUpdated'}]}}");
        }
        eventually(all, list -> ready(list) == 2);
        eventually(slices("steady"), list -> endpoints(list, "ready") == 2);
    }

    @Test
    void aPodIsNotReadyWhileItsProbeItsGateOrAnAnnotationSaySo() throws Exception {
        lab.apply(DEPLOYMENT.formatted(
                        "probed", "any", 1, "readinessProbe: {tcpSocket: {port: 9999}, periodSeconds: 1}")
                + DEPLOYMENT.formatted("healthy", "any", 1, "readinessProbe: {httpGet: {port: http, path: /healthz}}"));
        String healthy = "/api/v1/namespaces/default/pods?labelSelector=app%3Dhealthy";
        JsonNode pod =
                eventually(healthy, list -> ready(list) == 1).path("items").path(0);
        String path = "/api/v1/namespaces/default/pods/"
                + pod.path("metadata").path("name").asString();
        eventually(slices("healthy"), list -> endpoints(list, "ready") == 1);
        patch(path, "{'metadata':{'annotations':{'fyr.dev/ready':'false'}}}");
        eventually(
                slices("healthy"),
                list -> endpoints(list, "ready") == 0 && list.toString().contains("10.244."));
        patch(path, "{'metadata':{'annotations':{'fyr.dev/ready':null}}}");
        eventually(slices("healthy"), list -> endpoints(list, "ready") == 1);

        eventually(
                "/api/v1/namespaces/default/events",
                list -> list.toString().contains("Readiness probe failed: dial tcp 10.244."));
        assertThat(pods("probed").path(0).path("status").path("phase").asString())
                .isEqualTo("Running");
        assertThat(has(pods("probed").path(0), "Ready", "False")).isTrue();

        lab.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: gated}
                spec: {readinessGates: [{conditionType: example.com/open}], containers: [{name: c, image: any}]}
                """);
        String gated = "/api/v1/namespaces/default/pods/gated";
        eventually(gated, one -> has(one, "ContainersReady", "True") && has(one, "Ready", "False"));
        patch(gated + "/status", "{'status':{'conditions':[{'type':'example.com/open','status':'True'}]}}");
        eventually(gated, one -> has(one, "Ready", "True") && has(one, "example.com/open", "True"));
    }

    @Test
    void aCompletedPodKeepsItsAddressInItsStatus() throws Exception {
        lab.apply("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: once}
                spec: {template: {metadata: {labels: {app: once}}, spec: {restartPolicy: Never, containers: [{name: c, image: any}]}}}
                """);
        JsonNode pod = eventually(
                        "/api/v1/namespaces/default/pods?labelSelector=app%3Donce",
                        list -> list.toString().contains("\"phase\":\"Succeeded\""))
                .path("items")
                .path(0);
        assertThat(pod.path("status").path("podIPs")).hasSize(2);
        assertThat(lab.files()
                        .resolve("pods/default/"
                                + pod.path("metadata").path("name").asString()))
                .doesNotExist();
    }

    @Test
    void aPodSeesWhatAKubeletWouldShowIt() throws Exception {
        String hosts =
                lab.inPod("client", "cat /etc/hosts; hostname").succeeded().output();
        String address = get("/api/v1/namespaces/default/pods/client")
                .path("status")
                .path("podIP")
                .asString();
        assertThat(hosts)
                .contains("# Kubernetes-managed hosts file.", address + "\tclient\n", "192.0.2.7\telsewhere.example\n")
                .endsWith("\nclient\n");
        lab.inPod("client", "getent hosts elsewhere.example | grep -q 192.0.2.7")
                .succeeded();
        assertThat(lab.inPod(
                                "client",
                                "dig +short kube-dns.kube-system.svc.cluster.local; dig +short AAAA kube-dns.kube-system.svc.cluster.local")
                        .output())
                .isEqualTo("10.96.0.10\nfd00:10:96::a\n");
        assertThat(lab.inPod("client", "dig +short SRV _https._tcp.kubernetes.default.svc.cluster.local")
                        .output())
                .contains(" 443 kubernetes.default.svc.cluster.local.");
        assertThat(lab.inPod(
                                "client",
                                "curl -skm 5 -o /dev/null -w '%{http_code}' https://kubernetes.default.svc/version")
                        .output())
                .as("TLS; who may ask what is the server's business")
                .matches("200|401|403");
    }
}
