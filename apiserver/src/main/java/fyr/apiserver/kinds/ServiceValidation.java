package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of a Service that need no look at other Services. */
final class ServiceValidation {
    private ServiceValidation() {}

    static void check(JsonNode spec, List<Fault> faults) {
        String type = Json.text(spec, "type");
        boolean headless = Json.text(spec, "clusterIP").equals("None");
        if (type.equals("ExternalName")) {
            if (Json.text(spec, "externalName").isEmpty()) {
                faults.add(Fault.required("spec.externalName", ""));
            } else {
                String name = Json.text(spec, "externalName");
                Rules.dnsSubdomain(
                        "spec.externalName", name.endsWith(".") ? name.substring(0, name.length() - 1) : name, faults);
            }
        } else if (Json.items(spec, "ports").isEmpty() && !headless) {
            faults.add(Fault.required("spec.ports", ""));
        }
        if (headless && !type.equals("ClusterIP")) {
            faults.add(
                    Fault.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services"));
        }
        ports(spec, type, faults);
        Rules.labels("spec.selector", Json.map(spec, "selector"), faults);
        addresses(spec, faults);
        clusterAddresses(spec, faults);
        traffic(spec, type, faults);
    }

    private static void clusterAddresses(JsonNode spec, List<Fault> faults) {
        List<String> all = Json.texts(spec, "clusterIPs");
        String first = Json.text(spec, "clusterIP");
        if (all.size() > 2) {
            faults.add(Fault.invalid("spec.clusterIPs", String.join(",", all), "may only hold up to 2 values"));
        }
        if (!all.isEmpty() && !first.isEmpty() && !all.getFirst().equals(first)) {
            faults.add(Fault.invalid("spec.clusterIPs", String.join(",", all), "first value must match `clusterIP`"));
        }
    }

    private static void traffic(JsonNode spec, String type, List<Fault> faults) {
        String policy = Json.text(spec, "externalTrafficPolicy");
        boolean outside = type.equals("NodePort")
                || type.equals("LoadBalancer")
                || !Json.items(spec, "externalIPs").isEmpty();
        if (!policy.isEmpty() && !outside) {
            faults.add(Fault.invalid(
                    "spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services"));
        }
        JsonNode seconds = Json.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
        if (seconds.isIntegralNumber() && (seconds.longValue() < 1 || seconds.longValue() > 86_400)) {
            faults.add(Fault.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    seconds.longValue(),
                    "must be greater than 0 and less than 86400"));
        }
    }

    private static void addresses(JsonNode spec, List<Fault> faults) {
        String first = Json.text(spec, "clusterIP");
        if (!first.isEmpty()
                && !first.equals("None")
                && Addresses.address(first).isEmpty()) {
            faults.add(Fault.invalid(
                    "spec.clusterIPs[0]", first, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }
        int i = 0;
        for (String address : Json.texts(spec, "externalIPs")) {
            if (Addresses.address(address).isEmpty()) {
                faults.add(Fault.invalid(
                        "spec.externalIPs[" + i + "]",
                        address,
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
            }
            i++;
        }
        int j = 0;
        for (String range : Json.texts(spec, "loadBalancerSourceRanges")) {
            if (Addresses.prefix(range.strip()).isEmpty()) {
                faults.add(Fault.invalid(
                        "spec.loadBalancerSourceRanges[" + j + "]",
                        range,
                        "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
            }
            j++;
        }
    }

    private static void ports(JsonNode spec, String type, List<Fault> faults) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        int count = Json.items(spec, "ports").size();
        int i = 0;
        for (JsonNode port : Json.items(spec, "ports")) {
            String at = "spec.ports[" + i++ + "]";
            String name = Json.text(port, "name");
            if (name.isEmpty() && count > 1) {
                faults.add(Fault.required(at + ".name", ""));
            } else if (!name.isEmpty()) {
                Rules.dnsLabel(at + ".name", name, faults);
                if (!names.add(name)) {
                    faults.add(Fault.duplicate(at + ".name", name));
                }
            }
            long number = Json.number(port, 0, "port");
            Rules.portNumber(at + ".port", number, faults);
            if (!numbers.add(Json.text(port, "protocol") + "/" + number)) {
                faults.add(Fault.duplicate(at, Json.text(port, "protocol") + "/" + number));
            }
            Rules.portReference(at + ".targetPort", Json.at(port, "targetPort"), faults);
            if (Json.number(port, 0, "nodePort") != 0 && type.equals("ClusterIP")) {
                faults.add(Fault.forbidden(at + ".nodePort", "may not be used when `type` is 'ClusterIP'"));
            }
        }
    }
}
