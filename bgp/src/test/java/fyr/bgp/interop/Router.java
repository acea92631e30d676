package fyr.bgp.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A router of others on a host of a {@link Lan}. */
abstract class Router implements AutoCloseable {

    private static final Path PEERS = Optional.ofNullable(System.getenv("FYR_PEERS"))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache/fyr-peers"));

    final Lan.Host host;
    final Path folder;
    private final List<Process> processes = new ArrayList<>();

    Router(Lan.Host host) {
        this.host = host;
        this.folder = temporary(host.namespace());
        // Routers end with the JVM, also if it ends in the middle of a test.
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    private static Path temporary(String name) {
        try {
            return Files.createTempDirectory(name);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** A program, or a folder of them, that {@code scripts/peers} makes. */
    static Path peer(String name) {
        Path program = PEERS.resolve(name);
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is missing; run: scripts/peers " + name);
        }
        return program;
    }

    /** The environment in which programs of an unpacked package find its libraries. */
    static Map<String, String> libraries(Path unpacked) {
        String triplet = "x86_64-linux-gnu"
                .replace(
                        "x86_64",
                        System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch"));
        return Map.of(
                "LD_LIBRARY_PATH",
                String.join(
                        ":",
                        unpacked + "/usr/lib/" + triplet + "/frr",
                        unpacked + "/usr/lib/" + triplet,
                        unpacked + "/lib/" + triplet));
    }

    /** Starts with a plan; after a kill, as a router that restarts. */
    abstract void start(Plan plan);

    /** What the router knows about a prefix from its sessions. */
    abstract List<Heard> heard(String prefix);

    /** Whether the only path to a prefix has so many large communities. */
    boolean hasLargeCommunities(String prefix, int count) {
        return heard(prefix).getFirst().large().size() == count;
    }

    /** What the router says about a session, in its own words. */
    abstract String session(Object address);

    abstract boolean isUp(Object address);

    /** How many announcements or messages with them have come from a neighbour, as the router counts them. */
    abstract long updatesFrom(Object address);

    /** Ends a session, and tells the neighbour why. */
    abstract void shutDown(Object address, String communication);

    /** Asks a neighbour to announce everything again. */
    abstract void askAgain(Object address);

    /** Announces everything again to a neighbour. */
    abstract void tellAgain(Object address);

    /** Follows another plan without a restart. */
    abstract void follow(Plan plan);

    final boolean knows(String prefix) {
        return !heard(prefix).isEmpty();
    }

    final void launch(String name, Map<String, String> environment, List<String> program) {
        try {
            ProcessBuilder builder = new ProcessBuilder(host.command(program)).redirectErrorStream(true);
            builder.environment().putAll(environment);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                    folder.resolve(name + ".log").toFile()));
            processes.add(builder.start());
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    final boolean isRunning() {
        return processes.stream().anyMatch(Process::isAlive);
    }

    final void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** What the router's programs have printed since the first start. */
    final String log() {
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(each -> each.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Ends without a word. */
    final void kill() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> {
            while (process.isAlive()) {
                Thread.onSpinWait();
            }
        });
        processes.clear();
    }

    /** Does nothing any more, as on a machine that hangs. */
    final void freeze() {
        processes.forEach(process -> Shell.run("kill -STOP " + process.pid()));
    }

    @Override
    public void close() {
        kill();
        Shell.run("rm -rf " + folder);
    }
}
