package fyr.cli.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The status of a node as text. */
final class StatusText {

    private StatusText() {}

    static String of(JsonNode status) {
        List<String> lines = new ArrayList<>();
        JsonNode health = status.path("health");
        lines.add(status.path("node").asString("") + "  "
                + (health.path("ready").asBoolean(false)
                        ? "ready"
                        : "not ready: " + health.path("reason").asString(""))
                + ", up " + time(status.path("upSeconds").asLong()));
        lines.add(row("API server", server(status)));
        JsonNode cluster = status.path("cluster");
        lines.add(row(
                "cluster",
                cluster.path("nodes").asInt() + " nodes, "
                        + cluster.path("services").asInt() + " services, "
                        + cluster.path("networkPolicies").asInt() + " network policies, "
                        + cluster.path("pods").asInt() + " pods known here"));
        JsonNode serves = status.path("serves");
        lines.add(row(
                "services",
                serves.path("services").asInt() + " with a virtual address, "
                        + serves.path("dnsNames").asInt() + " with a DNS name"));
        lines.add(row("kernel", tables(serves.path("tables"))));
        lines.add(row("pods", serves.path("pods").size() + " attached"));
        serves.path("pods").forEach(pod -> lines.add(row("", pod(pod))));
        lines.addAll(proxy(status.path("proxyConfiguration")));
        if (status.path("connections").isString()) {
            lines.add(row("connections", status.path("connections").asString("")));
        }
        lines.addAll(balancer(status.path("loadBalancer")));
        lines.addAll(refused(status));
        lines.addAll(drift(status.path("drift")));
        return String.join("\n", lines) + "\n";
    }

    private static String row(String name, String value) {
        return "  " + String.format(Locale.ROOT, "%-12s", name) + value;
    }

    private static String server(JsonNode status) {
        double silence = status.path("cluster").path("heardSecondsAgo").asDouble(-1);
        return status.path("apiServer").asString("")
                + (silence < 0
                        ? ", not heard yet"
                        : String.format(Locale.ROOT, ", heard %s ago", time((long) silence)));
    }

    private static String tables(JsonNode tables) {
        return tables.valueStream()
                .map(table -> table.path("table").asString("") + " "
                        + table.path("entries").asInt())
                .collect(Collectors.joining(", "));
    }

    private static String pod(JsonNode pod) {
        return pod.path("pod").asString("") + "  "
                + pod.path("addresses").valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
                + "  " + pod.path("link").asString("")
                + (pod.path("hostPorts").isEmpty()
                        ? ""
                        : "  host ports "
                                + pod.path("hostPorts")
                                        .valueStream()
                                        .map(JsonNode::asString)
                                        .collect(Collectors.joining(", ")));
    }

    /** Nothing, if the agent follows no configuration of kube-proxy. */
    private static List<String> proxy(JsonNode proxy) {
        if (proxy.isMissingNode()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        JsonNode fields = proxy.path("fields");
        long honoured = fields.valueStream()
                .filter(one -> one.path("treatment").asString("").equals("honoured"))
                .count();
        lines.add(row(
                "kube-proxy",
                proxy.path("source").asString("") + ", fields honoured: " + honoured
                        + (honoured == fields.size() ? "" : ", others:")));
        fields.valueStream()
                .filter(one -> !one.path("treatment").asString("").equals("honoured"))
                .forEach(one -> lines.add(row(
                        "",
                        one.path("field").asString("") + ": "
                                + one.path("treatment").asString("") + ": "
                                + one.path("consequence").asString(""))));
        int leftOut = proxy.path("leftOut").asInt(0);
        if (leftOut > 0) {
            lines.add(row("", "and " + leftOut + " more"));
        }
        return lines;
    }

    /** Nothing, if the agent has nothing to do with load balancer addresses. */
    private static List<String> balancer(JsonNode balancer) {
        if (balancer.isMissingNode()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        JsonNode pools = balancer.path("pools");
        lines.add(row(
                "pools",
                (pools.isMissingNode() ? "not known: the API server has not listed them" : pools.size() + " in all")
                        + (balancer.path("assigns").asBoolean(false) ? "; this agent assigns their addresses" : "")));
        pools.forEach(pool -> lines.add(row(
                "",
                pool.path("name").asString("") + ": " + used(pool, "IPv4") + "; "
                        + used(pool, "IPv6")
                        + pool.path("problems")
                                .valueStream()
                                .map(one -> "; " + one.asString(""))
                                .collect(Collectors.joining()))));
        int announced = balancer.path("announced").asInt();
        List<String> shown =
                balancer.path("addresses").valueStream().map(JsonNode::asString).toList();
        lines.add(row(
                "announces",
                announced == 0
                        ? "no addresses"
                        : String.join(", ", shown)
                                + (announced > shown.size() ? " and " + (announced - shown.size()) + " more" : "")));
        return lines;
    }

    private static String used(JsonNode pool, String family) {
        return family + " " + pool.path("assigned" + family).asLong() + " used, "
                + pool.path("available" + family).asLong() + " free";
    }

    private static List<String> refused(JsonNode status) {
        List<String> lines = new ArrayList<>();
        int all = status.path("refusedObjects").asInt();
        lines.add(row("refused", all == 0 ? "nothing" : all + " objects or fields"));
        status.path("refused")
                .forEach(one -> lines.add(row(
                        "",
                        one.path("kind").asString("") + " " + one.path("name").asString("") + ": "
                                + one.path("field").asString("") + ": "
                                + one.path("reason").asString(""))));
        if (status.path("refused").size() < all) {
            lines.add(row("", "and " + (all - status.path("refused").size()) + " more"));
        }
        return lines;
    }

    private static List<String> drift(JsonNode drift) {
        List<String> lines = new ArrayList<>();
        lines.add(row("drift", drift.isEmpty() ? "none seen" : "the latest:"));
        drift.forEach(one -> lines.add(row("", EventText.line(one))));
        return lines;
    }

    private static String time(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        return time.toHours() > 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() > 0 ? time.toMinutes() + " min " + time.toSecondsPart() + " s" : seconds + " s";
    }
}
