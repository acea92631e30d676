package fyr.cli.lab;

import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.Manifests;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.LabOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts a lab and waits until its nodes are ready.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab up --nodes 4 --subnets 2 -f examples/shop"})
final class UpCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many nodes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--subnets",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many subnets the nodes are dealt to (default: ${DEFAULT-VALUE}).")
    private int subnets;

    @Option(names = "-f", paramLabel = "PATH", description = "Manifests to apply: files or folders; may be repeated.")
    private List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--control-plane",
            paramLabel = "WHICH",
            defaultValue = "embedded",
            description = "embedded, or kubernetes: the real one, from $$FYR_PEERS (default: ${DEFAULT-VALUE}).")
    private LabOptions.ControlPlane controlPlane = LabOptions.ControlPlane.EMBEDDED;

    @Override
    public Integer call() {
        List<Manifest> objects = manifests.stream()
                .flatMap(path -> Manifests.read(path).stream())
                .toList();
        Lab lab = Lab.up(which.name(), new LabOptions(nodes, subnets, controlPlane), System.err::println);
        String option = which.name().equals("fyr") ? "" : " --name " + which.name();
        System.out.println("lab '" + which.name() + "' is up: fyr lab status" + option + " | exec" + option
                + " POD -- CMD | down" + option);
        System.out.println("export KUBECONFIG=" + lab.directory().kubeconfig());
        return objects.isEmpty() ? 0 : Applying.apply(which, objects, "default");
    }
}
