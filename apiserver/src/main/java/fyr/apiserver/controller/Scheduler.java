package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Places waiting pods: among the nodes that fit and have the host ports free, on the one with the fewest pods of the same owner, then with
 * the fewest pods. Affinity between pods, topology spread constraints and resources are ignored.
 */
final class Scheduler {
    private static final String NAME = "default-scheduler";

    private final List<ObjectNode> nodes;
    private final Map<String, Integer> load = new HashMap<>();
    private final Map<String, Integer> ofOwner = new HashMap<>();
    private final Set<String> hostPorts = new TreeSet<>();

    private Scheduler(List<ObjectNode> nodes) {
        this.nodes = nodes;
    }

    static List<Write> writes(List<ObjectNode> pods, List<ObjectNode> nodes, String now) {
        Scheduler scheduler = new Scheduler(nodes);
        pods.stream()
                .filter(pod -> !node(pod).isEmpty() && Pods.isActive(pod))
                .forEach(pod -> scheduler.count(pod, node(pod)));
        List<Write> writes = new ArrayList<>();
        for (ObjectNode pod : pods) {
            if (node(pod).isEmpty()
                    && Pods.isActive(pod)
                    && isOurs(pod)
                    && Json.items(pod, "spec", "schedulingGates").isEmpty()) {
                Optional<String> best = scheduler.best(pod);
                best.ifPresent(node -> scheduler.count(pod, node));
                best.ifPresentOrElse(
                        node -> writes.add(new Write.Bind(pod, node)),
                        () -> writes.addAll(scheduler.homeless(pod, now)));
            }
        }
        return writes;
    }

    /** Pods that name another scheduler wait for that one. */
    private static boolean isOurs(JsonNode pod) {
        String scheduler = Json.text(pod, "spec", "schedulerName");
        return scheduler.isEmpty() || scheduler.equals(NAME);
    }

    private static String node(JsonNode pod) {
        return Json.text(pod, "spec", "nodeName");
    }

    private static String owner(JsonNode pod) {
        return Pods.controller(pod).map(one -> Json.text(one, "uid")).orElse("");
    }

    private void count(ObjectNode pod, String node) {
        load.merge(node, 1, Integer::sum);
        ofOwner.merge(owner(pod) + "@" + node, 1, Integer::sum);
        hostPorts.addAll(hostPorts(pod, node));
    }

    private Optional<String> best(ObjectNode pod) {
        return nodes.stream()
                .filter(node -> obstacle(node, pod).isEmpty())
                .map(Json::name)
                .min(Comparator.<String>comparingInt(node -> ofOwner.getOrDefault(owner(pod) + "@" + node, 0))
                        .thenComparingInt(node -> load.getOrDefault(node, 0))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static List<String> hostPorts(JsonNode pod, String node) {
        List<String> ports = new ArrayList<>();
        for (JsonNode container : Pods.lasting(pod)) {
            for (JsonNode port : Json.items(container, "ports")) {
                long number = Json.number(port, 0, "hostPort");
                if (number != 0) {
                    ports.add(node + "/" + Json.text(port, "protocol") + "/" + number);
                }
            }
        }
        return ports;
    }

    private Optional<String> obstacle(ObjectNode node, ObjectNode pod) {
        boolean taken = hostPorts(pod, Json.name(node)).stream().anyMatch(hostPorts::contains);
        return Nodes.obstacle(node, pod)
                .or(() -> taken
                        ? Optional.of("node(s) didn't have free ports for the requested pod ports")
                        : Optional.empty());
    }

    private List<Write> homeless(ObjectNode pod, String now) {
        return Statuses.difference(
                Kinds.PODS,
                pod,
                status -> Statuses.condition(status, "PodScheduled", false, "Unschedulable", why(pod), now));
    }

    /**
     * The number of nodes for each reason, in the words of kube-scheduler (FitError): sorted as texts, each node under its first reason.
     */
    private String why(ObjectNode pod) {
        if (nodes.isEmpty()) {
            return "no nodes available to schedule pods";
        }
        Map<String, Integer> reasons = new TreeMap<>();
        nodes.forEach(node -> obstacle(node, pod).ifPresent(reason -> reasons.merge(reason, 1, Integer::sum)));
        String counted = reasons.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return "0/" + nodes.size() + " nodes are available: " + counted + ".";
    }
}
