package fyr.compiler.service;

import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The endpoints of one service, each once, in ascending order: the order decides the slots, so it must not depend on history.
 *
 * @param elsewhere virtual addresses that the node serves itself (cluster DNS). No endpoint is one, as none may be a virtual address: who asked
 *     there by way of a service would not be counted among those who ask (fyr.compiler.dns.DnsLimit)
 */
record Backends(PersistentMap<NamespacedName, EndpointSlice> slices, List<IpAddress> elsewhere) {

    /**
     * The endpoints of a port that take new connections. They are the ready ones or, if none is ready, those that still serve while they
     * terminate (KEP-1669; kube-proxy's CategorizeEndpoints): a rollout of a single replica, or of a node with all replicas, refuses no
     * connections.
     */
    SortedSet<Backend> open(Family family, Service.Port port) {
        SortedSet<Backend> ready = of(family, port, Endpoint::ready);
        return ready.isEmpty() ? of(family, port, Endpoint::draining) : ready;
    }

    /** The endpoints of a port that keep their existing flows: also while they terminate, as they would keep a TCP connection. */
    SortedSet<Backend> serving(Family family, Service.Port port) {
        return of(family, port, endpoint -> endpoint.ready() || endpoint.draining());
    }

    private SortedSet<Backend> of(Family family, Service.Port port, Predicate<Endpoint> wanted) {
        SortedSet<Backend> backends = new TreeSet<>();
        slices.forEach((_, slice) -> {
            if (slice.family() == family && !slice.otherProxy()) {
                for (EndpointSlice.Port candidate : slice.ports()) {
                    if (candidate.name().equals(port.name()) && candidate.protocol() == port.protocol()) {
                        add(slice, candidate.port(), wanted, backends);
                    }
                }
            }
        });
        return backends;
    }

    private void add(EndpointSlice slice, int port, Predicate<Endpoint> wanted, SortedSet<Backend> backends) {
        for (Endpoint endpoint : slice.endpoints()) {
            if (wanted.test(endpoint)
                    && !endpoint.addresses().isEmpty()
                    && !elsewhere.contains(endpoint.addresses().getFirst())) {
                backends.add(new Backend(endpoint.addresses().getFirst(), port));
            }
        }
    }
}
