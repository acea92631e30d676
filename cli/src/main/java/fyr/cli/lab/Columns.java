package fyr.cli.lab;

import fyr.lab.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Objects as a table. */
public final class Columns {

    private Columns() {}

    static String of(Kind kind, List<JsonNode> objects) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(kind));
        objects.forEach(object -> rows.add(row(kind, object)));
        return text(rows);
    }

    private static List<String> head(Kind kind) {
        return switch (kind.plural()) {
            case "pods" -> List.of("NAMESPACE", "NAME", "STATUS", "READY", "NODE", "ADDRESSES");
            case "services" -> List.of("NAMESPACE", "NAME", "TYPE", "ADDRESSES", "PORTS");
            case "nodes" -> List.of("NAME", "READY", "ADDRESSES", "PODS FROM");
            case "deployments", "replicasets", "statefulsets", "daemonsets", "jobs" ->
                List.of("NAMESPACE", "NAME", "READY");
            default -> kind.namespaced() ? List.of("NAMESPACE", "NAME") : List.of("NAME");
        };
    }

    private static List<String> row(Kind kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        String name = object.path("metadata").path("name").asString();
        String namespace = object.path("metadata").path("namespace").asString("");
        return switch (kind.plural()) {
            case "pods" ->
                List.of(
                        namespace,
                        name,
                        phase(object),
                        ready(status),
                        spec.path("nodeName").asString("-"),
                        each(status.path("podIPs"), "ip"));
            case "services" ->
                List.of(namespace, name, spec.path("type").asString(), values(spec.path("clusterIPs")), ports(spec));
            case "nodes" ->
                List.of(name, ready(status), each(status.path("addresses"), "address"), values(spec.path("podCIDRs")));
            case "deployments", "replicasets", "statefulsets" ->
                List.of(namespace, name, of(status.path("readyReplicas"), spec.path("replicas")));
            case "daemonsets" ->
                List.of(namespace, name, of(status.path("numberReady"), status.path("desiredNumberScheduled")));
            case "jobs" -> List.of(namespace, name, of(status.path("succeeded"), spec.path("completions")));
            default -> kind.namespaced() ? List.of(namespace, name) : List.of(name);
        };
    }

    private static String of(JsonNode ready, JsonNode wanted) {
        return ready.asInt(0) + "/" + wanted.asInt(1);
    }

    private static String phase(JsonNode pod) {
        return pod.path("metadata").hasNonNull("deletionTimestamp")
                ? "Terminating"
                : pod.path("status").path("phase").asString("-");
    }

    private static String ready(JsonNode status) {
        return stream(status.path("conditions"))
                .filter(condition -> condition.path("type").asString().equals("Ready"))
                .map(condition -> condition.path("status").asString().equals("True") ? "yes" : "no")
                .findFirst()
                .orElse("no");
    }

    private static String ports(JsonNode spec) {
        return stream(spec.path("ports"))
                .map(port -> port.path("port").asString() + "/"
                        + port.path("protocol").asString("TCP"))
                .collect(Collectors.joining(" "));
    }

    private static String each(JsonNode array, String field) {
        return stream(array).map(element -> element.path(field).asString()).collect(Collectors.joining(" "));
    }

    private static String values(JsonNode array) {
        return stream(array).map(JsonNode::asString).collect(Collectors.joining(" "));
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Cells as aligned columns, a line for each row. */
    public static String text(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> row.get(column)
                                + " ".repeat(widths[column] - row.get(column).length()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
