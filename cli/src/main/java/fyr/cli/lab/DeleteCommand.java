package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.Manifests;
import fyr.lab.cluster.Kind;
import fyr.lab.cluster.Objects;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "delete",
        description = "Deletes objects: those of manifests, or by kind and name.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab delete -f examples/shop", "         fyr lab delete -n shop deployment frontend"
        })
final class DeleteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(names = "-f", paramLabel = "PATH", description = "Files or folders of manifests; may be repeated.")
    private List<Path> manifests = List.of();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Parameters(arity = "0..*", paramLabel = "KIND NAME", description = "What to delete, for example: service frontend")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        if (manifests.isEmpty() ? words.size() < 2 : !words.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say what to delete: -f PATH, or KIND NAME...");
        }
        List<Manifest> objects = manifests.stream()
                .flatMap(path -> Manifests.read(path).stream())
                .toList();
        try (ApiClient client = which.client()) {
            Objects all = new Objects(client);
            if (!manifests.isEmpty()) {
                return all.delete(objects, namespace, System.out::println).failed() == 0 ? 0 : 1;
            }
            Kind kind = all.kind(words.getFirst());
            for (String name : words.subList(1, words.size())) {
                System.out.println(
                        words.getFirst() + "/" + name + " " + all.delete(kind, Optional.of(namespace), name));
            }
            return 0;
        }
    }
}
