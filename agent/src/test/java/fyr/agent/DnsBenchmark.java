package fyr.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Cluster DNS twice and, if there is one at {@code ${FYR_PEERS:-~/.cache/fyr-peers}/coredns}, CoreDNS, each in a process of its own on loopback,
 * asked the same by {@code dnsperf} in turn. The figure to compare is answers per second of the server's processor time: on a shared machine
 * wall time says little.
 *
 * <p>Fyr runs as its agent does, with {@code java.args} and {@code agent.args} of {@code target/fyr} (the first compiler alone, the serial
 * collector) and the agent's metrics; and once more with both compilers, to see what the second is worth and what memory it takes.
 *
 * <p>CoreDNS runs with its own defaults of Go and this Corefile, printed with its version: the zone {@code cluster.local} from a zone file in
 * memory ({@code file}) behind {@code cache 30}, counted by {@code prometheus}. That is less work than the {@code kubernetes} plugin makes,
 * whose answers its {@code cache} keeps in clusters, too; {@code errors}, {@code health}, {@code forward} and {@code loop} are left out.
 *
 * <pre>java -cp agent/target/test-classes fyr.agent.DnsBenchmark [seconds] [rounds]    (in the folder of the checkout, once built)</pre>
 */
final class DnsBenchmark {

    private static final double TICKS_PER_SECOND = 100; // USER_HZ, fixed on every architecture that Java runs on
    private static final int WARM_UP_SECONDS = 5;

    /** One that is asked. */
    private record Server(String name, Process process, int port) {}

    /** What one run measured. */
    private record Run(String server, long answers, double rate, double cpuSeconds, double latencyMillis, double lost) {

        double perCpuSecond() {
            return answers / cpuSeconds;
        }

        @Override
        public String toString() {
            return "%-8s %,9d answers, %,8.0f/s, server CPU %6.2f s, %,8.0f answers per CPU second, mean latency %.3f ms, lost %.2f %%"
                    .formatted(server, answers, rate, cpuSeconds, perCpuSecond(), latencyMillis, lost);
        }
    }

    private DnsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Path folder = Files.createTempDirectory("fyr-dns-benchmark");
        Path queries = Files.write(folder.resolve("queries"), queries());
        List<Server> servers = new ArrayList<>();
        try {
            servers.add(fyr("fyr C1", folder, List.of()));
            servers.add(fyr("fyr C2", folder, List.of("-XX:TieredStopAtLevel=4")));
            coredns()
                    .ifPresentOrElse(
                            program -> servers.add(coredns(program, folder)),
                            () -> System.out.println("no CoreDNS to compare with"));
            Thread.sleep(3000);
            for (Server server : servers) {
                measure(server, queries, WARM_UP_SECONDS);
            }
            report(servers, queries, seconds, rounds);
        } finally {
            for (Server server : servers) {
                server.process.destroy();
                server.process.waitFor();
            }
            for (String file : List.of("queries", "Corefile", "zone", "fyr C1.log", "fyr C2.log", "coredns.log")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private static void report(List<Server> servers, Path queries, int seconds, int rounds)
            throws IOException, InterruptedException {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                Run run = measure(server, queries, seconds);
                System.out.println(run);
                figures.computeIfAbsent(server.name, absent -> new ArrayList<>())
                        .add(run.perCpuSecond());
            }
        }
        List<Double> medians =
                figures.values().stream().map(DnsBenchmark::median).toList();
        System.out.printf(
                "median answers per CPU second: %s%n", figures.keySet().stream().toList());
        medians.forEach(median -> System.out.printf("%,10.0f%n", median));
        if (medians.size() == 3) {
            System.out.printf(
                    "ratios to coredns: C1 %.2f, C2 %.2f%n",
                    medians.get(0) / medians.get(2), medians.get(1) / medians.get(2));
        }
        for (Server server : servers) {
            System.out.printf("%-8s holds %,d KiB%n", server.name, residentKib(server.process.pid()));
        }
    }

    /** Resident memory (man 5 proc_pid_status). */
    private static long residentKib(long pid) throws IOException {
        return (long) number(Files.readString(Path.of("/proc/" + pid + "/status")), "VmRSS:\\s+(\\d+) kB");
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
    }

    /** What pods ask mostly: services, their missing IPv6 addresses, and what search lists make of external names. */
    private static List<String> queries() {
        return List.of(
                "web.shop.svc.cluster.local A",
                "web.shop.svc.cluster.local AAAA",
                "plain.shop.svc.cluster.local A",
                "plain.shop.svc.cluster.local AAAA",
                "www.example.com.shop.svc.cluster.local A",
                "www.example.com.shop.svc.cluster.local AAAA",
                "www.example.com.svc.cluster.local A",
                "www.example.com.svc.cluster.local AAAA",
                "www.example.com.cluster.local A",
                "www.example.com.cluster.local AAAA",
                "db-17.db.shop.svc.cluster.local A",
                "db-17.db.shop.svc.cluster.local AAAA");
    }

    private static Server fyr(String name, Path folder, List<String> more) throws IOException {
        int port = freePort();
        List<String> java = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "@target/fyr/java.args",
                "@target/fyr/agent.args",
                "-p",
                "target/fyr/agent",
                "-XX:SharedArchiveFile=target/fyr/agent.jsa",
                "--patch-module",
                "fyr.agent=agent/target/test-classes"));
        java.addAll(more);
        java.addAll(List.of("-m", "fyr.agent/" + BenchmarkServer.class.getName(), "" + port));
        return new Server(name, process(java, folder.resolve(name + ".log")), port);
    }

    private static Server coredns(Path program, Path folder) {
        try {
            int port = freePort();
            Path corefile = folder.resolve("Corefile");
            Files.write(folder.resolve("zone"), zone());
            Files.writeString(corefile, """
                    cluster.local:%d {
                        bind 127.0.0.1
                        prometheus 127.0.0.1:%d
                        cache 30
                        file %s
                    }
                    """.formatted(port, freePort(), folder.resolve("zone")));
            System.out.println(Files.readString(corefile));
            process(List.of(program.toString(), "-version"), folder.resolve("coredns.log"))
                    .waitFor();
            System.out.println(Files.readString(folder.resolve("coredns.log")));
            List<String> command = List.of(program.toString(), "-conf", corefile.toString());
            return new Server("coredns", process(command, folder.resolve("coredns.log")), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process process(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static Optional<Path> coredns() {
        Path peers = Optional.ofNullable(System.getenv("FYR_PEERS"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache/fyr-peers"));
        return Optional.of(peers.resolve("coredns")).filter(Files::isExecutable);
    }

    private static List<String> zone() {
        List<String> zone = new ArrayList<>(List.of(
                "$ORIGIN cluster.local.",
                "@ 5 IN SOA ns.dns hostmaster 1 7200 1800 86400 5",
                "@ 5 IN NS ns.dns",
                "ns.dns 5 IN A 10.96.0.10",
                "web.shop.svc 5 IN A 10.96.0.7",
                "web.shop.svc 5 IN AAAA fd00:96::7",
                "plain.shop.svc 5 IN A 10.96.0.8"));
        IntStream.range(0, 200).forEach(i -> zone.add("db-" + i + ".db.shop.svc 5 IN A 10.244.1." + i));
        return zone;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static Run measure(Server server, Path queries, int seconds) throws IOException, InterruptedException {
        double before = cpuSeconds(server.process.pid());
        Process dnsperf = new ProcessBuilder(
                        "dnsperf",
                        "-s",
                        "127.0.0.1",
                        "-p",
                        "" + server.port,
                        "-d",
                        queries.toString(),
                        "-l",
                        "" + seconds,
                        "-c",
                        "16",
                        "-q",
                        "64")
                .redirectErrorStream(true)
                .start();
        String text = new String(dnsperf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        dnsperf.waitFor();
        double cpu = cpuSeconds(server.process.pid()) - before;
        return new Run(
                server.name,
                (long) number(text, "Queries completed:\\s+(\\d+)"),
                number(text, "Queries per second:\\s+([\\d.]+)"),
                cpu,
                1000 * number(text, "Average Latency \\(s\\):\\s+([\\d.]+)"),
                number(text, "Queries lost:\\s+\\d+ \\(([\\d.]+)%\\)"));
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("dnsperf did not say " + pattern + ":\n" + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    /** User and system time of a process (man 5 proc_pid_stat, fields 14 and 15; the name in field 2 may hold spaces). */
    private static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
