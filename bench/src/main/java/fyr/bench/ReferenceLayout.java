package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.bench.figures.Stopwatch;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The layout of kube-proxy's nftables mode, loaded by {@code nft -f} as kube-proxy does: a chain with an inline map for each service and a
 * chain for each endpoint, found through one map of all services. One family only.
 */
record ReferenceLayout(NetworkNamespace node, int services, int endpoints) {

    private static final int CHANGES = 30;

    /** Whether there is such a program on this machine. */
    static Optional<Path> nft() {
        return Stream.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Figures beside those of ours, which were for both families. */
    void measure(Report report, Samples ours, int ourServices, Samples ourChange) throws Exception {
        if (nft().isEmpty()) {
            report.remark("baseline not run: nft is not installed");
            return;
        }
        Samples load = Stopwatch.once(_ -> run(table()));
        double perService = (double) ours.median() / ourServices / ((double) load.median() / services);
        report.add(Figure.milliseconds(
                "baseline: nft -f, kube-proxy's layout, IPv4",
                load,
                services + " services; IPv4 and IPv6 of ours cost " + String.format(Locale.ROOT, "%.2f", perService)
                        + " of it per service"));
        Samples change = Stopwatch.time(3, CHANGES, number -> run(change(number % services, number)));
        report.add(Figure.milliseconds(
                "baseline: one endpoint changed, nft -f",
                change,
                "ours is " + String.format(Locale.ROOT, "%.3f", (double) ourChange.median() / change.median())
                        + " of it"));
    }

    private void run(String rules) throws IOException, InterruptedException {
        load(node, rules.getBytes(StandardCharsets.US_ASCII));
    }

    /** Has nft load this. */
    static void load(NetworkNamespace node, byte[] rules) throws IOException, InterruptedException {
        Process process =
                start(node, new ProcessBuilder(nft().orElseThrow().toString(), "-f", "-").redirectErrorStream(true));
        process.getOutputStream().write(rules);
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.waitFor() != 0) {
            throw new IOException(
                    "nft refused the baseline: " + said.lines().findFirst().orElse(""));
        }
    }

    /** The JDK forks it from the calling thread, which is in the namespace. */
    private static Process start(NetworkNamespace node, ProcessBuilder builder) throws IOException {
        try {
            return node.call(builder::start);
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private String table() {
        String elements = IntStream.range(0, services)
                .mapToObj(i -> ServiceCluster.clusterIp(i) + " . tcp . " + ServiceCluster.PORT + " : goto service-" + i)
                .collect(Collectors.joining(", "));
        String chains = IntStream.range(0, services).mapToObj(this::chains).collect(Collectors.joining());
        return "table ip reference {\n" + chains
                + "map services {\ntype ipv4_addr . inet_proto . inet_service : verdict\nelements = { "
                + elements + " }\n}\n"
                + "chain lookup {\nip daddr . meta l4proto . th dport vmap @services\n}\n"
                + "chain prerouting { type nat hook prerouting priority -90; jump lookup\n}\n}\n";
    }

    private String chains(int service) {
        String each = IntStream.range(0, endpoints)
                .mapToObj(number -> endpoint(service, number))
                .collect(Collectors.joining());
        return each + "chain service-" + service + " {\n" + choice(service) + "\n}\n";
    }

    private static String endpoint(int service, int number) {
        return "chain endpoint-" + service + "-" + number + " {\nmeta l4proto tcp dnat to "
                + ServiceCluster.endpoint(service, number) + ":" + RoutedPair.PORT + "\n}\n";
    }

    private String choice(int service) {
        return "numgen random mod " + endpoints + " vmap { "
                + IntStream.range(0, endpoints)
                        .mapToObj(n -> n + " : goto endpoint-" + service + "-" + n)
                        .collect(Collectors.joining(", "))
                + " }";
    }

    private String change(int service, int generation) {
        return "flush chain ip reference endpoint-" + service + "-0\nadd rule ip reference endpoint-" + service
                + "-0 meta l4proto tcp dnat to " + ServiceCluster.endpoint(service, 32 + generation % 32) + ":"
                + RoutedPair.PORT + "\n";
    }
}
