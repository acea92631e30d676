package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is valid in a Service, but deprecated, unusual or without effect ({@code GetWarningsForService} in pkg/api/service/warnings.go). */
final class ServiceWarnings {
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";

    private ServiceWarnings() {}

    static List<String> of(JsonNode service) {
        JsonNode spec = Json.at(service, "spec");
        List<String> warnings = new ArrayList<>();
        if (Json.map(service, "metadata", "annotations").containsKey(HINTS)) {
            warnings.add(
                    "annotation " + HINTS + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        String type = Json.text(spec, "type");
        boolean external = ServiceSpecs.isExternalName(spec);
        boolean headless = (type.isEmpty() || type.equals("ClusterIP"))
                && Json.text(spec, "clusterIP").equals(ServiceSpecs.NONE);
        if (spec.has("clusterIPs")) {
            addresses(spec, "clusterIPs", warnings);
        } else {
            warnings.addAll(AddressRules.addressWarnings("spec.clusterIPs[0]", Json.text(spec, "clusterIP")));
        }
        if (headless) {
            headless(spec, warnings);
        }
        addresses(spec, "externalIPs", warnings);
        boolean reachable = !Json.items(spec, "externalIPs").isEmpty();
        if (reachable && !headless && !external) {
            warnings.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        warnings.addAll(AddressRules.addressWarnings("spec.loadBalancerIP", Json.text(spec, "loadBalancerIP")));
        int i = 0;
        for (String range : Json.texts(spec, "loadBalancerSourceRanges")) {
            warnings.addAll(AddressRules.prefixWarnings("spec.loadBalancerSourceRanges[" + i++ + "]", range));
        }
        if (reachable && external) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!external && !Json.text(spec, "externalName").isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (Json.text(spec, "trafficDistribution").equals("PreferClose")) {
            warnings.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return warnings;
    }

    private static void headless(JsonNode spec, List<String> warnings) {
        if (!Json.text(spec, "loadBalancerIP").isEmpty()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (!Json.items(spec, "externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        String affinity = Json.text(spec, "sessionAffinity");
        if (!affinity.isEmpty() && !affinity.equals("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }

    private static void addresses(JsonNode spec, String field, List<String> warnings) {
        int i = 0;
        for (String address : Json.texts(spec, field)) {
            warnings.addAll(AddressRules.addressWarnings("spec." + field + "[" + i++ + "]", address));
        }
    }
}
