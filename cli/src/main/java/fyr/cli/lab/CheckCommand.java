package fyr.cli.lab;

import fyr.cli.Output;
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
            "Tries with packets whether the policies hold, and whether services and names are reached.",
            "From every pod (NAMESPACE/POD) and node (node:NAME), host-network pods too, to every declared port of every pod and one",
            "that it does not declare, to every service (service:NAMESPACE/NAME) and the cluster's DNS (dns); from outside to node ports",
            "and DNS; in every family: what came of it beside what the policies say. Expected is 'either' where it depends on which",
            "endpoint is drawn. Ends with 1 if they differ anywhere, if a pod sees another address than its client's own, and if",
            "--from or --to selects nothing."
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
            description = "Only from those of this name; * stands for any characters.")
    private String from = "*";

    @Option(names = "--to", paramLabel = "NAME", defaultValue = "*", description = "Only to those of this name.")
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

    /** Whether what was observed is what was expected. */
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

    /** A line that names the pods that were asked at declared ports only. */
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
