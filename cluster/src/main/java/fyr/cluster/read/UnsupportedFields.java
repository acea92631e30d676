package fyr.cluster.read;

import fyr.cluster.protobuf.Schemas;
import fyr.model.Service;
import fyr.model.observation.Objection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fields of a Service that mean something to its clients and are not implemented yet. Each is reported. */
final class UnsupportedFields {

    private static final Map<String, String> NOT_LOCAL = Map.of(
            "externalTrafficPolicy",
            "node ports lead to endpoints of all nodes, and endpoints do not see the client's address",
            "internalTrafficPolicy",
            "the virtual address leads to endpoints of all nodes");

    static final String NO_TOPOLOGY = "connections go to endpoints of all nodes and zones alike";

    private final List<Fault> faults = new ArrayList<>(0);

    /** Reads a field of the specification, or skips it. */
    void spec(String field, JsonCursor json) {
        switch (field) {
            case "sessionAffinity" ->
                value(field, json, "None", "connections of one client may reach different endpoints");
            case "externalTrafficPolicy", "internalTrafficPolicy" ->
                value(field, json, "Cluster", NOT_LOCAL.getOrDefault(field, ""));
            case "trafficDistribution" -> value(field, json, "", NO_TOPOLOGY);
            case "externalIPs" -> items(field, json, "nothing is served at these addresses");
            case "loadBalancerSourceRanges" -> items(field, json, "node ports take connections from everywhere");
            default -> json.skip();
        }
    }

    private void value(String field, JsonCursor json, String usual, String consequence) {
        String value = json.text();
        if (!value.isEmpty() && !value.equals(usual)) {
            add("spec." + field, value, consequence);
        }
    }

    private void items(String field, JsonCursor json, String consequence) {
        List<String> items = json.list(json::text);
        if (!items.isEmpty()) {
            add("spec." + field, String.join(", ", items.subList(0, Math.min(3, items.size()))), consequence);
        }
    }

    /** Reads the annotations about topology. */
    void annotations(JsonCursor json) {
        json.object(name -> {
            switch (name) {
                case Schemas.TOPOLOGY_MODE, Schemas.TOPOLOGY_HINTS -> {
                    String value = json.text();
                    if (!value.isEmpty() && !value.equalsIgnoreCase("disabled")) {
                        add("metadata.annotations[" + name + "]", value, NO_TOPOLOGY);
                    }
                }
                default -> json.skip();
            }
        });
    }

    private void add(String field, String value, String consequence) {
        faults.add(
                new Fault(Objection.UNSUPPORTED, field, Excerpt.of(value) + " is not supported yet: " + consequence));
    }

    /** Everything that was read, and what the type of the Service implies in addition. */
    List<Fault> all(Service.Type type) {
        if (type == Service.Type.LOAD_BALANCER) {
            add("spec.type", "LoadBalancer", "it is served at its virtual addresses and node ports only");
        }
        return faults;
    }
}
