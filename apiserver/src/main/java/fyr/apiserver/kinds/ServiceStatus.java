package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a Service ({@code ValidateLoadBalancerStatus} in pkg/apis/core/validation/validation.go). */
final class ServiceStatus {
    private static final String INGRESS = "status.loadBalancer.ingress";

    private ServiceStatus() {}

    /** Sets the default mode of addresses, and drops those of a Service that is no load balancer any more. In place. */
    static void complete(JsonNode before, ObjectNode after) {
        if (isBalanced(after)) {
            for (JsonNode ingress : ingresses(after)) {
                if (ingress instanceof ObjectNode one && !Json.text(one, "ip").isEmpty()) {
                    Defaults.text(one, "ipMode", "VIP");
                }
            }
        } else if (Json.same(before.path("status"), after.path("status"))) {
            Json.child(after, "status").putObject("loadBalancer");
        }
    }

    private static boolean isBalanced(JsonNode service) {
        return ServiceSpecs.isType(Json.at(service, "spec"), ServiceSpecs.LOAD_BALANCER);
    }

    private static List<JsonNode> ingresses(JsonNode service) {
        return List.copyOf(Json.items(service, "status", "loadBalancer", "ingress"));
    }

    static void check(JsonNode before, JsonNode after, List<Fault> faults) {
        List<JsonNode> ingresses = ingresses(after);
        if (!isBalanced(after) && !ingresses.isEmpty()) {
            faults.add(Fault.forbidden(INGRESS, "may only be used when `spec.type` is 'LoadBalancer'"));
            return;
        }
        List<String> former = ingresses(before).stream()
                .map(ingress -> Json.text(ingress, "ip"))
                .toList();
        for (int i = 0; i < ingresses.size(); i++) {
            check(INGRESS + "[" + i + "]", ingresses.get(i), former, faults);
        }
    }

    private static void check(String at, JsonNode ingress, List<String> former, List<Fault> faults) {
        String address = Json.text(ingress, "ip");
        if (!address.isEmpty()) {
            AddressRules.address(at + ".ip", address, former, faults);
        }
        if (ingress.has("ipMode") && address.isEmpty()) {
            faults.add(Fault.forbidden(at + ".ipMode", "may not be specified when `ip` is not set"));
        } else if (ingress.has("ipMode")) {
            Rules.oneOf(at + ".ipMode", Json.text(ingress, "ipMode"), List.of("Proxy", "VIP"), faults);
        }
        String name = Json.text(ingress, "hostname");
        if (!name.isEmpty()) {
            Rules.dnsSubdomain(at + ".hostname", name, faults);
            if (Addresses.address(name).isPresent()) {
                faults.add(Fault.invalid(at + ".hostname", name, "must be a DNS name, not an IP address"));
            }
        }
    }
}
