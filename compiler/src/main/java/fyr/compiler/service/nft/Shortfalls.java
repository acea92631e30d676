package fyr.compiler.service.nft;

import fyr.compiler.service.Delivery;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.model.NamespacedName;
import fyr.model.observation.Complaint;
import java.util.List;

/** What the rows of a service say and the rules cannot do. */
final class Shortfalls {

    private Shortfalls() {}

    static List<Complaint> of(NamespacedName service, ServiceRows rows) {
        int most = 0;
        for (ServiceRow row : rows.rows()) {
            most = Math.max(most, Math.max(endpoints(row.fromHere()), endpoints(row.fromElsewhere())));
        }
        return most <= ServiceTier.LARGEST
                ? List.of()
                : List.of(new Complaint(
                        "Service",
                        service.toString(),
                        "spec.selector",
                        "selects " + most + " endpoints; only " + ServiceTier.LARGEST + " of them take connections"));
    }

    private static int endpoints(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Forward(var backends, boolean _) -> backends.size();
            case Delivery.Refuse _, Delivery.Drop _ -> 0;
        };
    }
}
