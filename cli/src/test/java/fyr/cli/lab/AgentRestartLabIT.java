package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An agent that dies takes nothing with it, and one that starts changes nothing that is right. curl in a pod of its node is the witness. */
class AgentRestartLabIT {

    private static final String MANIFESTS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
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
            spec: {nodeName: node1, containers: [{name: c, image: any}]}
            """;

    /** Prints how many requests were made, how many failed, and the longest time. */
    private static final String LOOP = """
            n=0 bad=0 longest=0
            end=$(($(date +%%s) + 14))
            while [ $(date +%%s) -lt $end ]; do
              before=$(date +%%s%%N)
              curl -s -m 20 -o /dev/null http://%s/ || { bad=$((bad + 1)); echo "curl: $?"; }
              took=$((($(date +%%s%%N) - before) / 1000000))
              [ $took -le $longest ] || longest=$took
              n=$((n + 1))
              sleep 0.02
            done
            echo "requests=$n failed=$bad longest=$longest"
            """;

    private static final String AWAIT_READY = """
            begin=$(date +%s%N)
            until curl -sf -m 1 -o /dev/null http://127.0.0.1:9099/readyz; do
              [ $((($(date +%s%N) - begin) / 1000000)) -lt 20000 ] || exit 1
              sleep 0.02
            done
            echo "ready=$((($(date +%s%N) - begin) / 1000000))"
            """;

    @Test
    void noRequestFailsWhileAnAgentIsKilledAndStartsAgain() throws Exception {
        try (TestLab lab = TestLab.up("restart", "--subnets", "2")) {
            lab.apply(MANIFESTS);
            lab.eventually("client", "curl -sfm 2 http://web/");
            String address = lab.find(
                    "\"clusterIP\" *: *\"([^\"]+)\"", lab.lab("get", "services", "web", "-n", "default", "-o", "json"));

            Process byAddress = lab.start("exec", "client", "--", "sh", "-c", LOOP.formatted(address));
            Process byName = lab.start("exec", "client", "--", "sh", "-c", LOOP.formatted("web"));
            Thread.sleep(1000);
            lab.lab("agent", "kill", "node1").succeeded();
            Thread.sleep(500);
            lab.lab("agent", "start", "node1").succeeded();
            TestLab.Result ready = lab.onNode("node1", AWAIT_READY).succeeded();
            TestLab.Result metrics = lab.onNode("node1", "curl -sf http://127.0.0.1:9099/metrics")
                    .succeeded();

            TestLab.Result address1 = TestLab.finish(byAddress);
            TestLab.Result name1 = TestLab.finish(byName);
            System.out.println("restart of an agent: " + ready.output().strip() + " ms after the command; by address "
                    + address1.output().strip() + "; by name " + name1.output().strip());
            assertThat(address1.output()).contains("failed=0").doesNotContain("requests=0 ");
            assertThat(name1.output()).contains("failed=0").doesNotContain("requests=0 ");
            assertThat(Integer.parseInt(lab.find("longest=(\\d+)", address1))).isLessThan(3000);
            assertThat(Integer.parseInt(lab.find("ready=(\\d+)", ready))).isLessThan(3000);
            // Settings have no list of their own: they are written once at each start, with the value that they have.
            assertThat(metrics.output()).contains("fyr_kernel_upserts_total{", "fyr_kernel_deletes_total{");
            assertThat(metrics.output()
                            .lines()
                            .filter(line -> line.matches("fyr_kernel_(upserts|deletes)_total.*"))
                            .filter(line -> !line.contains("\"sysctls\"")))
                    .allMatch(line -> line.endsWith(" 0.0"));
            assertThat(metrics.output()).doesNotContain("fyr_drift_repaired_total{");
        }
    }
}
