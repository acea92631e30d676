package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The rules of a Service whose addresses and node ports are assigned, in the order of Kubernetes ({@code validateService} and
 * {@code ValidateServiceUpdate} in pkg/apis/core/validation/validation.go).
 */
final class ServiceValidation {
    private static final String MODE = "service.kubernetes.io/topology-mode";
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";
    private static final String CLASS = "spec.loadBalancerClass";
    private static final String CHECK_PORT = "spec.healthCheckNodePort";
    private static final int LONGEST_AFFINITY = 86_400;

    private ServiceValidation() {}

    /** The rules of a change of the spec. */
    static void changes(JsonNode old, JsonNode spec, List<Fault> faults) {
        ServiceAddressRules.changes(old, spec, faults);
        boolean balanced = isBalanced(spec);
        if (balanced && isBalanced(old) && !ServiceSpecs.isSame(spec, old, "loadBalancerClass")) {
            Object shown =
                    spec.has("loadBalancerClass") ? Json.text(spec, "loadBalancerClass") : Json.MAPPER.nullNode();
            faults.add(Fault.invalid(CLASS, shown, "may not change once set"));
        }
        balancerClass(spec, faults);
        if (ServiceSpecs.needsHealthCheck(old)
                && ServiceSpecs.needsHealthCheck(spec)
                && !ServiceSpecs.isSame(spec, old, "healthCheckNodePort")) {
            faults.add(Fault.forbidden(CHECK_PORT, "field is immutable"));
        }
    }

    /** The rules of the next form of a Service. */
    static void check(JsonNode service, Optional<? extends JsonNode> before, List<Fault> faults) {
        JsonNode spec = Json.at(service, "spec");
        Optional<JsonNode> old = before.map(one -> Json.at(one, "spec"));
        Map<String, String> annotations = Json.map(service, "metadata", "annotations");
        if (annotations.containsKey(MODE)
                && annotations.containsKey(HINTS)
                && !annotations.get(MODE).equals(annotations.get(HINTS))) {
            faults.add(Fault.invalid(
                    "metadata.annotations[" + MODE + "]",
                    annotations.get(MODE),
                    "must match annotations[" + HINTS + "] when both are specified"));
        }
        type(spec, faults);
        ports(spec, faults);
        Rules.labels("spec.selector", Json.map(spec, "selector"), faults);
        affinity(spec, faults);
        ServiceAddressRules.check(spec, old, faults);
        externalAddresses(spec, old, faults);
        Rules.oneOf(
                "spec.type",
                Json.text(spec, "type"),
                List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
                faults);
        nodePorts(spec, faults);
        duplicatePorts(spec, faults);
        sourceRanges(service, before, faults);
        if (spec.has("allocateLoadBalancerNodePorts") && !isBalanced(spec)) {
            faults.add(Fault.forbidden("spec.allocateLoadBalancerNodePorts", ONLY_BALANCED));
        }
        balancerClass(spec, faults);
        policies(spec, faults);
    }

    private static boolean isBalanced(JsonNode spec) {
        return ServiceSpecs.isType(spec, ServiceSpecs.LOAD_BALANCER);
    }

    private static void type(JsonNode spec, List<Fault> faults) {
        String type = Json.text(spec, "type");
        boolean headless = ServiceSpecs.isHeadless(spec);
        boolean external = ServiceSpecs.isExternalName(spec);
        if (Json.items(spec, "ports").isEmpty() && !headless && !external) {
            faults.add(Fault.required("spec.ports", ""));
        }
        if (ServiceSpecs.hasNodePorts(spec) && headless) {
            faults.add(
                    Fault.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services"));
        }
        if (external) {
            for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                if (spec.has(field)) {
                    faults.add(Fault.forbidden("spec." + field, "may not be set for ExternalName services"));
                }
            }
            String name = Json.text(spec, "externalName");
            String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (plain.isEmpty()) {
                faults.add(Fault.required("spec.externalName", ""));
            } else {
                Rules.dnsSubdomain("spec.externalName", plain, faults);
            }
        }
    }

    private static void ports(JsonNode spec, List<Fault> faults) {
        Set<String> names = new HashSet<>();
        boolean several = Json.items(spec, "ports").size() > 1;
        int i = 0;
        for (JsonNode port : Json.items(spec, "ports")) {
            String at = "spec.ports[" + i++ + "]";
            String name = Json.text(port, "name");
            if (several && name.isEmpty()) {
                faults.add(Fault.required(at + ".name", ""));
            } else if (!name.isEmpty()) {
                Rules.dnsLabel(at + ".name", name, faults);
                if (!names.add(name)) {
                    faults.add(Fault.duplicate(at + ".name", name));
                }
            }
            Rules.portNumber(at + ".port", Json.number(port, 0, "port"), faults);
            Rules.oneOf(at + ".protocol", Json.text(port, "protocol"), List.of("SCTP", "TCP", "UDP"), faults);
            Rules.portReference(at + ".targetPort", Json.at(port, "targetPort"), faults);
            if (port.has("appProtocol")) {
                Rules.qualified(at + ".appProtocol", Json.text(port, "appProtocol"), faults);
            }
        }
    }

    private static void affinity(JsonNode spec, List<Fault> faults) {
        String affinity = Json.text(spec, "sessionAffinity");
        Rules.oneOf("spec.sessionAffinity", affinity, List.of("ClientIP", "None"), faults);
        if (affinity.equals("ClientIP")) {
            long seconds = Json.number(spec, 0, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
            if (seconds <= 0 || seconds > LONGEST_AFFINITY) {
                faults.add(Fault.invalid(
                        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                        seconds,
                        "must be greater than 0 and less than " + LONGEST_AFFINITY));
            }
        }
    }

    private static void externalAddresses(JsonNode spec, Optional<JsonNode> old, List<Fault> faults) {
        List<String> former = old.map(one -> Json.texts(one, "externalIPs")).orElse(List.of());
        int i = 0;
        for (String address : Json.texts(spec, "externalIPs")) {
            String at = "spec.externalIPs[" + i++ + "]";
            if (AddressRules.address(at, address, former, faults)) {
                AddressRules.endpoint(at, address, faults);
            }
        }
    }

    private static void nodePorts(JsonNode spec, List<Fault> faults) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode port : Json.items(spec, "ports")) {
            String at = "spec.ports[" + i++ + "].nodePort";
            long number = Json.number(port, 0, "nodePort");
            if (number != 0 && ServiceSpecs.isType(spec, "ClusterIP")) {
                faults.add(Fault.forbidden(at, "may not be used when `type` is 'ClusterIP'"));
            }
            if (number != 0 && !seen.add(Json.text(port, "protocol") + "/" + number)) {
                faults.add(Fault.duplicate(at, number));
            }
        }
    }

    /** The value is shown as Go prints Kubernetes' own type. */
    private static void duplicatePorts(JsonNode spec, List<Fault> faults) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode port : Json.items(spec, "ports")) {
            String protocol = Json.text(port, "protocol");
            long number = Json.number(port, 0, "port");
            if (!seen.add(protocol + "/" + number)) {
                JsonNode shown = Json.object()
                        .put("Name", "")
                        .put("Protocol", protocol)
                        .putNull("AppProtocol")
                        .put("Port", number)
                        .put("TargetPort", 0)
                        .put("NodePort", 0);
                faults.add(Fault.duplicate("spec.ports[" + i + "]", shown));
            }
            i++;
        }
    }

    private static void sourceRanges(JsonNode service, Optional<? extends JsonNode> before, List<Fault> faults) {
        JsonNode spec = Json.at(service, "spec");
        List<String> ranges = Json.texts(spec, "loadBalancerSourceRanges");
        String field = "spec.LoadBalancerSourceRanges";
        Optional<String> annotated =
                Optional.ofNullable(Json.map(service, "metadata", "annotations").get(RANGES));
        if (ranges.isEmpty() && annotated.isEmpty()) {
            return;
        }
        if (ranges.isEmpty()) {
            field = "metadata.annotations[" + RANGES + "]";
        }
        if (!isBalanced(spec)) {
            faults.add(Fault.forbidden(field, ONLY_BALANCED));
        }
        if (ranges.isEmpty()) {
            annotatedRanges(field, annotated.orElse(""), before, faults);
            return;
        }
        List<String> former =
                before.map(one -> Json.texts(one, "spec", "loadBalancerSourceRanges")).orElse(List.of()).stream()
                        .map(String::strip)
                        .toList();
        for (int i = 0; i < ranges.size(); i++) {
            AddressRules.prefix(field + "[" + i + "]", ranges.get(i).strip(), former, faults);
        }
    }

    private static void annotatedRanges(
            String field, String value, Optional<? extends JsonNode> before, List<Fault> faults) {
        boolean unchanged = before.filter(one ->
                        value.equals(Json.map(one, "metadata", "annotations").get(RANGES)))
                .isPresent();
        if (!unchanged && !value.isBlank()) {
            for (String range : value.strip().split(",", -1)) {
                AddressRules.prefix(field, range.strip(), List.of(), faults);
            }
        }
    }

    private static void balancerClass(JsonNode spec, List<Fault> faults) {
        if (spec.has("loadBalancerClass")) {
            if (isBalanced(spec)) {
                Rules.qualified(CLASS, Json.text(spec, "loadBalancerClass"), faults);
            } else {
                faults.add(Fault.forbidden(CLASS, ONLY_BALANCED));
            }
        }
    }

    private static void policies(JsonNode spec, List<Fault> faults) {
        List<String> policies = List.of("Cluster", "Local");
        String external = Json.text(spec, "externalTrafficPolicy");
        if (ServiceSpecs.isExternallyAccessible(spec)) {
            Rules.oneOf("spec.externalTrafficPolicy", external, policies, faults);
        } else if (!external.isEmpty()) {
            faults.add(Fault.invalid(
                    "spec.externalTrafficPolicy", external, "may only be set for externally-accessible services"));
        }
        long check = Json.number(spec, 0, "healthCheckNodePort");
        if (check != 0 && !ServiceSpecs.needsHealthCheck(spec)) {
            faults.add(Fault.invalid(
                    CHECK_PORT,
                    check,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
        }
        if (spec.has("internalTrafficPolicy")) {
            Rules.oneOf("spec.internalTrafficPolicy", Json.text(spec, "internalTrafficPolicy"), policies, faults);
        }
        if (spec.has("trafficDistribution")) {
            Rules.oneOf(
                    "spec.trafficDistribution",
                    Json.text(spec, "trafficDistribution"),
                    List.of("PreferClose", "PreferSameZone", "PreferSameNode"),
                    faults);
        }
    }
}
