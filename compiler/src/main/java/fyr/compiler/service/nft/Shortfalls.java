package fyr.compiler.service.nft;

import fyr.compiler.service.Delivery;
import fyr.compiler.service.ServiceRows;
import fyr.model.NamespacedName;
import fyr.model.observation.Complaint;
import java.util.List;
import java.util.stream.Stream;

/** What the rows of a service say and the rules cannot do. */
final class Shortfalls {

    private Shortfalls() {}

    static List<Complaint> of(NamespacedName service, ServiceRows rows) {
        int most = rows.rows().stream()
                .flatMap(row -> Stream.of(row.fromHere(), row.fromElsewhere()))
                .mapToInt(Shortfalls::endpoints)
                .max()
                .orElse(0);
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
