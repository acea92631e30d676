package fyr.cli.lab;

import fyr.agent.command.Output;
import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.Kind;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.Objects;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "status",
        description = "Shows the state of a lab and where its files are.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab status --name second"})
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Lab lab = which.running();
        try (ApiClient client = which.client()) {
            Objects objects = new Objects(client);
            Kind node = objects.kind("nodes");
            List<JsonNode> nodes = objects.get(node, Optional.empty(), Optional.empty());
            List<JsonNode> pods = objects.get(objects.kind("pods"), Optional.empty(), Optional.empty());
            System.out.print(
                    switch (output.format()) {
                        case TEXT -> lab.command("status") + Columns.of(node, nodes) + text(lab, pods);
                        case JSON -> json(lab, nodes, pods).toPrettyString() + "\n";
                    });
        }
        return 0;
    }

    private static String text(Lab lab, List<JsonNode> pods) {
        return pods.size() + " pods, " + running(pods) + " running\n"
                + "files       " + lab.directory().path() + "\n"
                + "kubeconfig  " + lab.directory().kubeconfig() + "\n";
    }

    private static JsonNode json(Lab lab, List<JsonNode> nodes, List<JsonNode> pods) {
        ObjectNode status = JsonMapper.shared().createObjectNode();
        status.put("name", lab.directory().name())
                .put("files", lab.directory().path().toString())
                .put("kubeconfig", lab.directory().kubeconfig().toString())
                .put("pods", pods.size())
                .put("podsRunning", running(pods));
        ArrayNode agents = status.putArray("agents");
        lab.command("status").lines().forEach(agents::add);
        ArrayNode names = status.putArray("nodes");
        nodes.forEach(node -> names.add(node.path("metadata").path("name")));
        return status;
    }

    private static long running(List<JsonNode> pods) {
        return pods.stream()
                .filter(pod -> pod.path("status").path("phase").asString("").equals("Running"))
                .count();
    }
}
