package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The rules of {@code clusterIP}, {@code clusterIPs}, {@code ipFamilies} and {@code ipFamilyPolicy} that need no look at other Services
 * ({@code ValidateServiceClusterIPsRelatedFields}, {@code validateUpgradeDowngradeClusterIPs} and {@code …IPFamilies} in
 * pkg/apis/core/validation/validation.go).
 */
final class ServiceAddressRules {
    private static final String CLUSTER_IPS = "spec.clusterIPs";
    private static final String UNCHANGED = "may not change once set";

    private ServiceAddressRules() {}

    static void check(JsonNode spec, Optional<JsonNode> before, List<Fault> faults) {
        if (ServiceSpecs.isExternalName(spec)) {
            return;
        }
        List<String> addresses = Json.texts(spec, "clusterIPs");
        first(spec, addresses, faults);
        families(spec, faults);
        List<String> former = before.map(old -> Json.texts(old, "clusterIPs")).orElse(List.of());
        boolean valid = values(spec, addresses, former, faults);
        if (addresses.size() > 2) {
            faults.add(Fault.invalid(CLUSTER_IPS, spec.path("clusterIPs"), "may only hold up to 2 values"));
        }
        if (valid) {
            pairs(spec, addresses, faults);
        }
    }

    private static void first(JsonNode spec, List<String> addresses, List<Fault> faults) {
        String first = Json.text(spec, "clusterIP");
        if (first.isEmpty()) {
            if (!addresses.isEmpty()) {
                faults.add(Fault.invalid(
                        CLUSTER_IPS, spec.path("clusterIPs"), "must be empty when `clusterIP` is not specified"));
            }
        } else if (addresses.isEmpty()) {
            faults.add(Fault.required(CLUSTER_IPS, ""));
        } else if (!addresses.getFirst().equals(first)) {
            faults.add(Fault.invalid(CLUSTER_IPS, spec.path("clusterIPs"), "first value must match `clusterIP`"));
        }
    }

    private static void families(JsonNode spec, List<Fault> faults) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (String family : Json.texts(spec, "ipFamilies")) {
            String at = "spec.ipFamilies[" + i++ + "]";
            Rules.oneOf(at, family, List.of("IPv4", "IPv6"), faults);
            if (!seen.add(family)) {
                faults.add(Fault.duplicate(at, family));
            }
        }
        if (spec.has("ipFamilyPolicy")) {
            Rules.oneOf(
                    "spec.ipFamilyPolicy",
                    Json.text(spec, "ipFamilyPolicy"),
                    List.of("PreferDualStack", "RequireDualStack", "SingleStack"),
                    faults);
        }
    }

    /** Whether each is an address, or the only one is {@code None}. */
    private static boolean values(JsonNode spec, List<String> addresses, List<String> former, List<Fault> faults) {
        boolean valid = true;
        for (int i = 0; i < addresses.size(); i++) {
            if (i > 0 || !addresses.getFirst().equals(ServiceSpecs.NONE)) {
                valid &= AddressRules.address(CLUSTER_IPS + "[" + i + "]", addresses.get(i), former, faults);
            } else if (addresses.size() > 1) {
                valid = false;
                faults.add(
                        Fault.invalid(CLUSTER_IPS, spec.path("clusterIPs"), "'None' must be the first and only value"));
            }
        }
        return valid;
    }

    private static void pairs(JsonNode spec, List<String> addresses, List<Fault> faults) {
        long families =
                addresses.stream().map(ServiceAddressRules::family).distinct().count();
        if (addresses.size() > 1 && families < 2) {
            faults.add(Fault.invalid(
                    CLUSTER_IPS, spec.path("clusterIPs"), "may specify no more than one IP for each IP family"));
        }
        List<String> wanted = Json.texts(spec, "ipFamilies");
        for (int i = 0; i < Math.min(addresses.size(), wanted.size()) && !ServiceSpecs.isHeadless(spec); i++) {
            String address = addresses.get(i);
            if (List.of("IPv4", "IPv6").contains(wanted.get(i))
                    && !wanted.get(i).equals(family(address))) {
                faults.add(Fault.invalid(
                        CLUSTER_IPS + "[" + i + "]",
                        address,
                        "expected an " + wanted.get(i) + " value as indicated by `ipFamilies[" + i + "]`"));
            }
        }
    }

    private static String family(String address) {
        return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
    }

    /** The rules of a change. */
    static void changes(JsonNode old, JsonNode spec, List<Fault> faults) {
        boolean was = ServiceSpecs.isHeadless(old);
        boolean is = ServiceSpecs.isHeadless(spec);
        if (ServiceSpecs.isExternalName(spec) || ServiceSpecs.isExternalName(old) || was && is) {
            return;
        }
        addressChanges(old, spec, faults);
        if (was == is) {
            familyChanges(old, spec, faults);
        }
    }

    private static void addressChanges(JsonNode old, JsonNode spec, List<Fault> faults) {
        List<String> had = Json.texts(old, "clusterIPs");
        List<String> now = Json.texts(spec, "clusterIPs");
        int compared = had.size() == now.size() ? now.size() : Math.min(1, Math.min(had.size(), now.size()));
        if (now.isEmpty() && !had.isEmpty()) {
            faults.add(Fault.invalid(CLUSTER_IPS + "[0]", Json.array(), "primary clusterIP can not be unset"));
        }
        for (int i = 0; i < compared; i++) {
            if (!had.get(i).equals(now.get(i))) {
                faults.add(Fault.invalid(CLUSTER_IPS + "[" + i + "]", spec.path("clusterIPs"), UNCHANGED));
            }
        }
        if (now.size() == 1 && had.size() > 1) {
            release(spec, "clusterIP", faults);
        }
    }

    private static void familyChanges(JsonNode old, JsonNode spec, List<Fault> faults) {
        List<String> had = Json.texts(old, "ipFamilies");
        List<String> now = Json.texts(spec, "ipFamilies");
        boolean sameSize = had.size() == now.size();
        int compared = sameSize ? now.size() : Math.min(1, Math.min(had.size(), now.size()));
        for (int i = 0; i < compared; i++) {
            if (!had.get(i).equals(now.get(i))) {
                JsonNode shown = spec.path(sameSize ? "ipFamilies" : "clusterIPs");
                faults.add(Fault.invalid("spec.ipFamilies[0]", shown, UNCHANGED));
            }
        }
        if (now.size() == 1 && had.size() > 1) {
            release(spec, "ipFamily", faults);
        }
    }

    private static void release(JsonNode spec, String what, List<Fault> faults) {
        String policy = Json.text(spec, "ipFamilyPolicy");
        if (!policy.equals("SingleStack")) {
            faults.add(Fault.invalid(
                    "spec.ipFamilyPolicy",
                    policy,
                    "must be set to 'SingleStack' when releasing the secondary " + what));
        }
    }
}
