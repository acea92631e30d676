package fyr.cli.lab;

import fyr.cluster.manifest.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = "Creates or changes objects from manifests.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab apply -f examples/shop -f policy.yaml"})
final class ApplyCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "-f",
            paramLabel = "PATH",
            required = true,
            description = "Files or folders of manifests; may be repeated.")
    private List<Path> manifests = List.of();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "For objects that name no namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Override
    public Integer call() {
        return Applying.apply(
                which,
                manifests.stream()
                        .flatMap(path -> Manifests.read(path).stream())
                        .toList(),
                namespace);
    }
}
