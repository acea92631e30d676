package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.InWorld;
import fyr.bench.figures.Machine;
import fyr.bench.figures.Report;
import fyr.bench.figures.Samples;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.LabOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "agent",
        description =
                "Measures memory and processor time of idle agents in a lab of its own, and the memory that each pod and endpoint of a cluster takes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr bench agent --nodes 1"})
final class AgentCommand implements Callable<Integer> {

    private static final String LAB = "bench-agent";
    private static final String AGENT = "fyr.agent/fyr.agent.command.AgentMain";
    private static final double TICKS = 100; // USER_HZ of all architectures that Fyr runs on

    @Mixin
    private InWorld world = new InWorld();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of nodes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Seconds to wait before the measurement (default: ${DEFAULT-VALUE}).")
    private int settle;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Seconds to measure (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "150000",
            description = "Pods whose memory in an agent is measured (default: ${DEFAULT-VALUE}).")
    private int pods;

    @Option(
            names = "--endpoints",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Endpoints whose memory in an agent is measured (default: ${DEFAULT-VALUE}).")
    private int endpoints;

    @Override
    public Integer call() throws Exception {
        world.require("--nodes", nodes, 1, 200);
        world.require("--pods", pods, 1, 1_000_000);
        world.require("--endpoints", endpoints, 1, 1_000_000);
        world.require("--settle", settle, 0, 3600);
        world.require("--seconds", seconds, 1, 3600);
        return world.here(nodes + " idle agents in a lab", report -> {
            ObjectMemory.measure(report, pods, endpoints);
            Lab.up(LAB, new LabOptions(nodes, 1, LabOptions.ControlPlane.EMBEDDED), _ -> {});
            try {
                measure(report, agents());
            } finally {
                Lab.down(LAB);
            }
        });
    }

    /** The processes of the lab's agents; a lab's own processes are seen from outside. */
    private static List<ProcessHandle> agents() {
        String home = Lab.named(LAB).directory().path().toString();
        List<ProcessHandle> agents = ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains("\0" + AGENT + "\0")
                        && commandLine(process).contains(home))
                .filter(process -> commandLine(process).contains("java\0"))
                .toList();
        if (agents.isEmpty()) {
            throw new IllegalStateException("no agent of lab '" + LAB + "' runs");
        }
        return agents;
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return java.nio.file.Files.readString(
                    Path.of("/proc/" + process.pid() + "/cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (java.io.IOException gone) {
            return "";
        }
    }

    private void measure(Report report, List<ProcessHandle> agents) throws InterruptedException {
        Thread.sleep(settle * 1000L);
        long[] before = agents.stream().mapToLong(AgentCommand::ticks).toArray();
        Thread.sleep(seconds * 1000L);
        long[] after = agents.stream().mapToLong(AgentCommand::ticks).toArray();
        List<Long> cores = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            cores.add(Math.round((after[i] - before[i]) / TICKS / seconds * 1e6));
        }
        report.add(memory("resident set (VmRSS)", agents, "VmRSS", "<= 100 MiB wanted"));
        report.add(memory(
                "of that not of files (RssAnon)", agents, "RssAnon", "the rest is shared by all agents of a machine"));
        report.add(memory("most ever resident (VmHWM)", agents, "VmHWM", ""));
        report.add(new Figure(
                "cores used, " + seconds + " s without work",
                Samples.of(cores.stream().mapToLong(Long::longValue).toArray()),
                "",
                1e6,
                java.util.Optional.empty(),
                "<= 0.01 wanted"));
        report.add(new Figure("threads", samples(agents, "Threads"), "", 1, java.util.Optional.empty(), ""));
        report.remark("flags: " + flags(agents.getFirst()));
        report.remark("busiest threads: " + threads(agents.getFirst()));
    }

    private static Figure memory(String name, List<ProcessHandle> agents, String field, String note) {
        return new Figure(name, samples(agents, field), "MiB", 1024, java.util.Optional.empty(), note);
    }

    private static Samples samples(List<ProcessHandle> agents, String field) {
        return Samples.of(agents.stream()
                .mapToLong(agent -> Machine.kilobytes(Long.toString(agent.pid()), field))
                .toArray());
    }

    private static String flags(ProcessHandle agent) {
        return Stream.of(commandLine(agent).split("\0"))
                .filter(word -> word.startsWith("-X") || word.startsWith("@"))
                .collect(Collectors.joining(" "));
    }

    /** User and system time of a process or thread, fields 14 and 15 of its stat (proc(5)). */
    private static long ticks(ProcessHandle process) {
        return ticks("/proc/" + process.pid() + "/stat");
    }

    private static long ticks(String file) {
        String[] fields = Machine.read(file).replaceFirst(".*\\) ", "").split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** Names and processor seconds since the start. */
    private static String threads(ProcessHandle agent) {
        Path tasks = Path.of("/proc/" + agent.pid() + "/task");
        try (Stream<Path> each = java.nio.file.Files.list(tasks)) {
            return each.sorted((one, other) -> Long.compare(ticks(other + "/stat"), ticks(one + "/stat")))
                    .limit(8)
                    .map(task -> Machine.read(task + "/comm")
                            + String.format(Locale.ROOT, " %.2f s", ticks(task + "/stat") / TICKS))
                    .collect(Collectors.joining(", "));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
