package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cli.lab.TestLab.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Manifests as people have them, and what a lab reports about them and about itself. The results are verified with curl and stat. */
class ManifestsLabIT {

    private static final Path SOCK_SHOP =
            TestLab.checkout().resolve("lab/src/test/resources/fyr/lab/cluster/sock-shop.yaml");
    private static final String POLICIES = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: carts, namespace: sock-shop}
            spec:
              podSelector: {matchLabels: {name: carts}}
              policyTypes: [Ingress]
              ingress: [{from: [{podSelector: {matchLabels: {name: queue}}}], ports: [{port: 80}]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: front, namespace: sock-shop}
            spec: {type: NodePort, ipFamilyPolicy: PreferDualStack, selector: {name: queue}, ports: [{port: 80, targetPort: 5672, nodePort: 30080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: on-the-node, namespace: sock-shop}
            spec: {hostNetwork: true, nodeName: node2, containers: [{name: c, image: x, ports: [{containerPort: 7777}]}]}
            """;

    @TempDir
    private Path folder = Path.of("");

    private Path file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "m", ".yaml"), text);
    }

    private Path sockShop() throws Exception {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return file(Files.readString(SOCK_SHOP).replace("ARCHITECTURE", architecture));
    }

    @Test
    void theSockShopRunsAndIsChecked() throws Exception {
        try (TestLab lab = TestLab.up(
                "socks", "--nodes", "2", "--subnets", "2", "-f", sockShop().toString())) {
            assertThat(lab.lab("get", "pods", "-n", "sock-shop").succeeded().output())
                    .containsPattern("carts-\\S+ +Running +yes")
                    .containsPattern("queue-\\S+ +Running +yes");
            lab.lab("apply", "-f", file(POLICIES).toString()).succeeded();
            checks(lab);
            selectionsOfNothing(lab);
            theServerAsksForAToken(lab);
            logsAreEntries(lab);
        }
    }

    private void checks(TestLab lab) throws Exception {
        List<JsonNode> probes = List.of();
        Result result = new Result(1, "");
        for (int i = 0; i < 20 && (result.status() != 0 || !has(probes, "from", "sock-shop/on-the-node")); i++) {
            result = lab.lab("check", "-o", "json");
            probes = result.output().startsWith("[") ? list(result.output()) : List.of();
        }
        assertThat(result.status()).as(result.output()).isZero();
        for (String from : List.of("node:node1", "node:node2", "sock-shop/on-the-node", "outside")) {
            assertThat(has(probes, "from", from)).as(from).isTrue();
        }
        for (String to : List.of("service:sock-shop/carts", "service:sock-shop/front", "dns")) {
            assertThat(has(probes, "to", to)).as(to).isTrue();
        }
        assertThat(probes)
                .as("denied from another node, allowed from its own, and by the rule")
                .filteredOn(probe -> probe.path("to").asString().startsWith("sock-shop/carts"))
                .extracting(probe -> probe.path("observed").asString())
                .contains("allow", "deny");
        assertThat(probes)
                .as("on a port that is not declared, the policy's pods answer nobody but their node")
                .filteredOn(probe -> !probe.path("declared").asBoolean())
                .extracting(probe -> probe.path("expected").asString())
                .contains("allow", "deny");
        assertThat(probes)
                .as("through node ports")
                .filteredOn(probe -> probe.path("from").asString().equals("outside")
                        && probe.path("to").asString().equals("service:sock-shop/front"))
                .hasSize(4)
                .allMatch(probe -> probe.path("observed").asString().equals("allow"));
        assertThat(lab.lab("check", "--from", "outside", "--to", "*")
                        .succeeded()
                        .output())
                .contains("0 differ");
    }

    private static List<JsonNode> list(String json) {
        List<JsonNode> list = new ArrayList<>();
        JsonMapper.shared().readTree(json).forEach(list::add);
        return list;
    }

    private static boolean has(List<JsonNode> probes, String field, String value) {
        return probes.stream().anyMatch(probe -> probe.path(field).asString().equals(value));
    }

    private void selectionsOfNothing(TestLab lab) throws Exception {
        fails(lab.lab("check", "--from", "nd/typo"), "--from 'nd/typo': there is nothing of that name");
        fails(
                lab.lab("check", "--to", "sock-shop/absent-*"),
                "--to 'sock-shop/absent-*': there is nothing of that name");
        fails(lab.lab("check", "--from", "two words"), "'two words' selects nothing");
        fails(lab.lab("check", "--from", "outside", "--to", "sock-shop/carts-*"), "nothing to probe from 'outside'");
        fails(
                lab.lab("apply", "-f", file("# nothing\n---\n").toString()),
                "no objects in this file; nothing was applied");
        fails(
                lab.lab(
                        "apply",
                        "-f",
                        Files.createDirectory(folder.resolve("empty")).toString()),
                "no objects in .yaml, .yml or .json files of this folder; nothing was applied");
        fails(lab.lab("apply", "-f", file("apiVersion: v1\nkind: Pod\n---\n{").toString()), "; nothing was applied");
        fails(
                lab.lab(
                        "apply",
                        "-f",
                        file("{apiVersion: x.io/v1, kind: Unheard, metadata: {name: a}}")
                                .toString()),
                "nothing was applied");
        fails(lab.lab("delete", "-n", "sock-shop", "service", "typo"), "service/typo not found");
        fails(
                lab.lab(
                        "delete",
                        "-f",
                        file("{apiVersion: v1, kind: Pod, metadata: {name: a}}").toString()),
                "pod/a not found");
        fails(lab.lab("exec", "-n", "sock-shop", "deploy/typo", "--", "true"), "\"typo\" not found");
        fails(
                lab.lab("exec", "-n", "sock-shop", "typo", "--", "true"),
                "no running pod sock-shop/typo in lab '" + lab.name() + "': there is no such pod");
        fails(lab.lab("exec", "--node", "typo", "--", "true"), "typo");
        fails(lab.lab("get", "pods", "-n", "typo"), "namespace typo does not exist");
        fails(lab.lab("get", "pods", "typo", "-n", "sock-shop"), "\"typo\" not found");
    }

    private static void fails(Result result, String words) {
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains(words);
    }

    private static void theServerAsksForAToken(TestLab lab) throws Exception {
        Path kubeconfig = lab.files().resolve("kubeconfig");
        String text = Files.readString(kubeconfig);
        String server = lab.find("server: \"(https://127.0.0.1:[0-9]+)\"", new Result(0, text));
        String token = lab.find("token: \"([0-9a-f]+)\"", new Result(0, text));
        String status = "curl -sk -o /dev/null -w %{http_code} ";
        assertThat(sh(status + server + "/api/v1/secrets")).isEqualTo("401");
        assertThat(sh(status + "-X POST " + server + "/api/v1/namespaces")).isEqualTo("401");
        assertThat(sh(status + "-H 'Authorization: Bearer " + token + "' " + server + "/api/v1/secrets"))
                .isEqualTo("200");
        for (String name : List.of("kubeconfig", "inside.kubeconfig")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(lab.files().resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(lab.onNode(
                                "node1",
                                "curl -sk -m2 -o /dev/null -w %{http_code} http://172.31.0.2:8080/api/v1/secrets")
                        .output())
                .isEqualTo("401");
    }

    private static String sh(String script) throws Exception {
        return TestLab.finish(new ProcessBuilder("sh", "-c", script)
                        .redirectErrorStream(true)
                        .start())
                .output();
    }

    private static void logsAreEntries(TestLab lab) throws Exception {
        assertThat(lab.log("node1").lines())
                .isNotEmpty()
                .allMatch(line -> line.matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (INFO|WARNING|ERROR) [a-z]+: \\S.*"));
        Result json = lab.onNode(
                "node1",
                "timeout 20 " + TestLab.checkout().toRealPath()
                        + "/fyr agent --node-name n --kubeconfig /absent --health-port 9100 --log-format json");
        assertThat(json.status()).isEqualTo(1);
        List<JsonNode> entries =
                json.output().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(entries)
                .isNotEmpty()
                .allMatch(entry -> entry.path("component").isString());
        assertThat(entries.getLast().path("level").asString()).isEqualTo("ERROR");
        assertThat(entries.getLast().path("message").asString()).contains("/absent");
    }

    @Test
    void podsThatDoNotRunAreNamedWithTheirReasons() throws Exception {
        String name = TestLab.name("unrunning");
        Path manifests = file("""
                apiVersion: v1
                kind: Pod
                metadata: {name: nowhere}
                spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: x}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: fine}
                spec: {containers: [{name: c, image: x}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: broken}
                spec:
                  selector: {matchLabels: {a: b}}
                  template: {metadata: {labels: {a: b}}, spec: {schedulingGates: [{name: x.io/gate}], containers: [{name: c, image: x}]}}
                """);
        try {
            Result up =
                    TestLab.fyr("lab", "up", "--name", name, "--nodes", "1", "--wait", "5", "-f", manifests.toString());
            assertThat(up.status()).as(up.output()).isEqualTo(1);
            assertThat(up.output())
                    .contains("is up: ", "not everything runs after 5 s:")
                    .contains(
                            "pod default/nowhere is Pending: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.")
                    .containsPattern("pod default/broken-\\S+ is Pending: its schedulingGates hold it back")
                    .doesNotContain("default/fine");
            fails(
                    TestLab.fyr("lab", "exec", "--name", name, "nowhere", "--", "true"),
                    "it is Pending: 0/1 nodes are available");
            fails(
                    TestLab.fyr("lab", "check", "--name", name, "--from", "default/nowhere"),
                    "do not run, or have no network of their own: default/nowhere");
        } finally {
            TestLab.fyr("lab", "down", "--name", name);
        }
    }
}
