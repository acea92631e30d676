package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifest;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.LabException;
import fyr.lab.cluster.LabOptions;
import fyr.lab.cluster.Objects;
import fyr.lab.cluster.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = {
            "Starts a lab and waits until its nodes are ready. With -f, also waits until the pods of the manifests run.",
            "Exits with 1 if an object was refused or if pods do not run in time; it names these pods with the reasons. The lab is up in both cases."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab up --nodes 4 --subnets 2 -f examples/shop"})
final class UpCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of nodes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--subnets",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of subnets that the nodes are distributed over (default: ${DEFAULT-VALUE}).")
    private int subnets;

    @Option(names = "-f", paramLabel = "PATH", description = "File or folder of manifests to apply. May be repeated.")
    private List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Seconds to wait for the pods of the manifests; 0 does not wait (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--control-plane",
            paramLabel = "WHICH",
            defaultValue = "embedded",
            description =
                    "Control plane: embedded, or kubernetes (the real programs, from $$FYR_PEERS) (default: ${DEFAULT-VALUE}).")
    private LabOptions.ControlPlane controlPlane = LabOptions.ControlPlane.EMBEDDED;

    @Option(
            names = "--families",
            paramLabel = "WHICH",
            defaultValue = "dual",
            description =
                    "Address families of pods and Services: dual, or ipv4 (only with the embedded control plane) (default: ${DEFAULT-VALUE}).")
    private LabOptions.Families families = LabOptions.Families.DUAL;

    @Option(
            names = "--zones",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Number of zones that the nodes are distributed over: zone-a, zone-b and so on. 0 makes each subnet a zone (default: ${DEFAULT-VALUE}).")
    private int zones;

    @Option(
            names = "--service-mode",
            paramLabel = "MODE",
            defaultValue = "nftables",
            description = "What agents serve Services with: nftables, iptables or ipvs (default: ${DEFAULT-VALUE}).")
    private LabOptions.ServiceMode serviceMode = LabOptions.ServiceMode.NFTABLES;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (families != LabOptions.Families.DUAL && controlPlane != LabOptions.ControlPlane.EMBEDDED) {
            throw new ParameterException(spec.commandLine(), "--families ipv4 needs --control-plane embedded");
        }
        refuseUnknownMode();
        List<Manifest> objects = ManifestFiles.read(manifests, "no lab was started");
        Lab lab = Lab.up(
                which.name(),
                new LabOptions(nodes, subnets, zones, controlPlane, families, serviceMode),
                System.err::println);
        String option = which.name().equals("fyr") ? "" : " --name " + which.name();
        System.out.println("lab '" + which.name() + "' is up: fyr lab status" + option + " | exec" + option
                + " POD -- CMD | down" + option);
        System.out.println("export KUBECONFIG=" + lab.directory().kubeconfig());
        if (objects.isEmpty()) {
            return 0;
        }
        int applied = Applying.apply(which, objects, "default");
        return awaitPods() ? applied : 1;
    }

    /** An agent without the option has only the default. */
    private void refuseUnknownMode() {
        List<String> known = Optional.ofNullable(spec.root().subcommands().get("agent"))
                .flatMap(agent ->
                        Optional.ofNullable(agent.getCommandSpec().optionsMap().get("--service-mode")))
                .map(option -> Stream.of(option.auxiliaryTypes()[0].getEnumConstants()) // its type is Optional
                        .map(mode -> mode.toString().toLowerCase(Locale.ROOT))
                        .toList())
                .orElse(List.of("nftables"));
        String wanted = serviceMode.name().toLowerCase(Locale.ROOT);
        if (!known.contains(wanted)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--service-mode " + wanted + ": the agent of this version serves Services with "
                            + String.join(" or ", known) + " only");
        }
    }

    /** Whether all pods run in time; if not, prints which do not. */
    private boolean awaitPods() {
        try (ApiClient client = which.client()) {
            Workloads workloads = new Workloads(new Objects(client));
            long end = System.nanoTime() + Duration.ofSeconds(patience).toNanos();
            List<String> missing = patience <= 0 ? List.of() : workloads.missing();
            while (!missing.isEmpty() && System.nanoTime() < end) {
                Thread.sleep(POLL);
                missing = workloads.missing();
            }
            if (!missing.isEmpty()) {
                System.err.println("not everything runs after " + patience + " s:");
                missing.forEach(line -> System.err.println("  " + line));
            }
            return missing.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted");
        }
    }
}
