package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The comparison with the real kube-proxy runs, at sizes too small to mean anything. No time is asserted. */
final class BenchCurvePeerIT {

    private static final int PATIENCE_SECONDS = 240;

    private static final List<String> PROGRAMS =
            List.of("fyr-iptables", "fyr-nftables", "kube-proxy-iptables", "kube-proxy-nftables");

    @TempDir
    Path folder;

    @Test
    void comparesProgramsWithEachOther() throws Exception {
        Path output = folder.resolve("output");
        Path raw = folder.resolve("curve.json");
        Path diagram = folder.resolve("curve.svg");
        ProcessBuilder builder = new ProcessBuilder(
                        System.getenv("FYR_ROOT") + "/fyr",
                        "bench",
                        "services",
                        "curve",
                        "--sizes",
                        "10,20",
                        "--changes",
                        "10",
                        "--connections",
                        "20",
                        "--patience",
                        "60",
                        "--raw",
                        raw.toString(),
                        "--diagram",
                        diagram.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertThat(ended).as("ended in %s s: %s", PATIENCE_SECONDS, text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(Files.readString(diagram)).startsWith("<svg ").endsWith("</svg>\n");

        JsonNode points = new JsonMapper().readTree(Files.readString(raw)).path("points");
        for (String metric : List.of("cold", "change", "process_memory")) {
            assertThat(contenders(points, metric)).as("%s of %s", metric, text).containsExactlyElementsOf(PROGRAMS);
        }
        for (String metric : List.of("connect", "rate", "round_trip")) {
            assertThat(contenders(points, metric))
                    .as("%s of %s", metric, text)
                    .contains("none")
                    .containsAll(PROGRAMS);
        }
        points.forEach(point ->
                assertThat(point.path("services").asInt()).as(point.toString()).isIn(10, 20));
    }

    private static Set<String> contenders(JsonNode points, String metric) {
        Set<String> contenders = new TreeSet<>();
        points.forEach(point -> {
            if (point.path("metric").asString().equals(metric)) {
                contenders.add(point.path("contender").asString());
            }
        });
        return contenders;
    }
}
