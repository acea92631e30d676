package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkout that was copied with everything that was built in it, including modification times. */
class CopiedCheckoutLabIT {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void itRunsItsOwnCode() throws Exception {
        Path original = TestLab.checkout().toRealPath();
        Path copy = copy(original);
        List<String> arguments = finish(
                        copy.resolve("fyr"), Map.of("FYR_JAVA_HOME", jdk().toString(), "FYR_ASSEMBLED", "1"))
                .output()
                .lines()
                .toList();
        assertThat(arguments)
                .contains("-Dfyr.home=" + copy.resolve("target/fyr"))
                .contains(copy.resolve("target/fyr/lib").toString());
        List<String> everything = new ArrayList<>(arguments);
        for (String argument : arguments) {
            if (argument.startsWith("@")) {
                everything.addAll(Files.readAllLines(Path.of(argument.substring(1))));
            }
        }
        assertThat(everything).noneMatch(argument -> argument.contains(original.toString()));
    }

    @Test
    void itIsBuiltAnew() throws Exception {
        Path copy = copy(TestLab.checkout().toRealPath());
        program("mvn", "echo '[ERROR] this is no Maven'; exit 1");
        Map<String, String> environment =
                Map.of("PATH", folder.resolve("tools/bin") + ":" + System.getenv("PATH"), "FYR_ASSEMBLED", "");
        TestLab.Result result = finish(copy.resolve("build/assemble"), environment);
        assertThat(result.output()).contains("fyr: building", "this is no Maven");
        assertThat(result.status()).isEqualTo(1);
    }

    /** What the launcher needs, and the sources. */
    private Path copy(Path original) throws Exception {
        Path copy = Files.createDirectories(folder.toRealPath().resolve("copy"));
        List<String> parts =
                new ArrayList<>(List.of("fyr", "build", "scripts", "examples/node", "pom.xml", "target/fyr"));
        try (Stream<Path> entries = Files.list(original)) {
            entries.filter(entry -> Files.exists(entry.resolve("pom.xml")))
                    .map(module -> module.getFileName().toString())
                    .forEach(module -> parts.addAll(List.of(module + "/pom.xml", module + "/src/main")));
        }
        List<String> command = new ArrayList<>(List.of("cp", "-a", "--parents"));
        parts.stream().filter(part -> Files.exists(original.resolve(part))).forEach(command::add);
        command.add(copy.toString());
        Process cp = new ProcessBuilder(command).directory(original.toFile()).start();
        assertThat(cp.waitFor()).isZero();
        return copy;
    }

    /** A JDK whose {@code java} prints its arguments, a line each. */
    private Path jdk() throws IOException {
        program("java", "printf '%s\\n' \"$@\"");
        program("javac", "exit 1");
        Path home = folder.resolve("tools");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        return home;
    }

    private void program(String name, String script) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("tools/bin"));
        Path program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static TestLab.Result finish(Path program, Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.of(program).map(Path::toString).toList());
        builder.environment().putAll(environment);
        return TestLab.finish(builder.redirectErrorStream(true).start());
    }
}
