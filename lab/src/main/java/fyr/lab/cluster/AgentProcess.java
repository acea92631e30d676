package fyr.lab.cluster;

import fyr.apiserver.ClusterRanges;
import fyr.lab.world.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A node's agent: the same {@code fyr agent} as on a real node, in the node's network and with the node's own directories. */
final class AgentProcess {

    private static final int HEALTH_PORT = 9099;

    private final Place place;
    private final LabDirectory directory;
    private final Installation installation;
    private final Path network;
    private final LabOptions options;
    private Optional<Process> process = Optional.empty();

    AgentProcess(Place place, LabDirectory directory, Installation installation, Path network, LabOptions options) {
        this.place = place;
        this.directory = directory;
        this.installation = installation;
        this.network = network;
        this.options = options;
    }

    /** Starts it, unless it runs. */
    synchronized void start() {
        if (isRunning()) {
            return;
        }
        try {
            Path home = directory.node(place.name());
            for (String part : List.of("bin", "conf", "state", "run")) {
                Files.createDirectories(home.resolve(part));
            }
            List<String> command =
                    new ArrayList<>(List.of(installation.door().toString(), "at", network.toString(), "--"));
            command.addAll(installation.agent(arguments(home)));
            ProcessBuilder agent = new ProcessBuilder(command);
            agent.environment().put("MALLOC_ARENA_MAX", "1"); // as the launcher does
            process = Optional.of(agent.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The file {@code agent.options} in the node's directory may add options, one in each line. */
    private List<String> arguments(Path home) throws IOException {
        List<String> all = new ArrayList<>(usual(home));
        Path more = home.resolve("agent.options");
        if (Files.exists(more)) {
            Files.readAllLines(more).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(all::add);
        }
        return all;
    }

    private List<String> usual(Path home) {
        LabOptions.Families families = options.families();
        List<String> arguments = new ArrayList<>(List.of(
                "--kubeconfig",
                directory.insideKubeconfig().toString(),
                "--node-name",
                place.name(),
                "--cluster-dns",
                joined(families.dnsAddresses()),
                "--cluster-cidr",
                joined(ClusterRanges.PODS.stream()
                        .filter(prefix -> families.contains(prefix.family()))
                        .toList()),
                "--cni-bin-dir",
                home.resolve("bin").toString(),
                "--cni-conf-dir",
                home.resolve("conf").toString(),
                "--state-dir",
                home.resolve("state").toString(),
                "--run-dir",
                home.resolve("run").toString(),
                "--health-port",
                Integer.toString(HEALTH_PORT),
                "--load-balancer"));
        arguments.addAll(options.serviceMode().agentOptions());
        return arguments;
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** Ends it, at once ({@code kill -9}) or as an administrator would (SIGTERM), and waits for its end. */
    synchronized void stop(boolean atOnce) {
        process.ifPresent(running -> {
            if (atOnce) {
                running.destroyForcibly();
            } else {
                running.destroy();
            }
            running.onExit().join();
        });
    }

    synchronized boolean isRunning() {
        return process.filter(Process::isAlive).isPresent();
    }

    @Override
    public synchronized String toString() {
        String state = process.map(p -> p.isAlive() ? "running, process " + p.pid() : "ended with " + p.exitValue())
                .orElse("not started");
        return place.name() + " agent " + state;
    }
}
