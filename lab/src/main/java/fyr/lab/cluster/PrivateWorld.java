package fyr.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Namespaces without a lab in them, for one program: its own network, mounts, processes and root, gone when it ends. */
public final class PrivateWorld {

    private static final String MARK = "fyr.world";

    private PrivateWorld() {}

    /** Whether the calling process is in such a world. */
    public static boolean isHere() {
        return System.getProperty(MARK) != null;
    }

    /**
     * Runs a Java main class of this very Fyr in a new world, with this process's outputs, and waits for its end.
     *
     * @param options for the JVM, separated by blanks
     * @return its exit code
     */
    public static int run(String options, String main, List<String> arguments) {
        Path directory = null;
        try {
            directory = Files.createTempDirectory("fyr-world-");
            Installation installation = Installation.own();
            List<String> command =
                    new ArrayList<>(List.of(installation.door().toString(), "up", directory.toString(), "--"));
            command.addAll(installation.java(options + " -D" + MARK + "=" + directory, main, arguments));
            return await(new ProcessBuilder(command).inheritIO().start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            if (directory != null) {
                remove(directory);
            }
        }
    }

    /** The directory of this world, which the machine sees too; only within one. */
    public static Path directory() {
        return Path.of(System.getProperty(MARK, ""));
    }

    /** The command line of an agent as a real node runs it. */
    public static List<String> agent(List<String> arguments) {
        return Installation.own().agent("", arguments);
    }

    /** A program of this installation, by the name of its file. */
    public static Path program(String name) {
        return Installation.own().home().resolve("bin").resolve(name);
    }

    private static int await(Process process) {
        // The door leads a session of its own, which an interrupt from the keyboard does not reach.
        try (var _ = new Interruption(process::destroyForcibly)) {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }

    private static void remove(Path directory) {
        try {
            Lab.remove(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
