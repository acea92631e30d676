package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which address families a Service has (KEP-563; {@code initIPFamilyFields} in pkg/registry/core/service/storage/alloc.go): one unless it
 * asks for both; their number changes only where {@code ipFamilyPolicy} says so.
 */
final class ServiceFamilies {
    private static final String SINGLE = "SingleStack";
    private static final String PREFER = "PreferDualStack";
    private static final String REQUIRE = "RequireDualStack";
    private static final String MULTIPLE =
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple %s are specified";
    private static final String REDUCED = "must be 'SingleStack' to release the secondary %s";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String CLUSTER_IPS = "clusterIPs";
    private static final String FAMILIES = "ipFamilies";

    private final List<String> served;
    private final ObjectNode spec;
    private final Optional<JsonNode> before;
    private final boolean free;
    private final String policy;

    /** For a spec of any type except {@code ExternalName}, and the previous spec, if there was one. */
    ServiceFamilies(List<Prefix> ranges, ObjectNode spec, Optional<JsonNode> before) {
        this.served =
                ranges.stream().map(range -> Addresses.name(range.family())).toList();
        this.spec = spec;
        this.before = before;
        this.free = Json.text(spec, "clusterIP").equals(ServiceSpecs.NONE)
                && Json.map(spec, "selector").isEmpty();
        this.policy = policy();
    }

    /** A headless Service without selector may have endpoints of either family, whatever the cluster has. */
    private String policy() {
        String asked = Json.text(spec, "ipFamilyPolicy");
        String had = before.map(old -> Json.text(old, "ipFamilyPolicy")).orElse("");
        return spec.has("ipFamilyPolicy") ? asked : !had.isEmpty() ? had : free ? REQUIRE : SINGLE;
    }

    /** Whether a Service that prefers both families is written without a change of them, so that it keeps what it has. */
    static boolean isUnchangedPreference(JsonNode spec, Optional<JsonNode> before) {
        return before.filter(old -> Json.text(spec, "ipFamilyPolicy").equals(PREFER)
                        && Json.text(old, "ipFamilyPolicy").equals(PREFER)
                        && ServiceSpecs.isSame(spec, old, "type")
                        && !ServiceSpecs.isExternalName(spec)
                        && ServiceSpecs.isSame(spec, old, CLUSTER_IPS)
                        && ServiceSpecs.isSame(spec, old, FAMILIES))
                .isPresent();
    }

    /** Completes {@code ipFamilyPolicy} and {@code ipFamilies} in place, unless there is a fault. */
    void complete(List<Fault> faults) {
        spec.put("ipFamilyPolicy", policy);
        ServiceAddressRules.check(spec, before, faults);
        if (!faults.isEmpty()) {
            return;
        }
        before.ifPresent(old -> reduce(old, faults));
        number(faults);
        infer(faults);
        if (!faults.isEmpty()) {
            return;
        }
        if (!free) {
            serve(faults);
        }
        if (faults.isEmpty()) {
            choose();
        }
    }

    /** What is unchanged when the policy becomes the single one gives its second value back. */
    private void reduce(JsonNode old, List<Fault> faults) {
        for (String field : List.of(CLUSTER_IPS, FAMILIES)) {
            int now = Json.items(spec, field).size();
            if (policy.equals(SINGLE)) {
                if (now > 1 && ServiceSpecs.isSame(spec, old, field)) {
                    spec.set(field, Json.array().add(spec.path(field).path(0)));
                }
            } else if (now > 0 && now < Json.items(old, field).size()) {
                String what = field.equals(FAMILIES) ? "IP family" : "cluster IP";
                faults.add(Fault.invalid(POLICY, policy, REDUCED.formatted(what)));
            }
        }
    }

    private void number(List<Fault> faults) {
        if (policy.equals(SINGLE)) {
            if (Json.items(spec, CLUSTER_IPS).size() == 2) {
                faults.add(Fault.invalid(POLICY, policy, MULTIPLE.formatted("cluster IPs")));
            }
            if (Json.items(spec, FAMILIES).size() == 2) {
                faults.add(Fault.invalid(POLICY, policy, MULTIPLE.formatted("IP families")));
            }
        }
    }

    /** The families of requested addresses. */
    private void infer(List<Fault> faults) {
        List<String> addresses = Json.texts(spec, CLUSTER_IPS);
        List<String> families = new ArrayList<>(Json.texts(spec, FAMILIES));
        for (int i = families.size(); i < addresses.size() && !addresses.get(i).equals(ServiceSpecs.NONE); i++) {
            String family = addresses.get(i).indexOf(':') >= 0 ? "IPv6" : "IPv4";
            if (served.contains(family)) {
                families.add(family);
            } else {
                faults.add(Fault.invalid(
                        "spec.clusterIPs[" + i + "]",
                        spec.path(CLUSTER_IPS),
                        family + " is not configured on this cluster"));
            }
        }
        set(families);
    }

    private void serve(List<Fault> faults) {
        if (policy.equals(REQUIRE) && served.size() < 2) {
            faults.add(Fault.invalid(POLICY, policy, "this cluster is not configured for dual-stack services"));
        }
        int i = 0;
        for (String family : Json.texts(spec, FAMILIES)) {
            if (!served.contains(family)) {
                faults.add(Fault.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster"));
            }
            i++;
        }
    }

    private void choose() {
        List<String> families = new ArrayList<>(Json.texts(spec, FAMILIES));
        if (families.isEmpty()) {
            families.add(served.getFirst());
        }
        if (!policy.equals(SINGLE)) {
            (free ? List.of("IPv4", "IPv6") : served)
                    .stream().filter(family -> !families.contains(family)).forEach(families::add);
        }
        set(families);
    }

    private void set(List<String> families) {
        if (!families.isEmpty()) {
            ArrayNode list = spec.putArray(FAMILIES);
            families.forEach(list::add);
        }
    }
}
