package fyr.lab.api.kinds;

import fyr.lab.api.object.Fault;
import fyr.lab.api.object.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of each kind that matter for a network; objects that pass are safe for the controllers and the agent. */
public final class Validation {
    private Validation() {}

    /** The rules that an object breaks. */
    public static List<Fault> check(Resource resource, JsonNode object) {
        List<Fault> faults = new ArrayList<>();
        Rules.metadata(resource, object, faults);
        JsonNode spec = Json.at(object, "spec");
        switch (resource) {
            case PODS -> {
                PodValidation.check(spec, "spec", faults);
                podAddresses(object, faults);
            }
            case NODES -> NodeValidation.check(spec, faults);
            case SERVICES -> ServiceValidation.check(spec, faults);
            case NETWORK_POLICIES -> PolicyValidation.check(spec, faults);
            case DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS ->
                workload(resource, object, spec, faults);
            case ENDPOINT_SLICES -> endpointSlice(object, faults);
            case ENDPOINTS -> endpoints(object, faults);
            case REPLICATION_CONTROLLERS -> replicationController(spec, faults);
            case DISRUPTION_BUDGETS -> Rules.selector("spec.selector", Json.at(spec, "selector"), faults);
            default -> {} // kinds of which only the metadata can do harm
        }
        return faults;
    }

    /** Fields that never change after creation. */
    public static List<Fault> changes(Resource resource, JsonNode before, JsonNode after) {
        List<Fault> faults = new ArrayList<>();
        switch (resource) {
            case DEPLOYMENTS, REPLICA_SETS, DAEMON_SETS -> fixed(before, after, faults, "spec", "selector");
            case JOBS -> {
                fixed(before, after, faults, "spec", "selector");
                fixed(before, after, faults, "spec", "template");
            }
            case STATEFUL_SETS -> {
                fixed(before, after, faults, "spec", "selector");
                fixed(before, after, faults, "spec", "serviceName");
            }
            case ENDPOINT_SLICES -> fixed(before, after, faults, "addressType");
            case PODS -> PodChanges.check(before, after, faults);
            case SECRETS -> fixed(before, after, faults, "type");
            case CONTROLLER_REVISIONS -> fixed(before, after, faults, "data");
            case NODES -> NodeValidation.changes(before, after, faults);
            default -> {}
        }
        return faults;
    }

    private static void podAddresses(JsonNode pod, List<Fault> faults) {
        int i = 0;
        for (JsonNode address : Json.items(pod, "status", "podIPs")) {
            Addresses.check("status.podIPs[" + i++ + "]", Json.text(address, "ip"), faults);
        }
    }

    private static void fixed(JsonNode before, JsonNode after, List<Fault> faults, String... path) {
        JsonNode now = Json.at(after, path);
        if (!Json.same(Json.at(before, path), now)) {
            faults.add(Fault.invalid(String.join(".", path), now.isMissingNode() ? "" : now, "field is immutable"));
        }
    }

    private static void workload(Resource resource, JsonNode object, JsonNode spec, List<Fault> faults) {
        for (String count : List.of("replicas", "parallelism", "completions", "backoffLimit", "minReadySeconds")) {
            Rules.notNegative("spec." + count, Json.at(spec, count), faults);
        }
        JsonNode selector = Json.at(spec, "selector");
        JsonNode template = Json.at(spec, "template");
        if (resource == Resource.JOBS && Json.uid(object).isEmpty()) {
            return;
        }
        Rules.selector("spec.selector", selector, faults);
        if (Json.at(selector, "matchLabels").isEmpty()
                && Json.items(selector, "matchExpressions").isEmpty()) {
            faults.add(Fault.invalid("spec.selector", "", "empty selector is invalid for " + resource.singular()));
        } else if (!Selector.matches(selector, Json.map(template, "metadata", "labels"))) {
            faults.add(Fault.invalid(
                    "spec.template.metadata.labels",
                    Json.of(Json.map(template, "metadata", "labels")),
                    "`selector` does not match template `labels`"));
        }
        template(template, resource == Resource.JOBS, faults);
    }

    private static void template(JsonNode template, boolean ends, List<Fault> faults) {
        Rules.labels("spec.template.metadata.labels", Json.map(template, "metadata", "labels"), faults);
        PodValidation.check(Json.at(template, "spec"), "spec.template.spec", faults);
        String restart = Json.text(template, "spec", "restartPolicy");
        if (restart.equals("Always") == ends) {
            String allowed = ends ? "\"OnFailure\", \"Never\"" : "\"Always\"";
            faults.add(Fault.unsupported("spec.template.spec.restartPolicy", restart, allowed));
        }
    }

    /** Its selector is a map of labels (core/v1) and optional: the default is the labels of its template. */
    private static void replicationController(JsonNode spec, List<Fault> faults) {
        Rules.notNegative("spec.replicas", Json.at(spec, "replicas"), faults);
        Map<String, String> selector = Json.map(spec, "selector");
        Map<String, String> labels = Json.map(spec, "template", "metadata", "labels");
        Rules.labels("spec.selector", selector, faults);
        if (selector.isEmpty()) {
            faults.add(Fault.required("spec.selector", ""));
        } else if (!labels.entrySet().containsAll(selector.entrySet())) {
            faults.add(Fault.invalid(
                    "spec.template.metadata.labels", Json.of(labels), "`selector` does not match template `labels`"));
        }
        template(Json.at(spec, "template"), false, faults);
    }

    private static void endpoints(JsonNode object, List<Fault> faults) {
        int i = 0;
        for (JsonNode subset : Json.items(object, "subsets")) {
            String at = "subsets[" + i++ + "]";
            for (String field : List.of("addresses", "notReadyAddresses")) {
                int a = 0;
                for (JsonNode address : Json.items(subset, field)) {
                    Addresses.check(at + "." + field + "[" + a++ + "].ip", Json.text(address, "ip"), faults);
                }
            }
            int p = 0;
            for (JsonNode port : Json.items(subset, "ports")) {
                Rules.portNumber(at + ".ports[" + p++ + "].port", Json.number(port, 0, "port"), faults);
            }
        }
    }

    private static void endpointSlice(JsonNode object, List<Fault> faults) {
        String type = Json.text(object, "addressType");
        int i = 0;
        if (Json.items(object, "endpoints").size() > 1_000) {
            faults.add(
                    Fault.invalid("endpoints", Json.items(object, "endpoints").size(), "must have at most 1000 items"));
        }
        for (JsonNode endpoint : Json.items(object, "endpoints")) {
            String at = "endpoints[" + i++ + "].addresses";
            List<String> addresses = Json.texts(endpoint, "addresses");
            if (addresses.isEmpty()) {
                faults.add(Fault.required(at, "must contain at least 1 address"));
            }
            if (!type.equals("FQDN")) {
                addresses.forEach(address -> Addresses.check(at, address, type, faults));
            }
        }
        Set<String> names = new HashSet<>();
        int p = 0;
        for (JsonNode port : Json.items(object, "ports")) {
            String at = "ports[" + p++ + "]";
            if (!names.add(Json.text(port, "name"))) {
                faults.add(Fault.duplicate(at + ".name", Json.text(port, "name")));
            }
            if (port.has("port")) {
                Rules.portNumber(at + ".port", Json.number(port, 0, "port"), faults);
            }
        }
    }
}
