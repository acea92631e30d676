package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which address families a Service has (KEP-563; initIPFamilyFields in pkg/registry/core/service/storage/alloc.go): one unless it asks for
 * both; their number changes only where {@code ipFamilyPolicy} says so.
 */
final class ServiceFamilies {
    private static final String SINGLE = "SingleStack";
    private static final String REQUIRE = "RequireDualStack";
    private static final String MULTIPLE =
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple %s are specified";
    private static final String REDUCED = "must be 'SingleStack' to release the secondary %s";
    private static final String POLICY = "spec.ipFamilyPolicy";

    private final List<String> served;
    private final ObjectNode spec;
    private final Optional<JsonNode> before;
    private final List<String> addresses;
    private final List<String> families;
    private final boolean free;
    private final String policy;

    /** For a spec of any type except {@code ExternalName}, and the previous spec, if there was one. */
    ServiceFamilies(List<Prefix> ranges, ObjectNode spec, Optional<JsonNode> before) {
        this.served =
                ranges.stream().map(range -> Addresses.name(range.family())).toList();
        this.spec = spec;
        this.before = before;
        this.addresses = ServiceAddresses.asked(spec);
        this.families = new ArrayList<>(Json.texts(spec, "ipFamilies"));
        this.free = addresses.contains("None") && Json.map(spec, "selector").isEmpty();
        this.policy = policy();
    }

    /** A headless Service without selector may have endpoints of either family, whatever the cluster has. */
    private String policy() {
        String asked = Json.text(spec, "ipFamilyPolicy");
        String had = before.map(old -> Json.text(old, "ipFamilyPolicy")).orElse("");
        return !asked.isEmpty() ? asked : !had.isEmpty() ? had : free ? REQUIRE : SINGLE;
    }

    /** Completes {@code ipFamilyPolicy} and {@code ipFamilies} in place, unless there is a fault. */
    void complete(List<Fault> faults) {
        number(faults);
        infer(faults);
        identity(faults);
        if (!faults.isEmpty()) {
            return;
        }
        if (families.isEmpty()) {
            families.add(served.getFirst());
        }
        List<String> possible = free ? List.of("IPv4", "IPv6") : served;
        if (!policy.equals(SINGLE)) {
            possible.stream().filter(family -> !families.contains(family)).forEach(families::add);
        }
        spec.put("ipFamilyPolicy", policy);
        var list = spec.putArray("ipFamilies");
        families.forEach(list::add);
    }

    private void number(List<Fault> faults) {
        if (policy.equals(SINGLE)) {
            if (addresses.size() > 1) {
                faults.add(Fault.invalid(POLICY, policy, MULTIPLE.formatted("cluster IPs")));
            }
            if (families.size() > 1) {
                faults.add(Fault.invalid(POLICY, policy, MULTIPLE.formatted("IP families")));
            }
            return;
        }
        before.ifPresent(old -> {
            if (isReduced(addresses, ServiceAddresses.asked(old))) {
                faults.add(Fault.invalid(POLICY, policy, REDUCED.formatted("cluster IP")));
            }
            if (isReduced(families, Json.texts(old, "ipFamilies"))) {
                faults.add(Fault.invalid(POLICY, policy, REDUCED.formatted("IP family")));
            }
        });
        if (policy.equals(REQUIRE) && !free && served.size() < 2) {
            faults.add(Fault.invalid(POLICY, policy, "this cluster is not configured for dual-stack services"));
        }
    }

    private static boolean isReduced(List<String> now, List<String> old) {
        return !now.isEmpty() && now.size() < old.size() && now.equals(old.subList(0, now.size()));
    }

    /** The families of requested addresses; invalid addresses are reported elsewhere. */
    private void infer(List<Fault> faults) {
        for (int i = families.size(); i < addresses.size() && !addresses.get(i).equals("None"); i++) {
            Addresses.address(addresses.get(i)).ifPresent(address -> families.add(Addresses.name(address.family())));
        }
        for (int i = 0; i < families.size() && !free; i++) {
            if (!served.contains(families.get(i))) {
                faults.add(
                        Fault.invalid("spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster"));
            }
        }
    }

    private void identity(List<Fault> faults) {
        if (families.stream().distinct().count() < families.size()) {
            faults.add(
                    Fault.invalid("spec.ipFamilies", String.join(",", families), "may only hold one of each family"));
        }
        List<String> had = before.map(old -> Json.texts(old, "ipFamilies")).orElse(List.of());
        if (!had.isEmpty() && !families.isEmpty() && !families.getFirst().equals(had.getFirst())) {
            faults.add(Fault.invalid("spec.ipFamilies[0]", families.getFirst(), "may not change once set"));
        }
    }
}
