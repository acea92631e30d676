package fyr.kernel.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the kernel's own tools, which know nothing of Fyr. */
public final class Witness {

    private Witness() {}

    /** Returns what a shell command prints to standard output and standard error. Fails the test if the exit code is not 0. */
    public static String sh(String command) {
        // Set by build/netns/bin/java. The check in NoLeaks runs too late for what a class does before all its tests.
        if (System.getenv("FYR_OWN_NAMESPACE") == null) {
            throw new IllegalStateException("not in a namespace of its own: " + command);
        }
        try {
            Process process = new ProcessBuilder(List.of("sh", "-c", command))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(command + ": exit code " + code + "\n" + output);
            }
            return output;
        } catch (IOException failure) {
            throw new AssertionError(command, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command, interrupted);
        }
    }
}
