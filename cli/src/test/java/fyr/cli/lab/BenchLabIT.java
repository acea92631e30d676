package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each measurement runs and says something, at sizes too small to mean anything. No time is asserted. */
final class BenchLabIT {

    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services --services 20 --changes 4 --baseline 10 --many 30",
                "cni --pods 30 --parallel 4",
                "policy --policies 20 --pods 30 --linear 10 --connections 20",
                "agent --nodes 1 --settle 1 --seconds 1 --pods 1000 --endpoints 100"
            })
    void measures(String what) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(System.getenv("FYR_ROOT") + "/fyr", "bench"),
                        Stream.of((what + " -o json").split(" ")))
                .toList();
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as("ended in %s s: %s", PATIENCE_SECONDS, Files.readString(errors))
                .isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        assertThat(Files.readString(errors))
                .as("what we make and remove ourselves is no drift")
                .doesNotContain("drift repaired", "not applied");

        JsonNode report = new JsonMapper().readTree(Files.readString(output));
        assertThat(report.path("machine").path("cores").asInt()).isPositive();
        assertThat(report.path("figures")).isNotEmpty();
        report.path("figures")
                .forEach(figure -> assertThat(figure.path("p50").asDouble())
                        .isBetween(
                                figure.path("min").asDouble(),
                                figure.path("max").asDouble()));
    }
}
