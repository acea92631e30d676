package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labs through the command, as built by ./fyr; curl inside the pods verifies the results. */
class LabCommandLabIT {

    private static final String LAB = "lab-it-" + ProcessHandle.current().pid();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MANIFESTS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: any, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec: {containers: [{name: c, image: any}]}
            ---
            apiVersion: example.com/v1
            kind: Unheard
            metadata: {name: of}
            """;

    private static final String ASK_OWN_PODS =
            "for pod in $(ip route | sed -n 's/^\\([0-9.]*\\) dev fyr.*/\\1/p'); do curl -sm2 http://$pod:8080/; done";

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void down() throws Exception {
        fyr("down", "--name", LAB);
    }

    @Test
    void aLabCarriesPacketsAndLeavesNothing() throws Exception {
        TestLab.Result up = fyr("up", "--name", LAB, "--nodes", "2", "--subnets", "2");
        assertThat(up.status()).as(up.output()).isZero();
        Path manifests = Files.writeString(directory.resolve("web.yaml"), MANIFESTS);
        assertThat(fyr("apply", "--name", LAB, "-f", manifests.toString()))
                .satisfies(apply -> assertThat(apply.status()).isZero())
                .satisfies(apply -> assertThat(apply.output())
                        .contains(
                                "deployment/web created",
                                "passed over: 1 object, as example.com/v1 Unheard is unknown here: of"));
        assertThat(eventually("\"pod\":\"web-", "exec", "--name", LAB, "client", "--", "curl", "-sm2", "http://web/"))
                .contains("\"client\":");
        assertThat(fyr("exec", "--name", LAB, "--node", "node1", "--", "sh", "-c", ASK_OWN_PODS)
                        .output())
                .as("as a kubelet probes: from the node's own address, not that of cluster DNS")
                .contains("\"client\":\"172.18.0.11\"")
                .doesNotContain("10.96.0.10");
        assertThat(fyr("exec", "--name", LAB, "client", "--", "cat", "/etc/resolv.conf")
                        .output())
                .contains("search default.svc.cluster.local");
        assertThat(fyr("exec", "--name", LAB, "client", "--", "sh", "-c", "exit 7")
                        .status())
                .isEqualTo(7);
        assertThat(fyr("exec", "--name", LAB, "absent", "--", "true").output())
                .contains("no running pod default/absent");
        assertThat(fyr("down", "--name", LAB).output()).contains("is down");
        assertThat(TestLab.processes(LAB)).isEmpty();
        assertThat(fyr("list").output()).doesNotContain(LAB);
    }

    @Test
    void aKilledLabIsGoneAndItsFilesCanBeRemoved() throws Exception {
        fyr("up", "--name", LAB, "--nodes", "1");
        List<ProcessHandle> processes = TestLab.processes(LAB);
        assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
        processes.getFirst().destroyForcibly();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!TestLab.processes(LAB).isEmpty() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(TestLab.processes(LAB)).isEmpty();
        assertThat(fyr("list").output()).contains(LAB + "  ended");
        assertThat(fyr("status", "--name", LAB).output()).contains("no lab '" + LAB + "' is up");
    }

    private static TestLab.Result fyr(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("lab"));
        command.addAll(List.of(arguments));
        return TestLab.fyr(command.toArray(String[]::new));
    }

    private static String eventually(String expected, String... arguments) throws Exception {
        TestLab.Result result = new TestLab.Result(-1, "");
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; Thread.sleep(200)) {
            result = fyr(arguments);
            if (result.output().contains(expected)) {
                return result.output();
            }
        }
        throw new AssertionError(expected + " did not come; last: " + result);
    }
}
