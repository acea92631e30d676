package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.lab.cluster.Lab;
import fyr.lab.cluster.Objects;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        description = "Says how a lab is, and where its files are.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab status --name second"})
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Override
    public Integer call() {
        Lab lab = which.running();
        System.out.print(lab.command("status"));
        try (ApiClient client = which.client()) {
            Objects objects = new Objects(client);
            System.out.print(Columns.of(
                    objects.kind("nodes"), objects.get(objects.kind("nodes"), Optional.empty(), Optional.empty())));
            List<JsonNode> pods = objects.get(objects.kind("pods"), Optional.empty(), Optional.empty());
            long running = pods.stream()
                    .filter(pod -> pod.path("status").path("phase").asString("").equals("Running"))
                    .count();
            System.out.println(pods.size() + " pods, " + running + " running");
        }
        System.out.println("files       " + lab.directory().path());
        System.out.println("kubeconfig  " + lab.directory().kubeconfig());
        return 0;
    }
}
