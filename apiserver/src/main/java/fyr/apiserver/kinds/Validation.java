package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of each kind that matter for a network; objects that pass are safe for the controllers and the agent. */
final class Validation {
    private Validation() {}

    static void pod(JsonNode pod, List<Fault> faults) {
        PodValidation.check(Json.at(pod, "spec"), "spec", faults);
        podAddresses(pod, faults);
    }

    private static void podAddresses(JsonNode pod, List<Fault> faults) {
        int i = 0;
        for (JsonNode address : Json.items(pod, "status", "podIPs")) {
            Addresses.check("status.podIPs[" + i++ + "]", Json.text(address, "ip"), faults);
        }
    }

    /** A workload whose pods end, or do not. */
    static void workload(String singular, boolean ends, JsonNode object, List<Fault> faults) {
        JsonNode spec = Json.at(object, "spec");
        for (String count : List.of("replicas", "parallelism", "completions", "backoffLimit", "minReadySeconds")) {
            Rules.notNegative("spec." + count, Json.at(spec, count), faults);
        }
        JsonNode selector = Json.at(spec, "selector");
        JsonNode template = Json.at(spec, "template");
        if (ends && Json.uid(object).isEmpty()) {
            return;
        }
        Rules.selector("spec.selector", selector, faults);
        if (Json.at(selector, "matchLabels").isEmpty()
                && Json.items(selector, "matchExpressions").isEmpty()) {
            faults.add(Fault.invalid("spec.selector", "", "empty selector is invalid for " + singular));
        } else if (!Selector.matches(selector, Json.map(template, "metadata", "labels"))) {
            faults.add(Fault.invalid(
                    "spec.template.metadata.labels",
                    Json.of(Json.map(template, "metadata", "labels")),
                    "`selector` does not match template `labels`"));
        }
        template(template, ends, faults);
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
    static void replicationController(JsonNode object, List<Fault> faults) {
        JsonNode spec = Json.at(object, "spec");
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

    static void endpoints(JsonNode object, List<Fault> faults) {
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

    static void endpointSlice(JsonNode object, List<Fault> faults) {
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
