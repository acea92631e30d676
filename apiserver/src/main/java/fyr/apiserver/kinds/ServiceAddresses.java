package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Assigns cluster addresses and node ports to Services, in both families, without assigning one twice (KEP-563, KEP-3070: the lower band of
 * each range is reserved for those who request a certain address). Not thread-safe: the registry calls it under the lock of the
 * store.
 */
public final class ServiceAddresses {
    private static final int PORT_FIRST = 30_000;
    private static final int PORT_LAST = 32_767;
    private static final int PORT_BAND = 86;
    private static final int ADDRESS_BAND = 256;

    private final List<Prefix> ranges;
    /** Addresses, and ports as "30080/TCP", with the Service that has them. */
    private final Map<String, String> taken = new HashMap<>();

    private final Map<Prefix, Long> next = new HashMap<>();
    private int nextPort = PORT_FIRST + PORT_BAND;

    /** Allocates from one range for each family; the first is the primary one. */
    public ServiceAddresses(List<Prefix> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Completes the Service's spec in place; the assignments take effect with {@link #commit}. */
    public void complete(ObjectNode service, Optional<ObjectNode> before, List<Fault> faults) {
        ObjectNode spec = Json.child(service, "spec");
        String type = Json.text(spec, "type");
        if (type.equals("ExternalName")) {
            spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
            return;
        }
        String owner = owner(service);
        before.ifPresent(old -> keep(spec, Json.at(old, "spec"), faults));
        new ServiceFamilies(ranges, spec, before.map(old -> Json.at(old, "spec"))).complete(faults);
        if (!faults.isEmpty()) {
            return;
        }
        addresses(spec, owner, faults);
        if (type.equals("ClusterIP")) {
            Json.items(spec, "ports").forEach(port -> dropNodePort(port));
        } else {
            ports(spec, owner, faults);
        }
    }

    private static void dropNodePort(JsonNode port) {
        if (port instanceof ObjectNode object) {
            object.remove("nodePort");
        }
    }

    /** Moves the claims of a Service from one form to the next; empty if it does not exist before or after. */
    public void commit(Optional<ObjectNode> before, Optional<ObjectNode> after) {
        // A Service that was stored without checks may name what another one has.
        before.ifPresent(old -> claims(old).forEach(claim -> taken.remove(claim, owner(old))));
        after.ifPresent(now -> claims(now).forEach(claim -> taken.put(claim, owner(now))));
    }

    private static String owner(JsonNode service) {
        return Json.namespace(service) + "/" + Json.name(service);
    }

    private static List<String> claims(JsonNode service) {
        List<String> claims = new ArrayList<>(Json.texts(service, "spec", "clusterIPs"));
        claims.remove("None");
        for (JsonNode port : Json.items(service, "spec", "ports")) {
            long number = Json.number(port, 0, "nodePort");
            if (number != 0) {
                claims.add(Long.toString(number));
            }
        }
        return claims;
    }

    /** A written Service that does not repeat its addresses and ports keeps them; it cannot change them. */
    private static void keep(ObjectNode spec, JsonNode old, List<Fault> faults) {
        List<String> had = Json.texts(old, "clusterIPs");
        if (had.isEmpty()) {
            return;
        }
        String wanted = Json.text(spec, "clusterIP");
        if (!wanted.isEmpty() && !wanted.equals(had.getFirst())) {
            faults.add(Fault.invalid("spec.clusterIPs[0]", wanted, "may not change once set"));
        } else if (Json.items(spec, "clusterIPs").isEmpty()) {
            spec.set("clusterIPs", old.get("clusterIPs"));
        }
        if (!spec.has("ipFamilies") && !spec.has("ipFamilyPolicy")) {
            spec.set("ipFamilies", Json.at(old, "ipFamilies"));
            spec.set("ipFamilyPolicy", Json.at(old, "ipFamilyPolicy"));
        }
        for (JsonNode port : Json.items(spec, "ports")) {
            for (JsonNode was : Json.items(old, "ports")) {
                if (port instanceof ObjectNode object
                        && !object.has("nodePort")
                        && was.has("nodePort")
                        && Json.at(object, "port").equals(was.get("port"))
                        && Json.text(object, "protocol").equals(Json.text(was, "protocol"))) {
                    object.set("nodePort", was.get("nodePort"));
                }
            }
        }
    }

    /** The addresses that a spec names. */
    static List<String> asked(JsonNode spec) {
        List<String> addresses = Json.texts(spec, "clusterIPs");
        String single = Json.text(spec, "clusterIP");
        return addresses.isEmpty() && !single.isEmpty() ? List.of(single) : addresses;
    }

    private void addresses(ObjectNode spec, String owner, List<Fault> faults) {
        List<String> asked = asked(spec);
        if (asked.contains("None")) {
            spec.put("clusterIP", "None").putArray("clusterIPs").add("None");
            return;
        }
        List<String> families = Json.texts(spec, "ipFamilies");
        List<String> given = new ArrayList<>();
        for (int i = 0; i < families.size(); i++) {
            Family family = Addresses.family(families.get(i));
            given.add(
                    i < asked.size() && !asked.get(i).isEmpty()
                            ? claim(asked.get(i), family, owner, faults)
                            : free(family, faults));
        }
        spec.put("clusterIP", given.getFirst());
        var list = spec.putArray("clusterIPs");
        given.forEach(list::add);
    }

    private String claim(String text, Family family, String owner, List<Fault> faults) {
        Optional<IpAddress> address = Addresses.address(text);
        String canonical = address.map(IpAddress::toString).orElse(text);
        if (address.isEmpty() || address.get().family() != family) {
            faults.add(
                    Fault.invalid("spec.clusterIPs", text, "must be a valid " + Addresses.name(family) + " address"));
        } else if (ranges.stream().noneMatch(range -> range.contains(address.get()))) {
            faults.add(Fault.invalid(
                    "spec.clusterIPs",
                    text,
                    "failed to allocate IP " + text
                            + ": the provided IP is not in the valid range of service addresses " + ranges));
        } else if (!taken.getOrDefault(canonical, owner).equals(owner)) {
            faults.add(Fault.invalid(
                    "spec.clusterIPs", text, "failed to allocate IP " + text + ": provided IP is already allocated"));
        }
        return canonical;
    }

    private String free(Family family, List<Fault> faults) {
        Prefix range = ranges.stream()
                .filter(one -> one.family() == family)
                .findFirst()
                .orElseThrow();
        long size = 1L << Math.min(32, family.bits() - range.length());
        long band = size > 2 * ADDRESS_BAND ? ADDRESS_BAND : 1;
        long start = next.getOrDefault(range, band);
        for (long tried = 0; tried < size - 2; tried++) {
            long offset = start + tried < size - 1 ? start + tried : 1 + (start + tried) % (size - 1);
            String address = range.address().plus(offset).toString();
            if (!taken.containsKey(address)) {
                next.put(range, offset + 1);
                return address;
            }
        }
        faults.add(Fault.invalid("spec.clusterIPs", "", "failed to allocate a serviceIP: range " + range + " is full"));
        return "";
    }

    private void ports(ObjectNode spec, String owner, List<Fault> faults) {
        if (Json.text(spec, "type").equals("LoadBalancer")
                && spec.has("allocateLoadBalancerNodePorts")
                && !Json.truth(spec, "allocateLoadBalancerNodePorts")) {
            return;
        }
        Map<Long, String> mine = new HashMap<>();
        int i = 0;
        for (JsonNode port : Json.items(spec, "ports")) {
            String field = "spec.ports[" + i++ + "].nodePort";
            long wanted = Json.number(port, 0, "nodePort");
            String protocol = Json.text(port, "protocol");
            if (wanted == 0) {
                ((ObjectNode) port).put("nodePort", freePort(mine, field, faults));
            } else if (wanted < PORT_FIRST || wanted > PORT_LAST) {
                faults.add(Fault.invalid(
                        field,
                        wanted,
                        "provided port is not in the valid range. The range of valid ports is " + PORT_FIRST + "-"
                                + PORT_LAST));
            } else if (!taken.getOrDefault(Long.toString(wanted), owner).equals(owner)
                    || protocol.equals(mine.get(wanted))) {
                faults.add(Fault.invalid(field, wanted, "provided port is already allocated"));
            }
            mine.put(Json.number(port, 0, "nodePort"), protocol);
        }
    }

    private int freePort(Map<Long, String> mine, String field, List<Fault> faults) {
        int size = PORT_LAST - PORT_FIRST + 1;
        for (int tried = 0; tried < size; tried++) {
            int port = PORT_FIRST + (nextPort - PORT_FIRST + tried) % size;
            if (!taken.containsKey(Integer.toString(port)) && !mine.containsKey((long) port)) {
                nextPort = port + 1;
                return port;
            }
        }
        faults.add(Fault.invalid(field, 0, "failed to allocate a nodePort: range is full"));
        return 0;
    }
}
