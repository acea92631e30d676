package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.InWorld;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.ServerProcess;
import fyr.bench.figures.Stopwatch;
import fyr.cluster.ClusterWatch;
import fyr.cluster.PodDemand;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.model.ClusterSnapshot;
import fyr.model.PodScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "api",
        description = {
            "Measures what agents cost an API server of a large cluster: processor time and bytes sent, for an agent's start and for an "
                    + "hour at rest.",
            "First fills the server with nodes and pods; existing objects stay. scripts/bench-api starts a server for this command."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: scripts/bench-api --nodes 1000 --pods 10000"})
final class ApiCommand implements Callable<Integer> {

    private static final int PATIENCE_SECONDS = 300;
    private static final int AGENTS_OF_A_LARGE_CLUSTER = 5000;

    /** How often kubelets report when nothing has changed: each node every 300 s (KubeletConfiguration, nodeStatusReportFrequency). */
    private static final int REPORT_SECONDS = 300;

    @Mixin
    private InWorld world = new InWorld();

    @Option(names = "--kubeconfig", paramLabel = "FILE", required = true, description = "Kubeconfig for the server.")
    private Path kubeconfig = Path.of("");

    @Option(
            names = "--server",
            paramLabel = "PID",
            required = true,
            description = "Process of the server on this machine.")
    private long server;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Number of nodes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Number of pods (default: ${DEFAULT-VALUE}).")
    private int pods;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of starts to measure, of each kind (default: ${DEFAULT-VALUE}).")
    private int starts;

    @Option(
            names = "--agents",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of agents at rest (default: ${DEFAULT-VALUE}).")
    private int agents;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Seconds to measure agents at rest (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        world.require("--nodes", nodes, 1, 100_000);
        world.require("--pods", pods, 1, 1_000_000);
        world.require("--starts", starts, 1, 100);
        world.require("--agents", agents, 1, 1000);
        world.require("--seconds", seconds, 1, 3600);
        return world.here(nodes + " nodes, " + pods + " pods", report -> {
            try (ApiClient client = connect()) {
                ApiCluster cluster = new ApiCluster(client, nodes, pods);
                report.add(Figure.milliseconds("filling the server", Stopwatch.once(_ -> cluster.fill()), ""));
                heap(report);
                Idle idle = idle();
                startsOf(report, "before: JSON in pages, all pods", idle, () -> EarlierAgent.list(client));
                startsOf(report, "now: no policy speaks of pods", idle, () -> start(none()));
                startsOf(
                        report,
                        "now: of those of a namespace",
                        idle,
                        () -> start(of(new PodScope.Namespaced("team-0"))));
                startsOf(report, "now: of all pods", idle, () -> start(of(new PodScope.Everywhere())));
                rest(report, cluster);
            }
        });
    }

    private ApiClient connect() {
        return ApiClient.connect(new Kubeconfig(kubeconfig));
    }

    private static PodDemand none() {
        return (_, _) -> new TreeSet<>();
    }

    private static PodDemand of(PodScope scope) {
        return (_, _) -> new TreeSet<>(List.of(scope));
    }

    /** Returns what the server uses per millisecond without our requests. */
    private record Idle(double milliseconds) {}

    private Idle idle() throws InterruptedException {
        ServerProcess process = new ServerProcess(server);
        ServerProcess.Usage before = process.now();
        Thread.sleep(10_000);
        return new Idle(process.now().minus(before).milliseconds() / 10_000.0);
    }

    private interface Start {
        void run() throws Exception;
    }

    private void startsOf(Report report, String name, Idle idle, Start start) throws Exception {
        long[] cpu = new long[starts];
        long[] bytes = new long[starts];
        ServerProcess process = new ServerProcess(server);
        for (int i = 0; i < starts; i++) {
            ServerProcess.Usage before = process.now();
            long began = System.nanoTime();
            start.run();
            double took = (System.nanoTime() - began) / 1e6;
            ServerProcess.Usage used = process.now().minus(before);
            cpu[i] = Math.max(0, Math.round((used.milliseconds() - took * idle.milliseconds()) * 1e6));
            bytes[i] = used.bytes();
        }
        report.add(Figure.milliseconds("a start, server CPU; " + name, Samples.of(cpu), ""));
        report.add(megabytes("a start, bytes; " + name, Samples.of(bytes)));
        report.remark(String.format(
                Locale.ROOT,
                "  of %d agents: %.0f core minutes, %.2f TB",
                AGENTS_OF_A_LARGE_CLUSTER,
                Samples.of(cpu).median() / 1e9 / 60 * AGENTS_OF_A_LARGE_CLUSTER,
                Samples.of(bytes).median() / 1e12 * AGENTS_OF_A_LARGE_CLUSTER));
    }

    private static Figure megabytes(String name, Samples samples) {
        return new Figure(name, samples, "MB", 1e6, java.util.Optional.empty(), "");
    }

    /** The watches of an agent until it knows enough. */
    private void start(PodDemand demand) throws Exception {
        try (Following _ = follow(demand)) {
            return;
        }
    }

    private record Following(ApiClient client, ClusterWatch watch, ClusterSnapshot first) implements AutoCloseable {
        @Override
        public void close() {
            watch.close();
            client.close();
        }
    }

    private Following follow(PodDemand demand) throws Exception {
        CompletableFuture<ClusterSnapshot> first = new CompletableFuture<>();
        ApiClient client = connect();
        ClusterWatch watch = ClusterWatch.start(client, ApiObjects.nodeName(0), demand, first::complete, _ -> {});
        return new Following(client, watch, first.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private void heap(Report report) throws Exception {
        long before = used();
        try (Following following = follow(of(new PodScope.Everywhere()))) {
            int known = following.first().pods().size();
            report.add(Figure.number(
                    "heap of a snapshot with all pods",
                    (used() - before) / 1e6,
                    "MB",
                    (used() - before) / known + " bytes for each of " + known + " pods, all else included"));
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Kubelets continue to report, at the rate of a cluster of this size. Nothing else happens. */
    private void rest(Report report, ApiCluster cluster) throws Exception {
        ServerProcess.Usage nobody = resting(cluster);
        List<AutoCloseable> resting = new ArrayList<>();
        try {
            for (int i = 0; i < agents; i++) {
                resting.add(EarlierAgent.watch(connect()));
            }
            resting(report, "before: all pods, JSON", nobody, resting(cluster));
            close(resting);
            for (int i = 0; i < agents; i++) {
                resting.add(follow(none()));
            }
            resting(report, "now", nobody, resting(cluster));
        } finally {
            close(resting);
        }
    }

    private static void close(List<AutoCloseable> resting) throws Exception {
        for (AutoCloseable each : resting) {
            each.close();
        }
        resting.clear();
    }

    private ServerProcess.Usage resting(ApiCluster cluster) throws InterruptedException {
        ServerProcess process = new ServerProcess(server);
        Thread.sleep(2000);
        ServerProcess.Usage before = process.now();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int perSecond = Math.max(1, nodes / REPORT_SECONDS);
        for (int beat = 0; System.nanoTime() < end; beat++) {
            for (int i = 0; i < perSecond; i++) {
                cluster.beat((beat * perSecond + i) % nodes, (int) (System.nanoTime() >>> 30) + beat);
            }
            Thread.sleep(1000);
        }
        return process.now().minus(before);
    }

    private void resting(Report report, String name, ServerProcess.Usage nobody, ServerProcess.Usage all) {
        double hours = 3600.0 / seconds / agents;
        double cpu = Math.max(0, all.milliseconds() - nobody.milliseconds()) * hours;
        double bytes = Math.max(0, all.bytes() - nobody.bytes()) * hours;
        report.add(Figure.number("an hour of an agent at rest, server CPU; " + name, cpu, "ms", ""));
        report.add(Figure.number("an hour of an agent at rest, bytes; " + name, bytes / 1e6, "MB", ""));
        report.remark(String.format(
                Locale.ROOT,
                "  of %d agents: %.1f cores, %.0f MB/s",
                AGENTS_OF_A_LARGE_CLUSTER,
                cpu / 1000 / 3600 * AGENTS_OF_A_LARGE_CLUSTER,
                bytes / 1e6 / 3600 * AGENTS_OF_A_LARGE_CLUSTER));
    }
}
