package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One pod asks cluster DNS for 20,000 unknown names a second; its neighbour on the node asks for a Service and loses nothing. */
class DnsFloodLabIT {

    private static final int FLOOD_SECONDS = 20;

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
            long agent = TestLab.processes(lab.name()).stream()
                    .filter(process -> TestLab.commandLine(process).contains("/fyr.agent.command.AgentMain\0"))
                    .filter(process -> TestLab.commandLine(process).contains("java\0"))
                    .findFirst()
                    .orElseThrow()
                    .pid();
            long before = residentKilobytes(agent);
            double over = 0;
            for (String server : new String[] {"10.96.0.10", "fd00:10:96::a"}) {
                Process flood = load(lab, "flooder", server, 20_000, FLOOD_SECONDS, "*.example.com");
                Thread.sleep(3000);
                TestLab.Result neighbour =
                        TestLab.finish(load(lab, "neighbour", server, 300, 12, "web.default.svc.cluster.local"));
                TestLab.Result flooder = TestLab.finish(flood);
                System.out.println(
                        "flood of " + server + ": " + flooder.output().strip() + "; neighbour: "
                                + neighbour.output().strip());
                assertThat(neighbour.output()).contains(" lost=0 ").doesNotContain("asked=0 ");
                long asked = number("asked=(\\d+)", flooder);
                assertThat(asked)
                        .as("a flood, not a trickle: %s", flooder.output())
                        .isGreaterThan(200_000);
                over += asked - number("refused=(\\d+)", flooder) - (FLOOD_SECONDS + 1) * 5000L - 1000;
            }
            residentIsAtMost(agent, before * 13 / 10 + (20 << 10));
            Path log = lab.files().resolve("nodes/node1/log");
            String line = "cluster DNS: pod default/flooder (";
            for (long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                    !Files.readString(log).contains(line);
                    Thread.sleep(200)) {
                assertThat(System.nanoTime()).as(log.toString()).isLessThan(end);
            }
            String metrics = limited(lab, over / 2);
            assertThat(metrics).doesNotContain("client=\"default/neighbour\"");
            // What the rules counted by themselves is no drift, and is not removed.
            assertThat(metrics).doesNotContain("fyr_drift_repaired_total{table=\"nft\"}");
        }
    }

    private static long number(String pattern, TestLab.Result result) {
        Matcher matcher = Pattern.compile(pattern).matcher(result.output());
        assertThat(matcher.find()).as("%s in %s", pattern, result.output()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** The metrics, once they count so many queries of the flood. The node tells of a client that goes on once a minute. */
    private static String limited(TestLab lab, double least) throws Exception {
        Pattern counter = Pattern.compile("fyr_dns_limited_total\\{client=\"default/flooder\"} (\\S+)");
        for (long end = System.nanoTime() + Duration.ofSeconds(100).toNanos(); ; Thread.sleep(1000)) {
            String metrics = lab.onNode("node1", "curl -sf http://127.0.0.1:9099/metrics")
                    .output();
            Matcher counted = counter.matcher(metrics);
            double queries = counted.find() ? Double.parseDouble(counted.group(1)) : 0;
            if (queries >= least) {
                return metrics;
            }
            assertThat(System.nanoTime())
                    .as("%s limited, of at least %s", queries, least)
                    .isLessThan(end);
        }
    }

    /** What a flood took is given back within minutes of rest (fyr.agent.HeapTrim). */
    private static void residentIsAtMost(long process, long kilobytes) throws Exception {
        for (long end = System.nanoTime() + Duration.ofMinutes(3).toNanos(); ; Thread.sleep(1000)) {
            long now = residentKilobytes(process);
            if (now <= kilobytes) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("%s kB are resident, of %s", now, kilobytes)
                    .isLessThan(end);
        }
    }

    private static long residentKilobytes(long process) throws Exception {
        String status = Files.readString(Path.of("/proc", Long.toString(process), "status"));
        return number("VmRSS:\\s+(\\d+) kB", new TestLab.Result(0, status));
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
