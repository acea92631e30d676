package fyr.lab.cluster;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Whether everything runs that was requested. Reads the API server at each call; for one thread. */
public final class Workloads {

    private static final List<String> MAKERS =
            List.of("replicasets", "replicationcontrollers", "statefulsets", "daemonsets", "jobs", "deployments");

    private final Objects objects;

    public Workloads(Objects objects) {
        this.objects = objects;
    }

    /**
     * A line for each pod that neither runs nor has succeeded, and for each workload that has not created its pods, with the reason as far
     * as the API server knows one; empty if everything is as requested.
     */
    public List<String> missing() {
        // Pods last: those that a controller makes while its object is read are seen then.
        List<String> makers = makers();
        List<String> missing = new ArrayList<>();
        for (JsonNode pod : all("pods")) {
            if (!isLeaving(pod) && !runs(pod)) {
                missing.add("pod " + name(pod) + " " + why(pod));
            }
        }
        missing.addAll(makers);
        return missing;
    }

    private List<String> makers() {
        List<String> missing = new ArrayList<>();
        for (String kind : MAKERS) {
            for (JsonNode maker : all(kind)) {
                if (!isLeaving(maker) && !hasMade(kind, maker)) {
                    missing.add(kind.substring(0, kind.length() - 1) + " " + name(maker) + " has not made its pods"
                            + complaint(maker).map(text -> ": " + text).orElse(""));
                }
            }
        }
        return missing;
    }

    /** Why there is no running pod of that name, as the end of a sentence. */
    public String whyNotRunning(String namespace, String pod) {
        return objects.find(objects.kind("pods"), Optional.of(namespace), pod)
                .map(found -> "it " + (runs(found) && !isLeaving(found) ? "has ended, or begins just now" : why(found)))
                .orElse("there is no such pod");
    }

    private List<JsonNode> all(String kind) {
        return objects.get(objects.kind(kind), Optional.empty(), Optional.empty());
    }

    private static String name(JsonNode object) {
        return Json.namespace(object) + "/" + Json.name(object);
    }

    private static boolean isLeaving(JsonNode object) {
        return !Json.text(object, "metadata", "deletionTimestamp").isEmpty();
    }

    private static boolean runs(JsonNode pod) {
        String phase = Json.text(pod, "status", "phase");
        return phase.equals("Running") || phase.equals("Succeeded");
    }

    private static String why(JsonNode pod) {
        String phase = Json.text(pod, "status", "phase");
        List<String> reasons = new ArrayList<>();
        for (JsonNode condition : Json.items(pod, "status", "conditions")) {
            if (Json.text(condition, "type").equals("PodScheduled")
                    && Json.text(condition, "status").equals("False")) {
                reasons.add(Json.text(condition, "message"));
            }
        }
        for (String field : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : Json.items(pod, "status", field)) {
                Stream.of("waiting", "terminated")
                        .map(state -> Json.at(container, "state", state))
                        .filter(state -> !state.isMissingNode())
                        .forEach(state -> reasons.add(words(state)));
            }
        }
        reasons.add(words(Json.at(pod, "status")));
        if (!Json.items(pod, "spec", "schedulingGates").isEmpty()) {
            reasons.add("its schedulingGates hold it back");
        }
        String said = reasons.stream().filter(one -> !one.isBlank()).findFirst().orElseGet(() -> unsaid(pod));
        return "is " + (phase.isEmpty() ? "Pending" : phase) + ": " + said;
    }

    private static String words(JsonNode state) {
        String reason = Json.text(state, "reason");
        String message = Json.text(state, "message");
        return reason.isEmpty() || message.isEmpty() ? reason + message : reason + ": " + message;
    }

    private static String unsaid(JsonNode pod) {
        String node = Json.text(pod, "spec", "nodeName");
        return node.isEmpty()
                ? "no scheduler has looked at it (schedulerName " + Json.text(pod, "spec", "schedulerName") + ")"
                : "node " + node + " has not said why";
    }

    private static boolean hasMade(String kind, JsonNode maker) {
        boolean seen = Json.number(maker, 0, "status", "observedGeneration")
                >= Json.number(maker, 0, "metadata", "generation");
        return switch (kind) {
            case "daemonsets" ->
                seen
                        && Json.number(maker, 0, "status", "currentNumberScheduled")
                                >= Json.number(maker, 0, "status", "desiredNumberScheduled");
            case "jobs" ->
                Json.truth(maker, "spec", "suspend")
                        || Json.number(maker, 0, "status", "active") > 0
                        || Json.number(maker, 0, "status", "succeeded") > 0
                        || Json.number(maker, 1, "spec", "completions") == 0;
            default -> seen && Json.number(maker, 0, "status", "replicas") >= Json.number(maker, 1, "spec", "replicas");
        };
    }

    /** The newest warning about an object. */
    private Optional<String> complaint(JsonNode object) {
        return objects.get(objects.kind("events"), Optional.of(Json.namespace(object)), Optional.empty()).stream()
                .filter(event -> Json.text(event, "involvedObject", "uid").equals(Json.uid(object)))
                .filter(event -> Json.text(event, "type").equals("Warning"))
                .max(Comparator.comparing(event -> Json.text(event, "lastTimestamp")))
                .map(event -> Json.text(event, "message"));
    }
}
