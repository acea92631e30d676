package fyr.cli.lab;

import fyr.agent.command.Output;
import fyr.lab.cluster.Lab;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

@Command(
        name = "list",
        description = "Lists the labs of the current user.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab list"})
final class ListCommand implements Callable<Integer> {

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        switch (output.format()) {
            case TEXT -> text();
            case JSON -> System.out.println(json().toPrettyString());
        }
        return 0;
    }

    private static JsonNode json() {
        ArrayNode labs = JsonMapper.shared().createArrayNode();
        for (Lab lab : Lab.all()) {
            labs.addObject()
                    .put("name", lab.directory().name())
                    .put("up", lab.isRunning())
                    .put("kubeconfig", lab.directory().kubeconfig().toString());
        }
        return labs;
    }

    private static void text() {
        for (Lab lab : Lab.all()) {
            System.out.println(lab.directory().name() + "  "
                    + (lab.isRunning()
                            ? "up"
                            : "ended; remove it with: fyr lab down --name "
                                    + lab.directory().name()) + "  "
                    + lab.directory().kubeconfig());
        }
    }
}
