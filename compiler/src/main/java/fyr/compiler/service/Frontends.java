package fyr.compiler.service;

import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where clients find some of the services of one plan.
 *
 * @param addresses the virtual addresses of these services, whatever their protocols
 * @param serving the endpoints behind each address and port for one protocol; none for a port without endpoints
 */
record Frontends(Set<IpAddress> addresses, Map<Frontend, Set<Backend>> serving) {

    static Frontends of(ServicePlan plan, Set<NamespacedName> names, Protocol protocol) {
        Frontends frontends = new Frontends(new HashSet<>(), new HashMap<>());
        names.forEach(
                name -> plan.services().get(name).ifPresent(service -> frontends.add(plan, name, service, protocol)));
        return frontends;
    }

    private void add(ServicePlan plan, NamespacedName name, Service service, Protocol protocol) {
        Backends backends = new Backends(plan.slices().get(name).orElse(PersistentMap.empty()), plan.elsewhere());
        for (IpAddress address : plan.addresses(service)) {
            addresses.add(address);
            service.ports().stream()
                    .filter(port -> port.protocol() == protocol)
                    .forEach(port -> add(address, port, backends));
        }
    }

    private void add(IpAddress address, Service.Port port, Backends backends) {
        Set<Backend> ends = backends.serving(address.family(), port);
        add(new Frontend.ClusterIp(address, port.port()), ends);
        if (port.nodePort() != 0) {
            add(new Frontend.NodePort(address.family(), port.nodePort()), ends);
        }
    }

    private void add(Frontend frontend, Set<Backend> ends) {
        serving.computeIfAbsent(frontend, _ -> new HashSet<>()).addAll(ends);
    }

    boolean has(Frontend frontend) {
        return serving.containsKey(frontend);
    }

    boolean leads(Frontend frontend, Backend backend) {
        return serving.getOrDefault(frontend, Set.of()).contains(backend);
    }

    /** Whether something led to an endpoint that it does not lead to in the other. */
    boolean leadsBeyond(Frontends other) {
        return serving.entrySet().stream()
                .anyMatch(place ->
                        !other.serving.getOrDefault(place.getKey(), Set.of()).containsAll(place.getValue()));
    }

    /** Whether something leads to endpoints but led to none in the other, or did not exist there. */
    boolean beginsAfter(Frontends other) {
        return serving.entrySet().stream()
                .anyMatch(place -> !place.getValue().isEmpty()
                        && other.serving.getOrDefault(place.getKey(), Set.of()).isEmpty());
    }
}
