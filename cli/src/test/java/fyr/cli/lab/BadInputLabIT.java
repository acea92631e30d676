package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error is reported in one line: what, where, and how to repair it. Exit code 1, or 2 if the command was not understood. */
class BadInputLabIT {

    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            """;

    @TempDir
    private Path directory = Path.of("");

    private final SoftAssertions softly = new SoftAssertions();

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        says(2, "--frobnicate", "lab", "up", "--frobnicate");
        says(2, "bogus", "bogus");
        says(2, "--node-name", "agent");
        says(2, "--cluster-dns", "agent", "--node-name", "n", "--cluster-dns", "10.0.0");
        says(2, "--cluster-cidr", "agent", "--node-name", "n", "--cluster-cidr", "10.0.0.0/99");
        says(2, "--health-port", "agent", "--node-name", "n", "--health-port", "99999");
        says(1, "no lab 'absent'", "lab", "status", "--name", "absent");
        says(1, "'Bad_Name' is no name for a lab", "lab", "up", "--name", "Bad_Name");
        says(1, "1 to 200 nodes", "lab", "up", "--name", "bad-input", "--nodes", "0");
        says(1, "1 to 1 subnets", "lab", "up", "--name", "bad-input", "--nodes", "1", "--subnets", "2");
        says(1, "/absent.yaml", "lab", "up", "--name", "bad-input", "-f", "/absent.yaml");
        Path broken =
                Files.writeString(directory.resolve("broken.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: x\n");
        says(1, broken + ":", "lab", "up", "--name", "bad-input", "-f", broken.toString());
        softly.assertAll();
        assertThat(TestLab.fyr("lab", "list").output()).doesNotContain("bad-input");
    }

    /** A user namespace in which only one more can be created, and in that one an ordinary user. */
    @Test
    void whereNamespacesAreForbiddenTheMendIsSaid() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 1 > /proc/sys/user/max_user_namespaces && exec unshare --user --map-user=1000 \"$@\"",
                "sh"));
        command.addAll(TestLab.launcher("lab", "up", "--name", "forbidden").command());
        says(
                TestLab.finish(
                        new ProcessBuilder(command).redirectErrorStream(true).start()),
                1,
                "sysctl -w user.max_user_namespaces");
        softly.assertAll();
        assertThat(TestLab.fyr("lab", "list").output()).doesNotContain("forbidden");
    }

    @Test
    void anAgentThatCannotStartSaysWhy() throws Exception {
        try (TestLab lab = TestLab.up("badinput", "--nodes", "1")) {
            Path good = kubeconfig("good", KUBECONFIG);
            agentSays(lab, "/absent", "--kubeconfig", "/absent");
            agentSays(lab, "yaml", "--kubeconfig", kubeconfig("yaml", "a: [").toString());
            agentSays(
                    lab,
                    "no entry named 'd'",
                    "--kubeconfig",
                    kubeconfig("context", KUBECONFIG.replace("current-context: c", "current-context: d"))
                            .toString());
            agentSays(
                    lab,
                    "server",
                    "--kubeconfig",
                    kubeconfig("server", KUBECONFIG.replace("http://127.0.0.1:1", "::nonsense::"))
                            .toString());
            agentSays(lab, "KUBERNETES_SERVICE_HOST");
            agentSays(lab, "127.0.0.1:9099", "--kubeconfig", good.toString(), "--health-port", "9099");
            agentSays(
                    lab,
                    "another",
                    "--kubeconfig",
                    good.toString(),
                    "--state-dir",
                    lab.files().resolve("nodes/node1/state").toString());
            String unprivileged = "setpriv --bounding-set=-all --inh-caps=-all ";
            says(lab.onNode("node1", unprivileged + agent("--kubeconfig", good.toString())), 1, "CAP_NET_ADMIN");
            softly.assertAll();

            // A missing API server is no reason to end, nor is a node that it does not know: the agent waits, and
            // says so.
            assertThat(readiness(lab, "--kubeconfig", good.toString(), "--node-name", "n"))
                    .contains("API server");
            assertThat(readiness(
                            lab,
                            "--kubeconfig",
                            lab.files().resolve("inside.kubeconfig").toString(),
                            "--node-name",
                            "stranger"))
                    .contains("no Node 'stranger'");

            Path nameless =
                    Files.writeString(directory.resolve("nameless.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {}\n");
            TestLab.Result refused = lab.lab("apply", "-f", nameless.toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).startsWith(nameless + ":3").contains("metadata.name");

            TestLab.Result applied = lab.lab(
                    "apply",
                    "-f",
                    Files.writeString(directory.resolve("several.yaml"), """
                    apiVersion: example.com/v1
                    kind: Unheard
                    metadata: {name: of}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: bad}
                    spec: {ports: [{port: 99999}]}
                    """).toString());
            assertThat(applied.status()).isEqualTo(1);
            assertThat(applied.output())
                    .contains("Unheard", "passed over", "spec.ports[0].port")
                    .doesNotContain("\tat ");
        }
    }

    private Path kubeconfig(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private String readiness(TestLab lab, String... options) throws Exception {
        String script = agent(options) + " & agent=$!; for i in $(seq 1 150); do "
                + "answer=$(curl -s -m 1 http://127.0.0.1:9100/readyz) && ! echo \"$answer\" | grep -q 'not been heard' && break; sleep 0.05; done; kill $agent; echo \"ready: $answer\"";
        return lab.onNode("node1", script).output();
    }

    private String agent(String... options) throws Exception {
        List<String> command = new ArrayList<>(TestLab.launcher("agent").command());
        if (!List.of(options).contains("--node-name")) {
            command.addAll(List.of("--node-name", "n"));
        }
        Path home = Files.createTempDirectory(directory, "agent");
        for (String option : List.of("state", "run", "cni-bin", "cni-conf")) {
            if (!List.of(options).contains("--" + option + "-dir")) {
                command.addAll(
                        List.of("--" + option + "-dir", home.resolve(option).toString()));
            }
        }
        if (!List.of(options).contains("--health-port")) {
            command.addAll(List.of("--health-port", "9100"));
        }
        command.addAll(List.of(options));
        return String.join(" ", command);
    }

    private void agentSays(TestLab lab, String expected, String... options) throws Exception {
        says(lab.onNode("node1", "timeout 20 " + agent(options)), 1, expected);
    }

    private void says(int status, String expected, String... arguments) throws Exception {
        says(TestLab.fyr(arguments), status, expected);
    }

    private void says(TestLab.Result result, int status, String expected) {
        softly.assertThat(result.status()).as(result.output()).isEqualTo(status);
        softly.assertThat(result.output().strip().lines().toList()).hasSize(1);
        softly.assertThat(result.output()).contains(expected);
    }
}
