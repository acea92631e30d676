package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One pod asks cluster DNS for 20,000 unknown names a second; its neighbour on the node asks for a Service and loses nothing. */
class DnsFloodLabIT {

    private static final String MANIFESTS = """
            apiVersion: v1
            kind: Pod
            metadata: {name: flooder}
            spec: {containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: neighbour}
            spec: {containers: [{name: c, image: any}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {ports: [{port: 80}]}
            """;

    @Test
    void theNeighboursOfAFloodLoseNothing() throws Exception {
        try (TestLab lab = TestLab.up("flood", "--nodes", "1")) {
            lab.apply(MANIFESTS);
            lab.eventually("neighbour", "dig +short web.default.svc.cluster.local | grep -q 10.96");
            lab.eventually("flooder", "true");
            for (String server : new String[] {"10.96.0.10", "fd00:10:96::a"}) {
                Process flood = load(lab, "flooder", server, 20_000, 20, "*.example.com");
                Thread.sleep(3000);
                TestLab.Result neighbour =
                        TestLab.finish(load(lab, "neighbour", server, 300, 12, "web.default.svc.cluster.local"));
                TestLab.Result flooder = TestLab.finish(flood);
                System.out.println(
                        "flood of " + server + ": " + flooder.output().strip() + "; neighbour: "
                                + neighbour.output().strip());
                assertThat(neighbour.output()).contains(" lost=0 ").doesNotContain("asked=0 ");
            }
            Path log = lab.files().resolve("nodes/node1/log");
            String line = "cluster DNS: pod default/flooder (";
            for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                    !Files.readString(log).contains(line);
                    Thread.sleep(200)) {
                assertThat(System.nanoTime()).as(log.toString()).isLessThan(end);
            }
            String metrics = lab.onNode("node1", "curl -sf http://127.0.0.1:9099/metrics")
                    .output();
            assertThat(metrics).containsPattern("fyr_dns_limited_total\\{client=\"default/flooder\"} [1-9]");
            assertThat(metrics).doesNotContain("client=\"default/neighbour\"");
            // What the rules counted by themselves is no drift, and is not removed.
            assertThat(metrics).doesNotContain("fyr_drift_repaired_total{table=\"nft\"}");
        }
    }

    private static Process load(TestLab lab, String pod, String server, int rate, int seconds, String name)
            throws Exception {
        return lab.start(
                "exec",
                pod,
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                "fyr.cli.lab.DnsLoad",
                server,
                Integer.toString(rate),
                Integer.toString(seconds),
                name);
    }
}
