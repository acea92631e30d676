package fyr.bgp.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs that end soon. */
final class Shell {

    private Shell() {}

    /** What a program prints. Fails the test if it fails. */
    static String run(List<String> command) {
        Result result = attempt(command);
        if (result.code != 0) {
            throw new AssertionError(String.join(" ", command) + ": exit code " + result.code + "\n" + result.output);
        }
        return result.output;
    }

    static String run(String command) {
        return run(List.of("sh", "-c", command));
    }

    record Result(int code, String output) {}

    /** What a program prints, whether or not it fails. */
    static Result attempt(List<String> command) {
        // Set by build/netns/bin/java.
        if (System.getenv("FYR_OWN_NAMESPACE") == null) {
            throw new IllegalStateException("not in a namespace of its own: " + command);
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException failure) {
            throw new AssertionError(String.join(" ", command), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(String.join(" ", command), interrupted);
        }
    }
}
