package fyr.bench.curve;

import fyr.bench.figures.Figure;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.bench.figures.Turns;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.lab.cluster.PrivateWorld;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Measures all programs at one number of Services after the other. Only one program runs at a time: it starts, carries out changes, and ends.
 * What all of them left in their kernels is then measured in turns.
 */
final class CurveRun {

    private static final IpAddress SERVER = IpAddress.parse("192.0.2.1");
    private static final int PROBED = 8;
    private static final int ROUNDS = 10;
    private static final int THREADS = 2;
    private static final long RATE_NANOSECONDS = 200_000_000;

    private final Report report;
    private final List<Contender> contenders;
    private final Effort effort;
    private final Curves curves;
    private int made;

    /**
     * How much is measured.
     *
     * @param sizes numbers of Services, ascending
     * @param patience seconds for the start of a program
     */
    record Effort(List<Integer> sizes, int changes, int connections, int patience) {}

    CurveRun(Report report, List<Contender> contenders, Effort effort) {
        this.report = report;
        this.contenders = contenders;
        this.effort = effort;
        curves = new Curves(contenders.stream().map(Contender::name).toList());
    }

    /** Where the curves go after each size, so that a run that ends early leaves what it measured. */
    interface Follower {
        void measured(Curves soFar) throws IOException;
    }

    void measure(ClusterObjects objects, Follower follower) throws Exception {
        try (Wiring wiring = Wiring.in(NetworkNamespace.current())) {
            wiring.up("lo").address("lo", SERVER, 32);
        }
        Path files = PrivateWorld.directory();
        try (BenchServer server = BenchServer.start(SERVER, files.resolve("api-server"), objects)) {
            for (int size : effort.sizes()) {
                report.add(Figure.milliseconds(
                        size + " Services: filling the API server", Stopwatch.once(_ -> server.grow(size)), ""));
                atSize(server, size, files.resolve("services-" + size));
                follower.measured(curves);
            }
        }
        report.block(curves.table());
    }

    private void atSize(BenchServer server, int size, Path files) throws Exception {
        List<ProxiedNode> nodes = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                ProxiedNode node = ProxiedNode.make(contender, made++, files.resolve(contender.name()));
                nodes.add(node);
                server.node(node.name(), nodes.size(), node.address());
                try {
                    control(server, node, size);
                } catch (IOException failure) {
                    report.remark(size + " Services: " + contender.name() + " " + failure.getMessage());
                    nodes.removeLast().close();
                } finally {
                    node.stop();
                }
            }
            connections(nodes, size);
        } finally {
            for (ProxiedNode node : nodes) {
                node.close();
            }
        }
    }

    /** The start of a program, and changes. */
    private void control(BenchServer server, ProxiedNode node, int size) throws Exception {
        if (node.contender() instanceof Contender.None) {
            return;
        }
        String name = node.contender().name();
        long kernelBefore = ProxiedNode.kernelMemory();
        long started = System.nanoTime();
        node.start(server.kubeconfig());
        node.await(targets(node, size), started + TimeUnit.SECONDS.toNanos(effort.patience()));
        Samples cold = Samples.of(System.nanoTime() - started);
        curves.add(Metric.COLD, name, size, cold);
        report.add(Figure.milliseconds(size + " Services: " + name + ", start", cold, ""));
        curves.add(Metric.COLD_CPU, name, size, Samples.of(node.processorTime()));
        curves.add(
                Metric.KERNEL_MEMORY, name, size, Samples.of(Math.max(0, ProxiedNode.kernelMemory() - kernelBefore)));
        changes(server, node, size);
        curves.add(Metric.PROCESS_MEMORY, name, size, Samples.of(node.memory()));
    }

    private void changes(BenchServer server, ProxiedNode node, int size) throws Exception {
        boolean slow = node.contender() instanceof Contender.KubeProxy; // it synchronizes once in a second
        try (Change change = new Change(server, node)) {
            Change.Times times = change.measure(
                    slow ? effort.changes() / 10 : effort.changes(), Duration.ofMillis(slow ? 1100 : 20));
            String name = node.contender().name();
            curves.add(Metric.CHANGE, name, size, times.fromEvent());
            curves.add(Metric.CHANGE_SENT, name, size, times.fromRequest());
            report.add(Figure.milliseconds(size + " Services: " + name + ", change", times.fromEvent(), ""));
        }
    }

    private void connections(List<ProxiedNode> nodes, int size) throws Exception {
        int each = effort.connections() / ROUNDS;
        Map<ProxiedNode, LongAdder> failures = new LinkedHashMap<>();
        nodes.forEach(node -> failures.put(node, new LongAdder()));
        times(
                Metric.CONNECT,
                nodes,
                size,
                each,
                (node, times) ->
                        node.probe().connect(targets(node, size), times, failures.getOrDefault(node, new LongAdder())));
        failures.forEach(
                (node, count) -> curves.add(Metric.FAILURES, node.contender().name(), size, Samples.of(count.sum())));
        times(
                Metric.RATE,
                nodes,
                size,
                1,
                (node, _) -> node.probe().rate(targets(node, size), THREADS, RATE_NANOSECONDS));
        established(Metric.ROUND_TRIP, Metric.DIRECT_ROUND_TRIP, 1, nodes, size);
        established(Metric.EXCHANGE, Metric.DIRECT_EXCHANGE, 64 * 1024, nodes, size);
    }

    private void established(Metric metric, Metric direct, int bytes, List<ProxiedNode> nodes, int size)
            throws Exception {
        int each = effort.connections() / ROUNDS;
        times(
                metric,
                nodes,
                size,
                each,
                (node, times) -> node.probe().roundTrips(node.target(ClusterObjects.ECHO), bytes, times));
        times(
                direct,
                nodes,
                size,
                each,
                (node, times) -> node.probe().roundTrips(ProxiedNode.endpoint(ClusterObjects.ECHO), bytes, times));
    }

    private interface Source {
        Samples take(ProxiedNode node, int times) throws Exception;
    }

    /** In turns, so that other load on the machine affects all nodes alike. */
    private void times(Metric metric, List<ProxiedNode> nodes, int size, int each, Source source) throws Exception {
        Turns turns = new Turns(ROUNDS, each);
        nodes.forEach(node -> turns.add(node.contender().name(), times -> source.take(node, times)));
        turns.run().forEach((name, samples) -> {
            curves.add(metric, name, size, samples);
            report.add(new Figure(
                    size + " Services: " + name + ", "
                            + metric.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    samples,
                    metric.unit(),
                    metric.scale(),
                    Optional.empty(),
                    ""));
        });
    }

    /** Some Services, from the first to the last one; not the echo server's. */
    private static List<InetSocketAddress> targets(ProxiedNode node, int size) {
        return IntStream.range(0, PROBED)
                .map(i -> i == 0 ? ClusterObjects.CHANGED : size - 1 - (PROBED - 1 - i) * ((size - 2) / PROBED))
                .mapToObj(node::target)
                .toList();
    }
}
