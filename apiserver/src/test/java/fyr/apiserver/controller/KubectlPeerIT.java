package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.ApiServer;
import fyr.apiserver.KubeconfigText;
import fyr.apiserver.ServerCertificate;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Tests the embedded server with the real kubectl. */
class KubectlPeerIT {
    @TempDir
    Path folder;

    private ApiServer server;
    private Controllers controllers;
    private FakeKubelet kubelet;

    private record Output(int code, String text) {}

    private static Path kubectl() {
        String peers = Optional.ofNullable(System.getenv("FYR_PEERS"))
                .orElse(System.getProperty("user.home") + "/.cache/fyr-peers");
        Path kubectl = Path.of(peers, "kubectl");
        assertThat(Files.isExecutable(kubectl))
                .as("%s is missing: run scripts/peers, which makes it", kubectl)
                .isTrue();
        return kubectl;
    }

    private Output run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                kubectl().toString(),
                "--kubeconfig",
                folder.resolve("kubeconfig").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Output(process.exitValue(), text);
    }

    private String good(String... arguments) throws IOException, InterruptedException {
        Output output = run(arguments);
        assertThat(output.code())
                .as("%s: %s", List.of(arguments), output.text())
                .isZero();
        return output.text();
    }

    private String manifest(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "m", ".yaml"), text)
                .toString();
    }

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
        ServerCertificate certificate =
                ServerCertificate.of(List.of(IpAddress.parse("127.0.0.1")), List.of("localhost"));
        int port = server.encrypt(new InetSocketAddress("127.0.0.1", 0), certificate)
                .getPort();
        Files.writeString(
                folder.resolve("kubeconfig"),
                KubeconfigText.verified("fyr-lab", "https://127.0.0.1:" + port, certificate, server.token()));
        ObjectClient client = new DirectClient(server.registry());
        FakeKubelet.node(client, "node-0");
        FakeKubelet.node(client, "node-1");
        controllers = Controllers.start(client);
        kubelet = FakeKubelet.start(client);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        controllers.close();
        server.close();
    }

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: c, image: nginx, ports: [{containerPort: 80, name: http}], resources: {limits: {cpu: 1}}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: NodePort, ipFamilyPolicy: PreferDualStack, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}
            """;

    @Test
    void refusesWhoHasNoToken() throws Exception {
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(
                kubeconfig, Files.readString(kubeconfig).replace(server.token().text(), "another"));
        Output refused = run("get", "pods");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("You must be logged in to the server"); // how kubectl reports 401
    }

    @Test
    void livesThroughARollOut() throws Exception {
        String web = manifest(WEB);
        assertThat(good("apply", "-f", web)).contains("deployment.apps/web created", "service/web created");
        assertThat(good("apply", "-f", web)).contains("service/web unchanged");
        good("rollout", "status", "deployment/web", "--timeout=20s");
        good("scale", "deployment/web", "--replicas=3");
        good("set", "image", "deployment/web", "c=nginx:2");
        good("rollout", "status", "deployment/web", "--timeout=20s");
        good("rollout", "undo", "deployment/web");
        good("rollout", "status", "deployment/web", "--timeout=20s");
        assertThat(good("get", "rs", "-o", "name").lines())
                .as("the first set is used again")
                .hasSize(2);
        assertThat(good("get", "deployment,service", "-o", "wide")).contains("3/3", "80:30080/TCP", "app=web");
        assertThat(good("describe", "service", "web")).contains("IP Families:", "IPv4,IPv6", "Endpoints:");
        assertThat(good("describe", "pod", "-l", "app=web")).contains("Controlled By:  ReplicaSet/web-");
        assertThat(good("diff", "-f", manifest(WEB.replace("replicas: 2", "replicas: 3"))))
                .isEmpty();
        good("delete", "-f", web);
        assertThat(good("get", "all")).contains("No resources found");
    }

    @Test
    void watchesDrainsAndDeletesNamespaces() throws Exception {
        good("apply", "-f", manifest(WEB));
        good("rollout", "status", "deployment/web", "--timeout=20s");
        assertThat(good("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=20s"))
                .contains("condition met");
        Process scaling = new ProcessBuilder(
                        "sh",
                        "-c",
                        "sleep 1; " + kubectl() + " --kubeconfig " + folder.resolve("kubeconfig")
                                + " scale deployment/web --replicas=3")
                .start();
        Output watched = run("get", "pods", "-w", "--request-timeout=4s");
        assertThat(scaling.waitFor()).isZero();
        assertThat(watched.text()).contains("NAME", "1/1", "Running");
        assertThat(watched.text()
                        .lines()
                        .filter(line -> line.startsWith("web-"))
                        .map(line -> line.split(" ")[0])
                        .distinct())
                .as("the third came while we watched")
                .hasSize(3);
        good("drain", "node-0", "--ignore-daemonsets", "--force");
        assertThat(good("get", "node", "node-0")).contains("SchedulingDisabled");
        good("rollout", "status", "deployment/web", "--timeout=20s");
        assertThat(good("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"))
                .isEqualTo("node-1 node-1 node-1");
        good("apply", "-f", manifest("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"));
        good(
                "apply",
                "-n",
                "shop",
                "-f",
                manifest("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b}}"));
        good("delete", "namespace", "shop", "--timeout=20s");
        assertThat(run("get", "namespace", "shop").text()).contains("namespaces \"shop\" not found");
    }

    @Test
    void explainsBadManifestsInOneLine() throws Exception {
        Output unknown = run("apply", "-f", manifest(WEB.replace("type: NodePort", "typo: NodePort")));
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.text()).contains("strict decoding error: unknown field \"spec.typo\"");
        good("apply", "-f", manifest(WEB));
        Output taken = run("apply", "-f", manifest(WEB.replace("name: web}", "name: other}")));
        assertThat(taken.text())
                .contains(
                        "Service \"other\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated");
    }

    private String refused(String spec) throws Exception {
        Output output = run(
                "apply",
                "-f",
                manifest("{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], " + spec
                        + "}}"));
        assertThat(output.code()).as(output.text()).isEqualTo(1);
        return output.text();
    }

    /** {@code ServiceCasesTest} has all of these and more; here a user sees them. */
    @Test
    void refusesServicesInTheWordsOfKubernetes() throws Exception {
        assertThat(refused("clusterIP: 10.97.0.7"))
                .contains("failed to allocate IP 10.97.0.7: the provided network does not match the current range");
        assertThat(refused("ipFamilies: [IPv4, IPv6]"))
                .contains("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        assertThat(refused("trafficDistribution: PreferFar"))
                .contains("supported values: \"PreferClose\", \"PreferSameZone\", \"PreferSameNode\"");
        assertThat(
                        good(
                                "apply",
                                "-f",
                                manifest(
                                        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], externalIPs: [198.51.100.7]}}")))
                .contains("Warning: spec.externalIPs is deprecated", "service/s created");
        assertThat(good("patch", "service", "s", "-p", "{\"spec\":{\"ipFamilyPolicy\":\"RequireDualStack\"}}"))
                .contains("service/s patched");
        assertThat(good("get", "service", "s", "-o", "jsonpath={.spec.ipFamilies} {.spec.externalTrafficPolicy}"))
                .isEqualTo("[\"IPv4\",\"IPv6\"] Cluster");
    }

    @Test
    void saysThatNoImageIsRun() throws Exception {
        good(
                "apply",
                "-f",
                manifest(
                        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}}"));
        good("wait", "--for=condition=Ready", "pod", "p", "--timeout=20s");
        for (String[] command : new String[][] {
            {"logs", "p"}, {"exec", "p", "--", "true"}, {"port-forward", "p", "8080:80"}, {"attach", "p"}
        }) {
            Output output = run(command);
            assertThat(output.code()).as(command[0]).isNotZero();
            assertThat(output.text().strip().lines())
                    .as(command[0])
                    .last()
                    .asString()
                    .contains("no image is run in a lab; use: fyr lab exec -n default p -- COMMAND");
        }
    }

    @Test
    void saysWhatToDoWhereItReadsNoProtobuf() throws Exception {
        Output refused = run("create", "configmap", "c");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text().strip().lines())
                .singleElement()
                .asString()
                .contains("reads no protobuf: use kubectl create ... --dry-run=client -o yaml | kubectl apply -f -");
        good(
                "apply",
                "-f",
                manifest(good("create", "configmap", "c", "--from-literal=a=b", "--dry-run=client", "-o", "yaml")));
        assertThat(good("get", "configmap", "c", "-o", "jsonpath={.data.a}")).isEqualTo("b");
    }

    @Test
    void explainsFields() throws Exception {
        assertThat(good("explain", "networkpolicy.spec.ingress")).contains("from", "<[]NetworkPolicyPeer>", "ports");
        assertThat(good("explain", "pod.spec.containers.ports", "--recursive"))
                .contains("hostPort", "<integer>", "-required-");
    }

    @Test
    void describesWhatHappened() throws Exception {
        good(
                "apply",
                "-f",
                manifest(WEB.replace("replicas: 2", "replicas: 1")
                        .replace("containers:", "nodeSelector: {nodes: none}\n      containers:")));
        assertThat(eventually("FailedScheduling", "describe", "pod", "-l", "app=web"))
                .contains("default-scheduler", "0/2 nodes are available");
        assertThat(eventually("Created pod: web-", "describe", "rs", "-l", "app=web"))
                .contains("SuccessfulCreate", "replicaset-controller");
        assertThat(good("get", "events", "--field-selector", "reason=FailedScheduling"))
                .contains("pod/web-");
        assertThat(good("get", "events.events.k8s.io")).contains("FailedScheduling");
    }

    @Test
    void undoesAStatefulSet() throws Exception {
        String set = WEB.split("---")[0]
                .replace("kind: Deployment", "kind: StatefulSet")
                .replace("replicas: 2", "replicas: 2\n  serviceName: web");
        good("apply", "-f", manifest(set));
        good("rollout", "status", "statefulset/web", "--timeout=20s");
        good("set", "image", "statefulset/web", "c=nginx:2");
        good("rollout", "status", "statefulset/web", "--timeout=20s");
        assertThat(good("rollout", "history", "statefulset/web")).contains("1 ", "2 ");
        good("rollout", "undo", "statefulset/web");
        good("rollout", "status", "statefulset/web", "--timeout=20s");
        assertThat(good("get", "pods", "-o", "jsonpath={.items[*].spec.containers[*].image}"))
                .isEqualTo("nginx nginx");
        assertThat(good("get", "controllerrevisions")).contains("statefulset.apps/web");
    }

    @Test
    void listsInChunks() throws Exception {
        for (int i = 0; i < 1_200; i++) {
            server.registry().create(Kinds.CONFIG_MAPS, "default", (ObjectNode)
                    Json.MAPPER.readTree("{\"metadata\":{\"name\":\"c" + i + "\"}}"));
        }
        assertThat(good("get", "configmaps", "-o", "name").lines())
                .hasSize(1_200)
                .doesNotHaveDuplicates();
    }

    private String eventually(String expected, String... arguments) throws Exception {
        String text = "";
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                !text.contains(expected) && System.nanoTime() < end; ) {
            text = good(arguments);
        }
        return text;
    }

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget, shortNames: [wd]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
                additionalPrinterColumns:
                - {name: Size, type: integer, jsonPath: .spec.size}
                - {name: Mode, type: string, jsonPath: .spec.mode}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [size]
                        x-kubernetes-validations: [{rule: self.size > 0}]
                        properties:
                          size: {type: integer, maximum: 9, description: How large it is.}
                          mode: {type: string, default: calm}
                      status:
                        type: object
                        properties: {size: {type: integer}}
            """;

    @Test
    void servesCustomKinds() throws IOException, InterruptedException {
        Path definition = Files.writeString(folder.resolve("crd.yaml"), WIDGETS);
        String widget = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: %s}}";
        assertThat(run("apply", "-f", definition.toString()).text())
                .contains("widgets.example.com created", "does not evaluate x-kubernetes-validations");
        assertThat(run("wait", "--for=condition=Established", "crd/widgets.example.com")
                        .text())
                .contains("condition met");
        assertThat(run("explain", "widget.spec.size").text()).contains("How large it is.", "<integer>");
        Path object = Files.writeString(folder.resolve("w.yaml"), widget.formatted("3"));
        assertThat(run("apply", "-f", object.toString()).text()).contains("widget.example.com/w created");
        assertThat(run("get", "wd").text()).containsPattern("NAME +SIZE +MODE\\s+w +3 +calm");
        Files.writeString(object, widget.formatted("4, mode: wild"));
        assertThat(run("apply", "-f", object.toString()).text()).contains("configured");
        Files.writeString(object, widget.formatted("4, odd: 1"));
        assertThat(run("apply", "-f", object.toString()).text()).contains("unknown field \"spec.odd\"");
        Files.writeString(object, widget.formatted("10"));
        assertThat(run("apply", "-f", object.toString()).text())
                .contains("spec.size in body should be less than or equal to 9");
        assertThat(run("scale", "widget/w", "--replicas=5").text()).contains("scaled");
        assertThat(run(
                                "patch",
                                "widget",
                                "w",
                                "--type=merge",
                                "--subresource=status",
                                "-p",
                                "{\"status\":{\"size\":5}}")
                        .text())
                .contains("patched");
        assertThat(run("get", "widget", "w", "-o", "jsonpath={.spec.size} {.status.size} {.metadata.generation}")
                        .text())
                .isEqualTo("5 5 3");
        assertThat(run("patch", "widget", "w", "-p", "{\"spec\":{\"size\":6}}").code())
                .isNotZero();
        assertThat(run("delete", "-f", definition.toString()).text()).contains("deleted");
        assertThat(run("get", "widgets").text()).contains("could not find the requested resource");
    }
}
