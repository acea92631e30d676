package fyr.compiler.service;

import fyr.model.Service;
import fyr.model.address.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the services of some tables are found, apart from node ports.
 *
 * @param virtual addresses of which every port is a service's
 * @param places single ports of other addresses, which may be this node's own
 */
record AddressesInUse(Set<IpAddress> virtual, Set<Place> places) {

    /** A port of an address. */
    record Place(Backend at, int protocol) {}

    static AddressesInUse of(ServiceTable... tables) {
        AddressesInUse inUse = new AddressesInUse(new HashSet<>(), new HashSet<>());
        for (ServiceTable table : tables) {
            table.services().forEach((_, service) -> inUse.add(service, table.addresses(service)));
        }
        return inUse;
    }

    private void add(Service service, List<IpAddress> addresses) {
        virtual.addAll(addresses);
        if (!service.traffic().externalIps().isEmpty()
                || !service.traffic().loadBalancerIps().isEmpty()) {
            new Frontends(service, addresses).all().forEach(this::add);
        }
    }

    private void add(Frontend frontend) {
        switch (frontend) {
            case Frontend.ClusterIp _, Frontend.NodePort _ -> {}
            case Frontend.ExternalIp(IpAddress address, var protocol, int port) ->
                places.add(new Place(new Backend(address, port), protocol.number()));
            case Frontend.LoadBalancerIp(IpAddress address, var protocol, int port) ->
                places.add(new Place(new Backend(address, port), protocol.number()));
        }
    }

    boolean has(Backend at, int protocol) {
        return virtual.contains(at.address()) || places.contains(new Place(at, protocol));
    }
}
