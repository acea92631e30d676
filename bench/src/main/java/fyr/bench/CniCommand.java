package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.InWorld;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.lab.cluster.PrivateWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cni",
        description =
                "Measures CNI ADD and DEL through the installed executable and a complete agent, one after another and in parallel.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr bench cni --pods 50"})
final class CniCommand implements Callable<Integer> {

    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.1.0\",\"name\":\"fyr\",\"type\":\"fyr\",\"capabilities\":{\"portMappings\":true}}";
    private static final Path TRUE = Path.of("/bin/true");

    @Mixin
    private InWorld world = new InWorld();

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "110",
            description = "Number of pods, at most 250 (default: ${DEFAULT-VALUE}).")
    private int pods;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "Number of parallel requests (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Override
    public Integer call() throws Exception {
        world.require("--pods", pods, 1, 250);
        world.require("--parallel", parallel, 1, 250);
        return world.run(pods + " pods through the CNI executable; the agent is in this process", report -> {
            List<NetworkNamespace> networks = IntStream.range(0, pods)
                    .mapToObj(pod -> NetworkNamespace.create(Path.of("/run/netns/pod" + pod)))
                    .toList();
            try (ServedNode node = ServedNode.start(PrivateWorld.directory())) {
                measure(report, node, networks);
            }
        });
    }

    private void measure(Report report, ServedNode node, List<NetworkNamespace> networks) throws Exception {
        Samples process = Stopwatch.time(20, pods, _ -> run(new ProcessBuilder(TRUE.toString()), ""));
        report.add(Figure.milliseconds("baseline: a process that does nothing", process, TRUE.toString()));
        Samples version = Stopwatch.time(5, pods, _ -> execute(node, "VERSION", 0, networks));
        report.add(Figure.milliseconds("VERSION: the executable alone", version, "")
                .against(process));
        Samples status = Stopwatch.time(5, pods, _ -> execute(node, "STATUS", 0, networks));
        report.add(Figure.milliseconds("STATUS: executable, socket, agent", status, "")
                .against(process));
        for (String run : List.of("first", "second")) {
            Samples add = Stopwatch.time(0, pods, pod -> execute(node, "ADD", pod, networks));
            report.add(Figure.milliseconds("ADD one by one, " + run + " time", add, "p50 <= 5 ms, p99 <= 20 ms wanted")
                    .against(process));
            Samples delete = Stopwatch.time(0, pods, pod -> execute(node, "DEL", pod, networks));
            report.add(Figure.milliseconds("DEL one by one, " + run + " time", delete, "")
                    .against(process));
        }
        for (String command : List.of("ADD", "DEL")) {
            long start = System.nanoTime();
            Samples each = parallel(command, node, networks);
            report.add(Figure.milliseconds(command + ", " + parallel + " at once", each, "")
                    .against(process));
            report.add(Figure.milliseconds(
                    command + " of all " + pods + " pods, " + parallel + " at once",
                    Samples.of(System.nanoTime() - start),
                    "<= 2000 ms wanted"));
        }
    }

    private Samples parallel(String command, ServedNode node, List<NetworkNamespace> networks) throws Exception {
        try (ExecutorService runtimes = Executors.newFixedThreadPool(parallel)) {
            List<Future<Samples>> running = new ArrayList<>();
            for (int pod = 0; pod < pods; pod++) {
                int number = pod;
                running.add(runtimes.submit(() -> Stopwatch.once(_ -> execute(node, command, number, networks))));
            }
            long[] taken = new long[pods];
            for (int pod = 0; pod < pods; pod++) {
                taken[pod] = running.get(pod).get().median();
            }
            return Samples.of(taken);
        }
    }

    private static void execute(ServedNode node, String command, int pod, List<NetworkNamespace> networks)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(node.executables().resolve("fyr").toString());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        "bench-" + pod,
                        "CNI_NETNS",
                        networks.get(pod).file().toString(),
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_PATH",
                        node.executables().toString(),
                        "CNI_ARGS",
                        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod-" + pod));
        run(builder, CONFIGURATION);
    }

    private static void run(ProcessBuilder builder, String input) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        if (!input.isEmpty()) {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        }
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(
                    builder.command() + ": " + answer.lines().findFirst().orElse("no answer"));
        }
    }
}
