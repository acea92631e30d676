package fyr.cli.lab;

import fyr.agent.command.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "check",
        description = {
            "Sends packets and compares the results with the policies.",
            "Sources are all pods (NAMESPACE/POD, including host-network pods), all nodes (node:NAME) and a host outside the cluster (outside). "
                    + "Destinations are every declared port and one undeclared TCP port of every pod, every Service (service:NAMESPACE/NAME) and "
                    + "the cluster's DNS (dns), in each address family; from outside, only node ports and DNS. The expected result is 'either' "
                    + "if it depends on the endpoint that is chosen. Exits with 1 if a result differs from the expected one, if a pod sees a "
                    + "source address that is not its client's, or if --from or --to selects nothing."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab check --to 'backend-secure/*' -o json"})
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Option(
            names = "--from",
            paramLabel = "NAME",
            defaultValue = "*",
            description = "Sources to test; * matches any characters (default: all).")
    private String from = "*";

    @Option(
            names = "--to",
            paramLabel = "NAME",
            defaultValue = "*",
            description = "Destinations to test; * matches any characters (default: all).")
    private String to = "*";

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        String json = which.running().check(from, to);
        JsonNode results = new JsonMapper().readTree(json);
        switch (output.format()) {
            case JSON -> System.out.println(json);
            case TEXT -> System.out.print(table(results));
        }
        return results.valueStream().allMatch(CheckCommand::holds) ? 0 : 1;
    }

    /** Whether the observed result is the expected one. */
    public static boolean holds(JsonNode result) {
        return result.path("holds").asBoolean();
    }

    static String table(JsonNode results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FROM", "TO", "ADDRESS", "PORT", "EXPECTED", "OBSERVED", "", "BECAUSE"));
        results.valueStream()
                .forEach(result -> rows.add(List.of(
                        result.path("from").asString(),
                        result.path("to").asString(),
                        result.path("address").asString(),
                        result.path("port").asString() + "/"
                                + result.path("protocol").asString()
                                + (result.path("declared").asBoolean() ? "" : " (undeclared)"),
                        result.path("expected").asString(),
                        result.path("observed").asString(),
                        holds(result) ? "" : "DIFFERS",
                        result.path("because").asString())));
        long differ = results.valueStream().filter(result -> !holds(result)).count();
        return Columns.text(rows) + withoutUndeclared(results) + results.size() + " probes, " + differ + " differ\n";
    }

    /** Returns a line that names the pods that were probed only at their declared ports. */
    private static String withoutUndeclared(JsonNode results) {
        Set<String> pods = new TreeSet<>();
        results.valueStream()
                .map(result -> result.path("to").asString())
                .filter(to -> to.contains("/") && !to.contains(":"))
                .forEach(pods::add);
        results.valueStream()
                .filter(result -> !result.path("declared").asBoolean())
                .forEach(result -> pods.remove(result.path("to").asString()));
        return pods.isEmpty()
                ? ""
                : "no undeclared port was asked of " + String.join(", ", pods) + ": none that is tried is free there\n";
    }
}
