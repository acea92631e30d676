package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of a Node that routes depend on. */
final class NodeValidation {
    private NodeValidation() {}

    static void check(JsonNode spec, List<Fault> faults) {
        List<String> prefixes = Json.texts(spec, "podCIDRs");
        Set<Family> families = EnumSet.noneOf(Family.class);
        for (int i = 0; i < prefixes.size(); i++) {
            String at = "spec.podCIDRs[" + i + "]";
            Optional<Prefix> prefix = Addresses.prefix(prefixes.get(i));
            if (prefix.isEmpty()) {
                faults.add(Fault.invalid(
                        at, prefixes.get(i), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
            } else if (!families.add(prefix.get().family())) {
                faults.add(Fault.invalid(at, prefixes.get(i), "may specify no more than one CIDR for each IP family"));
            }
        }
        String first = Json.text(spec, "podCIDR");
        if (!prefixes.isEmpty() && !first.isEmpty() && !first.equals(prefixes.getFirst())) {
            faults.add(Fault.invalid("spec.podCIDRs[0]", prefixes.getFirst(), "must match spec.podCIDR"));
        }
    }

    /** What other nodes have made routes of does not change. */
    static void changes(JsonNode before, JsonNode after, List<Fault> faults) {
        JsonNode had = Json.at(before, "spec", "podCIDRs");
        if (!had.isEmpty() && !Json.same(had, Json.at(after, "spec", "podCIDRs"))) {
            faults.add(
                    Fault.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid"));
        }
    }
}
