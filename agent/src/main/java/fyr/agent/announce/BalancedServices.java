package fyr.agent.announce;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.persistent.PersistentMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Services with load balancer addresses, kept up to date without looking at all Services for each change. Used by one thread. */
final class BalancedServices {

    private final Map<NamespacedName, Service> services = new TreeMap<>();
    private ClusterSnapshot seen = ClusterSnapshot.empty();

    /** They now. */
    Collection<Service> all() {
        return List.copyOf(services.values());
    }

    /** Takes a new state over; whether anything is different that matters to who announces what. */
    boolean follow(ClusterSnapshot next) {
        boolean[] changed = {next.nodes() != seen.nodes()};
        next.services().differences(seen.services(), (name, _, after) -> {
            Optional<Service> now = Optional.ofNullable(after)
                    .filter(service -> !service.traffic().loadBalancerIps().isEmpty());
            Service before = now.isPresent() ? services.put(name, now.get()) : services.remove(name);
            changed[0] |= !now.equals(Optional.ofNullable(before));
        });
        services.forEach((name, service) -> changed[0] |= service.traffic().external() == Policy.LOCAL
                && !slices(next, name).equals(slices(seen, name)));
        seen = next;
        return changed[0];
    }

    private static PersistentMap<NamespacedName, EndpointSlice> slices(
            ClusterSnapshot cluster, NamespacedName service) {
        return cluster.endpointSlices().get(service).orElse(PersistentMap.empty());
    }
}
