package fyr.bench;

import fyr.bench.curve.CurveCommand;
import fyr.bench.figures.Figure;
import fyr.bench.figures.InWorld;
import fyr.bench.figures.Machine;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.bench.figures.Turns;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.Tables;
import fyr.model.ClusterSnapshot;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "services",
        description =
                "Measures Services: compiling, loading, a single change, a restart, memory, and the cost of a connection.",
        mixinStandardHelpOptions = true,
        subcommands = CurveCommand.class,
        footer = {"", "Example: fyr bench services --services 1000"})
final class ServicesCommand implements Callable<Integer> {

    @Mixin
    private InWorld world = new InWorld();

    @Option(
            names = "--services",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of Services (default: ${DEFAULT-VALUE}).")
    private int services;

    @Option(
            names = "--endpoints",
            paramLabel = "N",
            defaultValue = "2",
            description = "Endpoints of each Service, at most 64 (default: ${DEFAULT-VALUE}).")
    private int endpoints;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "200",
            description = "Number of changes to measure (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Option(
            names = "--baseline",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "Number of Services of the baseline: kube-proxy's layout, loaded by nft (default: ${DEFAULT-VALUE}).")
    private int baseline;

    @Option(
            names = "--many",
            paramLabel = "N",
            defaultValue = "30000",
            description = "Number of Services during the measurement of connections (default: ${DEFAULT-VALUE}).")
    private int many;

    @Option(
            names = "--large",
            paramLabel = "N",
            split = ",",
            defaultValue = "10,100,1000,10000",
            description = "Endpoints of one large Service; several numbers with commas (default: ${DEFAULT-VALUE}).")
    private List<Integer> large = List.of();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "NFTABLES",
            description = "How Services are carried out: nftables, iptables or ipvs (default: nftables).")
    private ServiceMode mode = ServiceMode.NFTABLES;

    @Override
    public Integer call() throws Exception {
        world.require("--services", services, 10, 60_000);
        world.require("--endpoints", endpoints, 1, ServiceCluster.MOST_ENDPOINTS);
        world.require("--changes", changes, 2, 100_000);
        world.require("--baseline", baseline, 0, 60_000);
        world.require("--many", many, 10, 60_000);
        for (int endpoints : large) {
            world.require("--large", endpoints, 1, 60_000);
        }
        String title = services + " services, " + endpoints + " endpoints each, both families, "
                + mode.name().toLowerCase(Locale.ROOT);
        return world.run(title, report -> {
            load(report);
            for (int endpoints : large) {
                LargeService.measure(report, mode, endpoints, changes);
            }
            connections(report);
        });
    }

    private void load(Report report) throws Exception {
        try (RoutedPair pair = RoutedPair.make("load")) {
            ClusterSnapshot cluster = ServiceCluster.of(services, endpoints);
            BenchNode node = new BenchNode(pair.kernel(), mode);
            Samples compile = Stopwatch.time(0, 1, _ -> node.compileAnew(cluster));
            report.add(Figure.milliseconds("compile, the first of this JVM", compile, ""));
            report.add(Figure.milliseconds(
                    "compile, again from nothing", Stopwatch.time(1, 5, _ -> node.compileAnew(cluster)), ""));
            Samples cold = Stopwatch.once(_ -> node.reconcile());
            report.add(Figure.milliseconds(
                    "load into an empty kernel", cold, node.writes() + " entries; with compile <= 2000 ms wanted"));
            report.add(Figure.milliseconds("one endpoint changed, of that compiling", compiling(node, cluster), ""));
            Samples change = changes(node, cluster, 1);
            report.add(Figure.milliseconds("one endpoint changed, snapshot to kernel", change, "p99 <= 10 ms wanted"));
            report.add(Figure.milliseconds("ten services changed, snapshot to kernel", changes(node, cluster, 10), ""));
            if (mode == ServiceMode.NFTABLES) { // chains of iptables are read at once
                looking(report, node, pair, cluster);
            }
            node.follow(cluster);
            node.writes();
            restart(report, pair, cluster);
            report.add(Figure.number("heap in use, cluster and plan", heap(cluster, node), "MiB", ""));
            report.add(Figure.number(
                    "resident set of this process",
                    Machine.kilobytes("self", "VmRSS") / 1024.0,
                    "MiB",
                    "with all runs above"));
            if (baseline > 0) {
                new ReferenceLayout(pair.node(), baseline, endpoints).measure(report, cold, services, change);
            }
        }
    }

    /**
     * How long a change waits that arrives at the start of a step of a look, and how long it would wait if everything were read at once.
     */
    private void looking(Report report, BenchNode node, RoutedPair pair, ClusterSnapshot cluster) throws Exception {
        Samples atOnce = Stopwatch.once(_ -> pair.kernel().table(Tables.NFT).list());
        report.add(Figure.milliseconds("all packet rules read at once", atOnce, "the baseline of a look"));
        ClusterSnapshot[] current = {cluster};
        List<Long> waits = new ArrayList<>();
        node.follow(cluster);
        node.suspectAll();
        Samples whole = Stopwatch.once(_ -> {
            while (node.isLooking()) {
                long arrived = System.nanoTime();
                node.look();
                current[0] = ServiceCluster.changed(current[0], waits.size() % services, endpoints, waits.size() + 1);
                node.follow(current[0]);
                waits.add(System.nanoTime() - arrived);
            }
        });
        Samples change = Samples.of(waits.stream().mapToLong(Long::longValue).toArray());
        report.add(Figure.milliseconds("a look in steps, a change after each", whole, change.count() + " steps"));
        report.add(Figure.milliseconds(
                "one endpoint changed as a step of a look begins",
                change,
                "p99 <= 100 ms wanted; the most took " + change.most() / 1_000_000 + " ms"));
    }

    private static double heap(ClusterSnapshot cluster, BenchNode node) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        double used = runtime.totalMemory() - runtime.freeMemory();
        java.lang.ref.Reference.reachabilityFence(cluster);
        java.lang.ref.Reference.reachabilityFence(node);
        return used / (1 << 20);
    }

    private Samples compiling(BenchNode node, ClusterSnapshot cluster) throws Exception {
        ClusterSnapshot[] current = {cluster};
        Samples samples = Stopwatch.time(changes / 5, changes, number -> {
            current[0] = ServiceCluster.changed(current[0], number % services, endpoints, number + 1);
            node.compile(current[0]);
        });
        node.reconcile();
        return samples;
    }

    private Samples changes(BenchNode node, ClusterSnapshot cluster, int atOnce) throws Exception {
        ClusterSnapshot[] current = {cluster};
        node.follow(cluster);
        return Stopwatch.time(changes / 5, changes, number -> {
            for (int i = 0; i < atOnce; i++) {
                current[0] = ServiceCluster.changed(current[0], (number * 7 + i) % services, endpoints, number + 1);
            }
            node.follow(current[0]);
        });
    }

    /** A new process finds everything as it should be: it compiles, lists and compares, and must not write anything. */
    private void restart(Report report, RoutedPair pair, ClusterSnapshot cluster) throws Exception {
        BenchNode restarted = new BenchNode(pair.kernel(), mode);
        Samples samples = Stopwatch.once(_ -> restarted.follow(cluster));
        report.add(Figure.milliseconds(
                "restart: compile, list, compare", samples, restarted.writes() + " entries written, 0 wanted"));
    }

    /** Two nodes at once, in turns, so that other load on the machine affects both alike. */
    private void connections(Report report) throws Exception {
        int few = Math.min(10, many);
        try (RoutedPair small = RoutedPair.make("few");
                RoutedPair large = RoutedPair.make("many")) {
            new BenchNode(small.kernel(), mode)
                    .follow(ServiceCluster.leadingTo(few, RoutedPair.SERVER, RoutedPair.PORT));
            new BenchNode(large.kernel(), mode)
                    .follow(ServiceCluster.leadingTo(many, RoutedPair.SERVER, RoutedPair.PORT));
            IpAddress service = ServiceCluster.clusterIp(few / 2);
            Turns turns = new Turns(20, changes / 2);
            turns.add(
                    "connect() to an endpoint itself, " + few + " services",
                    n -> small.connect(RoutedPair.SERVER, RoutedPair.PORT, n));
            turns.add(
                    "connect() through one of " + few + " services",
                    n -> small.connect(service, ServiceCluster.PORT, n));
            turns.add(
                    "connect() through one of " + many + " services",
                    n -> large.connect(service, ServiceCluster.PORT, n));
            turns.run()
                    .forEach((name, samples) -> report.add(
                            Figure.microseconds(name, samples, name.contains(" " + many + " ") ? "<= 1.05 wanted" : "")
                                    .against(turns.samples("connect() through one of " + few + " services"))));
        }
    }
}
