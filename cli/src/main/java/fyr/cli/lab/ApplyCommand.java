package fyr.cli.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = {
            "Creates or changes objects from manifests, YAML or JSON.",
            "A file that cannot be read is found before anything is applied. Of what can be read, each object is applied or refused by itself;",
            "ends with 1 if any was refused, or if nothing was applied. Kinds that are unknown here are passed over, but for policies."
        },
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
        return Applying.apply(which, ManifestFiles.read(manifests, "nothing was applied"), namespace);
    }
}
