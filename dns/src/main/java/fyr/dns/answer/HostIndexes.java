package fyr.dns.answer;

import fyr.model.NamespacedName;
import fyr.model.name.DnsService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The indexes of headless services that were asked for, made once for each version of a service. Safe on any thread. */
final class HostIndexes {

    private static final int MOST = 1024; // also bounds what is kept of services that are gone

    private record Indexed(DnsService.Headless service, HostIndex index) {}

    private final ConcurrentMap<NamespacedName, Indexed> known = new ConcurrentHashMap<>();

    /** Compares versions by identity: what did not change is the same object in the next view, and a comparison would be linear. */
    HostIndex of(NamespacedName name, DnsService.Headless service) {
        Indexed found = known.get(name);
        if (found != null && found.service == service) {
            return found.index;
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        HostIndex index = HostIndex.of(service.hosts());
        known.put(name, new Indexed(service, index));
        return index;
    }
}
