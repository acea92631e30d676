package fyr.model.name;

import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/**
 * Everything that cluster DNS serves, by the rules of the Kubernetes DNS specification 1.1.0.
 *
 * @param services what each service's name leads to
 * @param namespaces the namespaces there are (values mean nothing): their names exist, without records
 * @param pointers the names an address has, in ascending order; relative to the zone, e.g. {@code web.shop.svc}
 */
public record DnsView(
        PersistentMap<NamespacedName, DnsService> services,
        PersistentMap<String, Boolean> namespaces,
        PersistentMap<IpAddress, List<String>> pointers) {

    /** A cluster without any service. */
    public static DnsView empty() {
        return new DnsView(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());
    }
}
