package fyr.cli.lab;

import fyr.agent.command.Output;
import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.Kind;
import fyr.lab.cluster.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "get",
        description = "Lists objects of a kind.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab get pods -n shop", "         fyr lab get services -o json"})
final class GetCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = "Kind of the objects, for example pods, svc, networkpolicies or nodes.")
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Name of a single object.")
    private Optional<String> name = Optional.empty();

    @Option(names = "-n", paramLabel = "NAMESPACE", description = "Namespace of the objects (default: all namespaces).")
    private Optional<String> namespace = Optional.empty();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        try (ApiClient client = which.client()) {
            Objects objects = new Objects(client);
            Kind meant = objects.kind(kind);
            Optional<String> where = name.isPresent() ? Optional.of(namespace.orElse("default")) : namespace;
            List<JsonNode> found = objects.get(meant, where, name);
            if (found.isEmpty()) {
                namespace.filter(_ -> meant.namespaced()).ifPresent(objects::requireNamespace);
            }
            switch (output.format()) {
                case JSON ->
                    System.out.println(
                            name.isPresent()
                                    ? found.getFirst().toPrettyString()
                                    : "[" + String.join(",\n", texts(found)) + "]");
                case TEXT -> System.out.print(Columns.of(meant, found));
            }
            return 0;
        }
    }

    private static List<String> texts(List<JsonNode> objects) {
        List<String> texts = new ArrayList<>();
        objects.forEach(object -> texts.add(object.toPrettyString()));
        return texts;
    }
}
