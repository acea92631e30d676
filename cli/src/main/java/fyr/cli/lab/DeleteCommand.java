package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifest;
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
        description = {
            "Deletes the objects of manifests, or objects by kind and name.",
            "Exits with 1 if an object could not be deleted, if a named object does not exist, or if no object of the manifests exists."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab delete -f examples/shop", "         fyr lab delete -n shop deployment frontend"
        })
final class DeleteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(names = "-f", paramLabel = "PATH", description = "File or folder of manifests. May be repeated.")
    private List<Path> manifests = List.of();

    @Option(
            names = "-n",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of the objects (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Parameters(
            arity = "0..*",
            paramLabel = "KIND NAME",
            description = "Kind and name of the objects, for example: service frontend")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        if (manifests.isEmpty() ? words.size() < 2 : !words.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say what to delete: -f PATH, or KIND NAME...");
        }
        List<Manifest> objects = ManifestFiles.read(manifests, "nothing was deleted");
        try (ApiClient client = which.client()) {
            Objects all = new Objects(client);
            if (!manifests.isEmpty()) {
                Objects.Outcome outcome = all.delete(objects, namespace, System.out::println);
                return outcome.failed() == 0 && outcome.done() > 0 ? 0 : 1;
            }
            return delete(all, all.kind(words.getFirst())) ? 0 : 1;
        }
    }

    private boolean delete(Objects all, Kind kind) {
        boolean every = true;
        for (String name : words.subList(1, words.size())) {
            String what = all.delete(kind, Optional.of(namespace), name);
            every &= what.equals(Objects.DELETED);
            System.out.println(words.getFirst() + "/" + name + " " + what);
        }
        return every;
    }
}
