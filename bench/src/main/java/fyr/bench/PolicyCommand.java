package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.InWorld;
import fyr.bench.figures.Machine;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.bench.figures.Turns;
import fyr.model.ClusterSnapshot;
import fyr.model.address.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "policy",
        description =
                "Measures the cost of a new connection with many policies, the cost of the source address check, and the time to compile policies.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr bench policy --policies 1000 --pods 1000"})
final class PolicyCommand implements Callable<Integer> {

    private static final String BASELINE = "connect(), no policy";

    @Mixin
    private InWorld world = new InWorld();

    @Option(
            names = "--policies",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of policies (default: ${DEFAULT-VALUE}).")
    private int policies;

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of pods in the cluster (default: ${DEFAULT-VALUE}).")
    private int pods;

    @Option(
            names = "--linear",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Number of rules of the baseline: one for each policy, loaded by nft (default: ${DEFAULT-VALUE}).")
    private int linear;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Number of connections of each kind (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Override
    public Integer call() throws Exception {
        world.require("--policies", policies, 1, 200_000);
        world.require("--pods", pods, 1, 200_000);
        world.require("--linear", linear, 0, 100_000);
        world.require("--connections", connections, 2, 1_000_000);
        return world.run(policies + " policies that all select each of " + pods + " pods, 112 of them here", report -> {
            ClusterSnapshot cluster = PolicyCluster.of(policies, pods);
            List<RoutedPair> pairs = new ArrayList<>();
            try {
                for (String name : List.of("none", "hundred", "all", "linear")) {
                    pairs.add(RoutedPair.make(name));
                }
                pairs.add(RoutedPair.pods("checked"));
                pairs.add(RoutedPair.pods("unchecked"));
                compile(report, new BenchNode(pairs.get(2).kernel()), cluster);
                connections(report, pairs);
                sources(report, pairs.get(4), pairs.get(5));
                throughTheTunnel(report);
            } finally {
                for (RoutedPair pair : pairs) {
                    pair.close();
                }
            }
        });
    }

    private void compile(Report report, BenchNode node, ClusterSnapshot cluster) throws Exception {
        report.add(Figure.milliseconds(
                "compile, the first of this JVM", Stopwatch.once(_ -> node.compileAnew(cluster)), ""));
        report.add(Figure.milliseconds(
                "compile, again from nothing", Stopwatch.time(0, 3, _ -> node.compileAnew(cluster)), ""));
        Samples load = Stopwatch.once(_ -> node.reconcile());
        report.add(Figure.milliseconds("load into an empty kernel", load, node.writes() + " entries"));
        for (int remote = 0; remote < 2; remote++) {
            int first = remote;
            ClusterSnapshot[] current = {cluster};
            Samples change = Stopwatch.time(2, 12, number -> {
                current[0] = PolicyCluster.changed(current[0], Math.min(2 * number % 220, pods - 2) + first, number);
                node.follow(current[0]);
            });
            report.add(Figure.milliseconds(
                    "label of a " + (remote == 1 ? "remote" : "local") + " pod changed, snapshot to kernel",
                    change,
                    ""));
        }
        report.add(
                Figure.number("resident set of this process", Machine.kilobytes("self", "VmRSS") / 1024.0, "MiB", ""));
    }

    private void connections(Report report, List<RoutedPair> pairs) throws Exception {
        new BenchNode(pairs.get(0).kernel()).follow(PolicyCluster.of(0, 0));
        new BenchNode(pairs.get(1).kernel()).follow(PolicyCluster.of(Math.min(100, policies), Math.min(100, pods)));
        Turns turns = new Turns(20, Math.max(1, connections / 20));
        turns.add(BASELINE, n -> connect(pairs.get(0), n));
        turns.add("connect(), " + Math.min(100, policies) + " policies", n -> connect(pairs.get(1), n));
        turns.add("connect(), " + policies + " policies and " + pods + " pods", n -> connect(pairs.get(2), n));
        if (ReferenceLayout.nft().isPresent()) {
            rules(pairs.get(3));
            turns.add("baseline: connect(), " + linear + " rules in a row, nft -f", n -> connect(pairs.get(3), n));
        } else {
            report.remark("baseline not run: nft is not installed");
        }
        turns.run()
                .forEach((name, samples) ->
                        report.add(Figure.microseconds(name, samples, "").against(turns.samples(BASELINE))));
    }

    /** The cost of the check that a packet has an address of the pod it comes from; both packets of a pair pass the check. */
    private void sources(Report report, RoutedPair checked, RoutedPair unchecked) throws Exception {
        SourceChecks.load(checked, true);
        SourceChecks.load(unchecked, false);
        Turns turns = new Turns(20, Math.max(1, connections / 20));
        turns.add("connect(), sources not checked", n -> connect(unchecked, n));
        turns.add("connect(), sources checked", n -> connect(checked, n));
        turns.add("established, there and back, sources not checked", n -> unchecked.exchange(10 * n));
        turns.add("established, there and back, sources checked", n -> checked.exchange(10 * n));
        againstUnchecked(report, turns);
    }

    /** The highest cost for a packet of an established connection: it is checked both encapsulated and decapsulated. */
    private void throughTheTunnel(Report report) throws Exception {
        try (TunnelledPair unchecked = TunnelledPair.make("plain", false);
                TunnelledPair checked = TunnelledPair.make("guarded", true)) {
            Turns turns = new Turns(20, Math.max(1, connections / 2));
            for (Family family : Family.values()) {
                String name = "established, through the tunnel and back, " + family + ", sources ";
                turns.add(name + "not checked", n -> unchecked.exchange(family, n));
                turns.add(name + "checked", n -> checked.exchange(family, n));
            }
            againstUnchecked(report, turns);
        }
    }

    private static void againstUnchecked(Report report, Turns turns) throws Exception {
        turns.run().forEach((name, samples) -> {
            Samples baseline = turns.samples(name.replace("sources checked", "sources not checked"));
            report.add(Figure.microseconds(name, samples, "").against(baseline));
        });
    }

    private static Samples connect(RoutedPair pair, int times) throws Exception {
        return pair.connect(RoutedPair.SERVER, RoutedPair.PORT, times);
    }

    /** One rule for each policy, as in the simplest implementation; the last one matches. */
    private void rules(RoutedPair pair) throws Exception {
        String rules = IntStream.range(0, linear)
                .mapToObj(
                        i -> "ip saddr 10.128." + i / 256 % 256 + "." + i % 256 + " tcp dport " + (1 + i) + " accept\n")
                .collect(Collectors.joining());
        ReferenceLayout.load(
                pair.node(),
                ("table ip reference {\nchain forward {\ntype filter hook forward priority 0; policy drop\n"
                                + "ct state established,related accept\n" + rules + "ip saddr " + RoutedPair.CLIENT
                                + " tcp dport " + RoutedPair.PORT
                                + " accept\n}\n}\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }
}
