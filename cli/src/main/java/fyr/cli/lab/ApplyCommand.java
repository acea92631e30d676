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
            "Creates or updates objects from YAML or JSON manifests.",
            "If a file cannot be read, nothing is applied. Otherwise each object is applied or refused independently of the others. Objects of "
                    + "unknown kinds are skipped, except policies, which are refused. Exits with 1 if an object was refused or if nothing was "
                    + "applied."
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
            description = "File or folder of manifests. May be repeated.")
    private List<Path> manifests = List.of();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of objects whose manifest does not name one (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Override
    public Integer call() {
        return Applying.apply(which, ManifestFiles.read(manifests, "nothing was applied"), namespace);
    }
}
