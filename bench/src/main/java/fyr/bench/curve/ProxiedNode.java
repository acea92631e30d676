package fyr.bench.curve;

import fyr.bench.figures.Machine;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A node in namespaces of its own, with a program that carries Services out, and the endpoints behind it. */
final class ProxiedNode implements AutoCloseable {

    private static final int MTU = 1500;
    private static final Prefix EVERYWHERE = Prefix.parse("0.0.0.0/0");
    private static final Prefix ENDPOINTS = Prefix.parse("10.128.0.0/9");
    private static final IpAddress FIRST_CABLE = IpAddress.parse("198.51.100.0");
    private static final IpAddress TO_ENDPOINTS = IpAddress.parse("198.18.0.1");
    private static final IpAddress OF_ENDPOINTS = IpAddress.parse("198.18.0.2");
    private static final int ATTEMPT_MILLISECONDS = 10;
    private static final int TICK_NANOSECONDS = 10_000_000; // USER_HZ is 100 on all architectures that Fyr runs on

    private final Contender contender;
    private final String name;
    private final IpAddress address;
    private final NetworkNamespace node;
    private final NetworkNamespace behind;
    private final Endpoints endpoints;
    private final Path directory;
    private Optional<Process> process = Optional.empty();

    private ProxiedNode(Contender contender, int number, NetworkNamespace node, NetworkNamespace behind, Path directory)
            throws Exception {
        this.contender = contender;
        this.name = "node-" + contender.name();
        this.address = FIRST_CABLE.plus(4L * number + 2);
        this.node = node;
        this.behind = behind;
        this.directory = directory;
        this.endpoints = Endpoints.in(behind);
    }

    /**
     * Makes the namespaces, with a cable to the caller's; numbers tell the nodes of a benchmark apart, 0 to 63: the links of those
     * that are closed may still be there, because the kernel removes them in the background.
     */
    static ProxiedNode make(Contender contender, int number, Path directory) throws Exception {
        NetworkNamespace node = NetworkNamespace.create(Path.of("/run/netns", contender.name()));
        NetworkNamespace behind = NetworkNamespace.create(Path.of("/run/netns", contender.name() + "-behind"));
        IpAddress gateway = FIRST_CABLE.plus(4L * number + 1);
        try (Wiring outside = Wiring.in(NetworkNamespace.current());
                Wiring inNode = Wiring.in(node);
                Wiring inBehind = Wiring.in(behind)) {
            outside.cable("node" + number, "eth0", node, MTU).address("node" + number, gateway, 30);
            inNode.settings(Map.of("net/ipv4/ip_forward", "1"))
                    .up("lo")
                    .up("eth0")
                    .address("eth0", gateway.plus(1), 30)
                    .route(EVERYWHERE, gateway);
            inNode.cable("eth1", "eth0", behind, MTU).address("eth1", TO_ENDPOINTS, 30);
            inBehind.up("lo").up("eth0").address("eth0", OF_ENDPOINTS, 30).route(EVERYWHERE, TO_ENDPOINTS);
            inBehind.address("lo", ENDPOINTS.address().plus(1), ENDPOINTS.length()); // all of them are local
            inNode.route(ENDPOINTS, OF_ENDPOINTS);
        }
        Files.createDirectories(directory);
        return new ProxiedNode(contender, number, node, behind, directory);
    }

    String name() {
        return name;
    }

    IpAddress address() {
        return address;
    }

    Contender contender() {
        return contender;
    }

    Probe probe() {
        return new Probe(node);
    }

    /** Where a connection to a Service goes to: on the node without Services to an endpoint itself. */
    InetSocketAddress target(int service) {
        return contender instanceof Contender.None
                ? endpoint(service)
                : Probe.target(ClusterObjects.clusterIp(service), ClusterObjects.PORT);
    }

    /** The first endpoint of a Service. */
    static InetSocketAddress endpoint(int service) {
        return Probe.target(ClusterObjects.endpoint(service, 0), ClusterObjects.targetPort(service));
    }

    void start(Path kubeconfig) throws Exception {
        Optional<List<String>> command = contender.command(new Contender.Environment(kubeconfig, name, directory));
        if (command.isPresent()) {
            for (String part : List.of("cni-bin", "cni-conf", "state", "run")) {
                Files.createDirectories(directory.resolve(part));
            }
            ProcessBuilder builder =
                    new ProcessBuilder(command.get()).redirectErrorStream(true).redirectOutput(log().toFile());
            builder.environment().put("MALLOC_ARENA_MAX", "1"); // as the launcher of an agent does
            process =
                    Optional.of(node.call(builder::start)); // a child is in the namespace of the thread that starts it
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** Waits until all these Services answer. Throws {@link IOException} if the program ends before, or at this time. */
    void await(List<InetSocketAddress> targets, long deadline) throws Exception {
        for (InetSocketAddress target : targets) {
            while (!probe().connects(target, ATTEMPT_MILLISECONDS)) {
                if (process.filter(running -> !running.isAlive()).isPresent()) {
                    throw new IOException("ended: " + lastWords());
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("was not ready in time");
                }
                Thread.sleep(1);
            }
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return lines.isEmpty() ? "without a word" : lines.getLast();
    }

    /** Processor time so far, in nanoseconds, with that of children that ended. */
    long processorTime() {
        return process.map(running -> {
                    String[] fields = Machine.read("/proc/" + running.pid() + "/stat")
                            .replaceFirst(".*\\) ", "")
                            .split(" ");
                    long ticks = 0;
                    for (int field = 11; field < 15; field++) {
                        ticks += Long.parseLong(fields[field]);
                    }
                    return ticks * TICK_NANOSECONDS;
                })
                .orElse(0L);
    }

    /** Resident memory in bytes. */
    long memory() {
        return process.map(running -> Machine.kilobytes(Long.toString(running.pid()), "VmRSS") * 1024)
                .orElse(0L);
    }

    /** What the kernel has allocated, in bytes: of all namespaces, so only differences mean something. */
    static long kernelMemory() {
        return Pattern.compile("(?m)^(Slab|VmallocUsed|Percpu): +([0-9]+) kB$")
                        .matcher(Machine.read("/proc/meminfo"))
                        .results()
                        .map(MatchResult.class::cast)
                        .mapToLong(match -> Long.parseLong(match.group(2)))
                        .sum()
                * 1024;
    }

    /** Ends the program. What it made in the kernel stays. */
    void stop() {
        if (process.isPresent()) {
            process.get().destroyForcibly();
            process.get().onExit().join();
            process = Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        endpoints.close();
        for (NetworkNamespace namespace : List.of(node, behind)) {
            Path file = namespace.file();
            namespace.close();
            NetworkNamespace.delete(file);
        }
    }
}
