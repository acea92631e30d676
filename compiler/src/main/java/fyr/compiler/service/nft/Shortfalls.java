package fyr.compiler.service.nft;

import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.Sources;
import fyr.model.NamespacedName;
import fyr.model.observation.Complaint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the rows of a service say and the packet rules cannot do yet, with the consequence. Rows are taken apart with a record pattern: a row
 * that says something new does not compile here until somebody has decided what the rules do about it.
 */
final class Shortfalls {

    private final Map<String, String> consequences = new TreeMap<>();

    private Shortfalls() {}

    /** At most one for each field. */
    static List<Complaint> of(NamespacedName service, ServiceRows rows) {
        Shortfalls shortfalls = new Shortfalls();
        rows.rows().forEach(shortfalls::of);
        return shortfalls.consequences.isEmpty() ? List.of() : shortfalls.about(service);
    }

    private List<Complaint> about(NamespacedName service) {
        return consequences.entrySet().stream()
                .map(entry -> new Complaint(
                        "Service", service.toString(), entry.getKey(), "is not supported yet: " + entry.getValue()))
                .toList();
    }

    private void of(ServiceRow row) {
        switch (row) {
            case ServiceRow(
                    Frontend frontend,
                    Delivery fromHere,
                    Delivery fromElsewhere,
                    Optional<Duration> affinity,
                    Sources sources) -> {
                of(frontend, fromHere, fromElsewhere);
                affinity.ifPresent(_ -> consequences.put(
                        "spec.sessionAffinity", "connections of one client may reach different endpoints"));
                switch (sources) {
                    case Sources.Everyone _ -> {}
                    case Sources.Only _ ->
                        consequences.put(
                                "spec.loadBalancerSourceRanges", "node ports take connections from everywhere");
                }
            }
        }
    }

    private void of(Frontend frontend, Delivery fromHere, Delivery fromElsewhere) {
        switch (frontend) {
            case Frontend.ClusterIp _ -> {
                if (!fromHere.equals(fromElsewhere) || !isRendered(fromHere, false)) {
                    consequences.put(
                            "spec.internalTrafficPolicy",
                            "connections that no endpoint of the node can take are refused, not dropped");
                }
            }
            case Frontend.NodePort _ -> {
                if (!fromHere.equals(fromElsewhere) || !isRendered(fromHere, true)) {
                    consequences.put(
                            "spec.externalTrafficPolicy",
                            "node ports lead to endpoints of all nodes, and endpoints do not see the client's address");
                }
            }
            case Frontend.ExternalIp _ -> consequences.put("spec.externalIPs", "nothing is served at these addresses");
            case Frontend.LoadBalancerIp _ ->
                consequences.put("status.loadBalancer", "it is served at its virtual addresses and node ports only");
        }
    }

    private static boolean isRendered(Delivery delivery, boolean masqueraded) {
        return switch (delivery) {
            case Delivery.Forward forward -> forward.masquerade() == masqueraded;
            case Delivery.Refuse _ -> true;
            case Delivery.Drop _ -> false;
        };
    }
}
