package fyr.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README's first command, as a user runs it. */
class DemoLabIT {

    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    Path folder;

    @Test
    void showsThatAllHoldsAndLeavesNothingBehind() throws Exception {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(System.getenv("FYR_ROOT") + "/fyr", "demo", "-o", "json")
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString()); // a demo of this user may run beside
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as("the demo ended in %s s: %s", PATIENCE_SECONDS, Files.readString(errors))
                .isTrue();
        String said = Files.readString(errors);
        assertThat(process.exitValue()).as(said).isZero();

        JsonNode report = new JsonMapper().readTree(Files.readString(output));
        assertThat(report.path("holds").asBoolean()).isTrue();
        assertThat(report.path("sections")).hasSize(7);
        report.path("sections")
                .forEach(section -> assertThat(section.path("rows"))
                        .as(section.path("title").asString())
                        .isNotEmpty());
        assertThat(said).contains("the lab is down");
        assertThat(folder.resolve("fyr/labs/demo")).doesNotExist();
        assertThat(ProcessHandle.allProcesses().filter(this::isOfThisDemo)).isEmpty();
    }

    private boolean isOfThisDemo(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(folder + "/fyr/labs/demo"))
                .isPresent();
    }
}
