package fyr.cli.status;

import fyr.agent.command.Format;
import fyr.agent.command.Output;
import fyr.agent.query.QueryClient;
import fyr.lab.cluster.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows what the agent of one node serves. */
@Command(
        name = "status",
        description = {
            "Shows what an agent serves: how fresh it is, what was refused, and what drifted.",
            "On a node this is the node's own agent. --node selects a node of a lab."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr status --node node2"})
public final class NodeStatusCommand implements Callable<Integer> {

    @Option(names = "--node", paramLabel = "NODE", description = "A node of a lab.")
    private @Nullable String node;

    @Option(
            names = "--lab",
            paramLabel = "NAME",
            defaultValue = "fyr",
            description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    private String lab = "fyr";

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/fyr",
            description = "Directory of the agent's sockets (default: ${DEFAULT-VALUE}).")
    private Path runDirectory = Path.of("");

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Shows this table of the kernel instead, and how it differs from the plan.")
    private @Nullable String table;

    @Option(names = "--plan", description = "With --table: shows what is planned instead of what the kernel holds.")
    private boolean plan;

    @Option(
            names = "--events",
            description = "Shows the latest observations of the agent instead: changes, repairs, refusals, requests.")
    private boolean events;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        JsonNode document = QueryClient.get(socket(), path());
        System.out.print(output.format() == Format.JSON ? document.toPrettyString() + "\n" : text(document));
        return 0;
    }

    private Path socket() {
        Path home = Optional.ofNullable(node)
                .map(name -> Lab.named(lab).directory().node(existing(name)).resolve("run"))
                .orElse(runDirectory);
        return home.resolve("agent.sock");
    }

    private String existing(String name) {
        if (name.contains("/") || !Files.isDirectory(Lab.named(lab).directory().node(name))) {
            throw new IllegalArgumentException("lab " + lab + " has no node " + name + "; see: fyr lab status");
        }
        return name;
    }

    private String path() {
        return Optional.ofNullable(table)
                .map(name -> (plan ? "/v1/plan/" : "/v1/tables/") + name)
                .orElse(events ? "/v1/observations" : "/v1/status");
    }

    private String text(JsonNode document) {
        if (table != null) {
            return TableText.of(document);
        }
        return events ? EventText.of(document.path("observations")) : StatusText.of(document);
    }
}
