package fyr.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Runs {@code ip} and the like: the independent witness of what the kernel holds. */
public final class Command {

    private Command() {}

    /** Runs a command whose words have no blanks, and gives all that it printed; a failure of it is one of the test. */
    public static String run(String command) {
        return finish(command, builder(command));
    }

    /** A process builder for a command whose words have no blanks. */
    public static ProcessBuilder builder(String command) {
        return new ProcessBuilder(command.split(" ")).redirectErrorStream(true);
    }

    private static String finish(String command, ProcessBuilder builder) {
        try {
            return output(command, builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for a process and gives all that it printed. */
    public static String output(String command, Process process) {
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
