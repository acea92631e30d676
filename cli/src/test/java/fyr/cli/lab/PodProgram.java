package fyr.cli.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests, run in pods by the JVM that runs the tests. */
final class PodProgram {

    private PodProgram() {}

    /** Starts one in a pod of the namespace default. */
    static Process start(TestLab lab, String pod, Class<?> program, Object... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                pod,
                "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                program.getName()));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return lab.start("exec", words.toArray(String[]::new));
    }
}
