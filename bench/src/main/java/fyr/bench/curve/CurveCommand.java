package fyr.bench.curve;

import fyr.bench.figures.InWorld;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fyr bench services curve}. */
@Command(
        name = "curve",
        description = {
            "Measures programs that carry Services out side by side, at growing numbers of Services: Fyr's back ends and the real kube-proxy, "
                    + "with a real API server.",
            "Prints medians and, in brackets, the tenth and ninetieth percentile. scripts/peers builds the API server; scripts/peers "
                    + "kube-proxy builds kube-proxy. All sizes take about an hour."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr bench services curve --sizes 10,1000 --diagram curve.svg --raw curve.json"})
public final class CurveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private InWorld world = new InWorld();

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            defaultValue = "10,100,1000,5000,10000,30000,50000",
            description = "Numbers of Services (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--programs",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "none,fyr-nftables,fyr-iptables,kube-proxy-nftables,kube-proxy-iptables",
            description =
                    "What to measure: none, and fyr or kube-proxy with a mode, such as kube-proxy-ipvs (default: ${DEFAULT-VALUE}).")
    private List<String> programs = List.of();

    @Option(
            names = "--kube-proxy",
            paramLabel = "FILE",
            description = "The program kube-proxy (default: the one that scripts/peers built).")
    private Optional<Path> kubeProxy = Optional.empty();

    @Option(
            names = "--endpoints",
            paramLabel = "N",
            defaultValue = "2",
            description = "Endpoints of each Service and family, at most 32 (default: ${DEFAULT-VALUE}).")
    private int endpoints;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Number of changes to measure; of kube-proxy a tenth, because it waits a second after each (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4000",
            description = "Number of connections to measure, in turns (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long a program may take for its start (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--raw", paramLabel = "FILE", description = "Writes all samples to this file, as JSON.")
    private Optional<Path> raw = Optional.empty();

    @Option(names = "--diagram", paramLabel = "FILE", description = "Writes a diagram to this file, as SVG.")
    private Optional<Path> diagram = Optional.empty();

    @Override
    public Integer call() throws Exception {
        sizes.forEach(size -> world.require("--sizes", size, 10, 60_000));
        world.require("--sizes times --programs", sizes.size() * programs.size(), 1, 64);
        world.require("--endpoints", endpoints, 1, 32);
        world.require("--changes", changes, 10, 100_000);
        world.require("--connections", connections, 20, 1_000_000);
        world.require("--patience", patience, 1, 86_400);
        CurveRun.Effort effort = new CurveRun.Effort(sizes.stream().sorted().toList(), changes, connections, patience);
        List<Contender> contenders = contenders();
        return world.run(
                "Services carried out by " + String.join(", ", programs) + "; " + endpoints
                        + " endpoints each, both families",
                report -> {
                    CurveRun run = new CurveRun(report, contenders, effort);
                    run.measure(new ClusterObjects(endpoints), curves -> CurveFiles.write(curves, raw, diagram));
                });
    }

    private List<Contender> contenders() {
        Path program = kubeProxy.orElseGet(() -> Path.of(Optional.ofNullable(System.getenv("FYR_PEERS"))
                        .orElse(System.getProperty("user.home") + "/.cache/fyr-peers"))
                .resolve("kube-proxy"));
        try {
            return programs.stream().map(name -> Contender.parse(name, program)).toList();
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(command.commandLine(), "--programs " + unknown.getMessage());
        }
    }
}
