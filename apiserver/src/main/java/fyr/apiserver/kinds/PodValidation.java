package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of a pod, or of a workload's pod template. */
final class PodValidation {
    private PodValidation() {}

    static void check(JsonNode spec, String path, List<Fault> faults) {
        if (spec.has("containers") && Json.items(spec, "containers").isEmpty()) {
            faults.add(Fault.required(path + ".containers", ""));
        }
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        for (String field : List.of("initContainers", "containers")) {
            int i = 0;
            for (JsonNode container : Json.items(spec, field)) {
                String at = path + "." + field + "[" + i++ + "]";
                container(container, at, names, faults);
                ports(container, at, hostPorts, faults);
                probes(container, at, faults);
            }
        }
        for (String name : List.of("hostname", "subdomain")) {
            if (!Json.text(spec, name).isEmpty()) {
                Rules.dnsLabel(path + "." + name, Json.text(spec, name), faults);
            }
        }
        Rules.labels(path + ".nodeSelector", Json.map(spec, "nodeSelector"), faults);
        placement(spec, path, faults);
        dns(spec, path, faults);
        Rules.notNegative(
                path + ".terminationGracePeriodSeconds", Json.at(spec, "terminationGracePeriodSeconds"), faults);
    }

    /** Labels that a pod requires of nodes and of other pods. */
    private static void placement(JsonNode spec, String path, List<Fault> faults) {
        int i = 0;
        for (JsonNode toleration : Json.items(spec, "tolerations")) {
            String key = Json.text(toleration, "key");
            String at = path + ".tolerations[" + i++ + "].key";
            if (!key.isEmpty()) {
                Rules.qualified(at, key, faults);
            }
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            String required = "requiredDuringSchedulingIgnoredDuringExecution";
            String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
            String at = path + ".affinity." + kind + ".";
            int r = 0;
            for (JsonNode term : Json.items(spec, "affinity", kind, required)) {
                terms(term, at + required + "[" + r++ + "]", faults);
            }
            int p = 0;
            for (JsonNode term : Json.items(spec, "affinity", kind, preferred)) {
                terms(Json.at(term, "podAffinityTerm"), at + preferred + "[" + p++ + "].podAffinityTerm", faults);
            }
        }
        int s = 0;
        for (JsonNode constraint : Json.items(spec, "topologySpreadConstraints")) {
            terms(constraint, path + ".topologySpreadConstraints[" + s++ + "]", faults);
        }
    }

    private static void terms(JsonNode term, String at, List<Fault> faults) {
        for (String selector : List.of("labelSelector", "namespaceSelector")) {
            Rules.selector(at + "." + selector, Json.at(term, selector), faults);
        }
    }

    private static void container(JsonNode container, String at, Set<String> names, List<Fault> faults) {
        String name = Json.text(container, "name");
        Rules.dnsLabel(at + ".name", name, faults);
        if (!names.add(name)) {
            faults.add(Fault.duplicate(at + ".name", name));
        }
        if (Json.text(container, "image").isBlank()) {
            faults.add(Fault.required(at + ".image", ""));
        }
    }

    private static void probes(JsonNode container, String at, List<Fault> faults) {
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            for (String field : List.of(
                    "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
                Rules.notNegative(at + "." + probe + "." + field, Json.at(container, probe, field), faults);
            }
        }
    }

    private static void ports(JsonNode container, String at, Set<String> hostPorts, List<Fault> faults) {
        Set<String> names = new HashSet<>();
        int i = 0;
        for (JsonNode port : Json.items(container, "ports")) {
            String here = at + ".ports[" + i++ + "]";
            Rules.portNumber(here + ".containerPort", Json.number(port, 0, "containerPort"), faults);
            String name = Json.text(port, "name");
            if (!name.isEmpty()) {
                Rules.portName(here + ".name", name, faults);
                if (!names.add(name)) {
                    faults.add(Fault.duplicate(here + ".name", name));
                }
            }
            long hostPort = Json.number(port, 0, "hostPort");
            if (hostPort != 0) {
                Rules.portNumber(here + ".hostPort", hostPort, faults);
                String key = Json.text(port, "protocol") + "/" + Json.text(port, "hostIP") + "/" + hostPort;
                if (!hostPorts.add(key)) {
                    faults.add(Fault.duplicate(here + ".hostPort", key));
                }
            }
        }
    }

    private static void dns(JsonNode spec, String path, List<Fault> faults) {
        int i = 0;
        List<String> servers = Json.texts(spec, "dnsConfig", "nameservers");
        for (String server : servers) {
            if (Addresses.address(server).isEmpty()) {
                faults.add(Fault.invalid(
                        path + ".dnsConfig.nameservers[" + i + "]",
                        server,
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
            }
            i++;
        }
        if (Json.text(spec, "dnsPolicy").equals("None") && servers.isEmpty()) {
            faults.add(Fault.required(
                    path + ".dnsConfig.nameservers",
                    "must provide at least one DNS nameserver when `dnsPolicy` is None"));
        }
    }
}
