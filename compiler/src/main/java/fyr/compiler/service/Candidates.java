package fyr.compiler.service;

import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All endpoints of one service.
 *
 * @param elsewhere virtual addresses that the node serves itself (cluster DNS). No endpoint is one, as none may be a virtual address: who asked
 *     there by way of a service would not be counted among those who ask (fyr.compiler.dns.DnsLimit)
 */
record Candidates(PersistentMap<NamespacedName, EndpointSlice> slices, List<IpAddress> elsewhere) {

    /** One endpoint of a port. */
    record Candidate(Backend backend, Endpoint endpoint) {}

    /** Those of a port in one family. An endpoint may be in several slices. */
    List<Candidate> of(Family family, Service.Port port) {
        List<Candidate> candidates = new ArrayList<>();
        slices.forEach((_, slice) -> {
            if (slice.family() == family && !slice.otherProxy()) {
                for (EndpointSlice.Port candidate : slice.ports()) {
                    if (candidate.name().equals(port.name()) && candidate.protocol() == port.protocol()) {
                        add(slice, candidate.port(), candidates);
                    }
                }
            }
        });
        return candidates;
    }

    private void add(EndpointSlice slice, int port, List<Candidate> candidates) {
        for (Endpoint endpoint : slice.endpoints()) {
            if (!endpoint.addresses().isEmpty()
                    && !elsewhere.contains(endpoint.addresses().getFirst())) {
                candidates.add(new Candidate(new Backend(endpoint.addresses().getFirst(), port), endpoint));
            }
        }
    }

    /** All endpoints of a port, whatever their conditions. */
    SortedSet<Backend> present(Family family, Service.Port port) {
        SortedSet<Backend> backends = new TreeSet<>();
        of(family, port).forEach(candidate -> backends.add(candidate.backend()));
        return backends;
    }

    /** The endpoints of a port that keep their existing flows: also while they terminate, as they would keep a TCP connection. */
    SortedSet<Backend> serving(Family family, Service.Port port) {
        SortedSet<Backend> backends = new TreeSet<>();
        for (Candidate candidate : of(family, port)) {
            if (candidate.endpoint().ready() || candidate.endpoint().draining()) {
                backends.add(candidate.backend());
            }
        }
        return backends;
    }
}
