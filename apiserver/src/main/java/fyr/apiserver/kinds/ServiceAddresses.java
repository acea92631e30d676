package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Assigns cluster addresses and node ports to Services, in both families, without assigning one twice (KEP-563, KEP-3070: the lower band of
 * each range is reserved for those who request a certain address). Not thread-safe: the registry calls it under the lock of the
 * store.
 */
public final class ServiceAddresses {
    private static final int ADDRESS_BAND = 256;

    private final List<Prefix> ranges;
    private final NodePorts nodePorts = new NodePorts();
    /** Each address with the Service that has it. */
    private final Map<IpAddress, String> taken = new HashMap<>();

    private final Map<Prefix, Long> next = new HashMap<>();

    /** Allocates from one range for each family; the first is the primary one. */
    public ServiceAddresses(List<Prefix> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Completes the Service's spec in place; the assignments take effect with {@link #commit}. */
    public void complete(ObjectNode service, Optional<ObjectNode> before, List<Fault> faults) {
        ObjectNode spec = Json.child(service, "spec");
        Optional<JsonNode> old = before.map(one -> Json.at(one, "spec"));
        old.ifPresentOrElse(one -> ServiceUpdate.complete(spec, one), () -> ServiceUpdate.normalize(spec));
        boolean keeps = ServiceFamilies.isUnchangedPreference(spec, old);
        if (!ServiceSpecs.isExternalName(spec) && !keeps) {
            new ServiceFamilies(ranges, spec, old).complete(faults);
            if (!faults.isEmpty()) {
                return;
            }
            addresses(Json.name(service), spec, old, faults);
        }
        if (faults.isEmpty()) {
            nodePorts.complete(spec, old, faults);
        }
    }

    /** Moves the claims of a Service from one form to the next; empty if it does not exist before or after. */
    public void commit(Optional<ObjectNode> before, Optional<ObjectNode> after) {
        before.ifPresent(old -> {
            // A Service that was stored without checks may name what another one has.
            held(old).forEach(address -> taken.remove(address, owner(old)));
            nodePorts.release(Json.at(old, "spec"), owner(old));
        });
        after.ifPresent(now -> {
            held(now).forEach(address -> taken.put(address, owner(now)));
            nodePorts.take(Json.at(now, "spec"), owner(now));
        });
    }

    private static String owner(JsonNode service) {
        return Json.namespace(service) + "/" + Json.name(service);
    }

    private static List<IpAddress> held(JsonNode service) {
        return Json.texts(service, "spec", "clusterIPs").stream()
                .flatMap(text -> Addresses.address(text).stream())
                .toList();
    }

    private void addresses(String name, ObjectNode spec, Optional<JsonNode> old, List<Fault> faults) {
        boolean fresh = old.map(ServiceSpecs::isExternalName).orElse(true);
        if (fresh
                ? ServiceSpecs.isHeadless(spec)
                : old.map(ServiceSpecs::isHeadless).orElse(false)) {
            return;
        }
        int had =
                fresh ? 0 : old.map(one -> Json.items(one, "ipFamilies").size()).orElse(0);
        List<String> families = Json.texts(spec, "ipFamilies");
        ArrayNode all = spec.path("clusterIPs") instanceof ArrayNode list ? list : Json.array();
        List<String> given = new ArrayList<>(Json.texts(spec, "clusterIPs"));
        for (int i = had; i < families.size() && faults.isEmpty(); i++) {
            String asked = i < given.size() ? given.get(i) : "";
            if (asked.isEmpty()) {
                given.add(free(name, Addresses.family(families.get(i))).toString());
            } else {
                claim(asked, all, faults);
            }
        }
        if (families.size() > had) {
            ArrayNode list = spec.putArray("clusterIPs");
            given.forEach(list::add);
            spec.put("clusterIP", given.getFirst());
        }
    }

    private void claim(String text, ArrayNode all, List<Fault> faults) {
        IpAddress address = IpAddress.parse(text);
        String why = ranges.stream().noneMatch(range -> isUsable(range, address))
                ? "the provided network does not match the current range"
                : taken.containsKey(address) ? "provided IP is already allocated" : "";
        if (!why.isEmpty()) {
            faults.add(Fault.invalid("spec.clusterIPs", all, "failed to allocate IP " + text + ": " + why));
        }
    }

    /** The first address of a range, and the last one of IPv4, are no host's. */
    private static boolean isUsable(Prefix range, IpAddress address) {
        return range.contains(address)
                && !address.equals(range.address())
                && !(address.family() == Family.IPV4 && address.equals(range.last()));
    }

    private IpAddress free(String name, Family family) {
        Prefix range = ranges.stream()
                .filter(one -> one.family() == family)
                .findFirst()
                .orElseThrow();
        long size = 1L << Math.min(32, family.bits() - range.length());
        long band = size > 2 * ADDRESS_BAND ? ADDRESS_BAND : 1;
        long start = next.getOrDefault(range, band);
        for (long tried = 0; tried < size - 2; tried++) {
            long offset = start + tried < size - 1 ? start + tried : 1 + (start + tried) % (size - 1);
            IpAddress address = range.address().plus(offset);
            if (!taken.containsKey(address)) {
                next.put(range, offset + 1);
                return address;
            }
        }
        throw StatusException.of(
                500,
                "InternalError",
                "Internal error occurred: failed to allocate a serviceIP for Service \"" + name + "\": range is full");
    }
}
