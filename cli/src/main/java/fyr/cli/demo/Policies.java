package fyr.cli.demo;

import fyr.cli.demo.Section.Row;
import fyr.cli.lab.CheckCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The article's policies, one after the other: the expected result for every pair of pods, compared with real packets. */
final class Policies {

    private final DemoLab lab;
    private final Map<String, JsonNode> stages = new LinkedHashMap<>();

    Policies(DemoLab lab) {
        this.lab = lab;
    }

    /** Checks all pairs under a policy that was just applied. */
    void stage(String title) {
        stages.put(title, lab.check("*", "*"));
    }

    void stage(String title, Path policy) {
        lab.apply(policy);
        stage(title);
    }

    /** Stage by stage, over all pairs of pods. */
    Section everywhere() {
        List<Row> rows = new ArrayList<>();
        stages.forEach((title, results) -> {
            long differ = results.valueStream()
                    .filter(result -> !CheckCommand.holds(result))
                    .count();
            long denied = results.valueStream()
                    .filter(result -> result.path("expected").asString().equals("deny"))
                    .count();
            rows.add(Row.of(
                    differ == 0 && !results.isEmpty(),
                    title,
                    Integer.toString(results.size()),
                    Long.toString(denied),
                    Long.toString(differ)));
        });
        return new Section(
                "Policies hold, from pods, nodes and outside",
                List.of("POLICIES", "PROBES", "EXPECTED DENIED", "DIFFER"),
                rows);
    }

    /** Who reaches the database, expected / observed, stage by stage. */
    Section database() {
        Map<String, List<String>> cells = new TreeMap<>();
        Map<String, Boolean> holds = new TreeMap<>();
        stages.forEach((title, results) -> bySource(results).forEach((source, some) -> {
            cells.computeIfAbsent(source, _ -> new ArrayList<>())
                    .add(words(some, "expected") + " / " + words(some, "observed"));
            holds.merge(source, some.stream().allMatch(CheckCommand::holds), Boolean::logicalAnd);
        }));
        List<String> head = new ArrayList<>(List.of("FROM"));
        stages.keySet().forEach(title -> head.add(title.toUpperCase(java.util.Locale.ROOT)));
        List<Row> rows = cells.entrySet().stream()
                .map(entry -> {
                    List<String> row = new ArrayList<>(List.of(entry.getKey()));
                    row.addAll(entry.getValue());
                    return new Row(
                            holds.getOrDefault(entry.getKey(), false)
                                    && differsAsItShould(entry.getKey(), entry.getValue()),
                            row);
                })
                .toList();
        return new Section("Who reaches the database (expected / observed)", head, rows);
    }

    private static Map<String, List<JsonNode>> bySource(JsonNode results) {
        return results.valueStream()
                .filter(result -> result.path("to").asString().startsWith("backend-secure/database-"))
                .filter(result -> result.path("declared").asBoolean())
                .filter(result -> !result.path("from").asString().startsWith("node:"))
                .collect(Collectors.groupingBy(
                        result -> result.path("from").asString().replaceAll("-[a-z0-9]+-[a-z0-9]{5}$|-\\d$", ""),
                        TreeMap::new,
                        Collectors.toList()));
    }

    private static String words(List<JsonNode> results, String field) {
        List<String> words = results.stream()
                .map(result -> result.path(field).asString())
                .distinct()
                .sorted()
                .toList();
        return String.join("+", words);
    }

    /** The last two columns, AND and OR, must differ for the pods that the mistake lets in. */
    private static boolean differsAsItShould(String source, List<String> cells) {
        boolean same = cells.get(cells.size() - 1).equals(cells.get(cells.size() - 2));
        return switch (source) {
            case "shop/checkout", "shop/payments", "backend-secure/reporting" -> !same;
            default -> same;
        };
    }
}
