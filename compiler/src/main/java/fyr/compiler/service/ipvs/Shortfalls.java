package fyr.compiler.service.ipvs;

import fyr.compiler.routing.Overlay;
import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.observation.Complaint;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the rows of a service say and virtual servers do not do: nothing may reach the port of the tunnel through a service. In other modes
 * the rules of the tunnel recognise such a packet by its translation, of which the kernel knows nothing here.
 */
final class Shortfalls {

    private Shortfalls() {}

    /** Whether an endpoint is at the port of the tunnel, which may be any node's. */
    static boolean isTunnel(Protocol protocol, Backend backend) {
        return protocol == Protocol.UDP && backend.port() == Overlay.PORT;
    }

    static List<Complaint> of(NamespacedName service, ServiceRows rows) {
        boolean some = rows.rows().stream().anyMatch(Shortfalls::hasTunnel);
        return some
                ? List.of(new Complaint(
                        "Service",
                        service.toString(),
                        "spec.ports[].targetPort",
                        "leads to UDP port " + Overlay.PORT
                                + ", which is the tunnel's; in mode ipvs these endpoints take no connections"))
                : List.of();
    }

    private static boolean hasTunnel(ServiceRow row) {
        return Stream.of(row.fromHere(), row.fromElsewhere())
                .anyMatch(delivery -> delivery instanceof Delivery.Forward(List<Backend> backends, boolean _)
                        && backends.stream()
                                .anyMatch(backend -> isTunnel(row.frontend().protocol(), backend)));
    }
}
