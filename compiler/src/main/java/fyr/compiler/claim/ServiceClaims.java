package fyr.compiler.claim;

import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.SpecialAddresses;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which service has a virtual address or a node port: the oldest that claims it, then the first by name. A service without an address
 * serves nothing, so it has no node port either. The API server gives each to one service only, but its repair loops may find two services
 * with the same one, and then both objects stay.
 *
 * @param heard services as they were received
 * @param cut the services that lost something, without it
 * @param granted all services, including these
 * @param complaints about the services that lost something, by object
 */
public record ServiceClaims(
        PersistentMap<NamespacedName, Service> heard,
        Claims<IpAddress, NamespacedName> addresses,
        Claims<NodePort, NamespacedName> nodePorts,
        PersistentMap<NamespacedName, Service> cut,
        PersistentMap<NamespacedName, Service> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    /** A port on every address of the node. */
    public record NodePort(Protocol protocol, int number) {}

    static ServiceClaims none() {
        return new ServiceClaims(
                PersistentMap.empty(),
                Claims.none(),
                Claims.none(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    ServiceClaims next(PersistentMap<NamespacedName, Service> services) {
        return services == heard ? this : new Step(services).run();
    }

    /** Services of another proxy claim nothing here. */
    private static List<IpAddress> addresses(Service service) {
        return service.otherProxy() ? List.of() : service.clusterIps();
    }

    private static List<NodePort> nodePorts(Service service) {
        return addresses(service).isEmpty()
                ? List.of()
                : service.ports().stream()
                        .filter(port -> port.nodePort() != 0)
                        .map(ServiceClaims::nodePort)
                        .toList();
    }

    private static NodePort nodePort(Service.Port port) {
        return new NodePort(port.protocol(), port.nodePort());
    }

    /** Moves from one state to another; lives within one call. */
    private final class Step {
        private final PersistentMap<NamespacedName, Service> services;
        private Claims<IpAddress, NamespacedName> allAddresses = addresses;
        private Claims<NodePort, NamespacedName> allNodePorts = nodePorts;
        private final Set<NamespacedName> affected = new HashSet<>();

        Step(PersistentMap<NamespacedName, Service> services) {
            this.services = services;
        }

        ServiceClaims run() {
            Set<IpAddress> touchedAddresses = new HashSet<>();
            Set<NodePort> touchedPorts = new HashSet<>();
            services.differences(heard, (name, before, after) -> {
                affected.add(name);
                if (before != null) {
                    addresses(before).forEach(address -> allAddresses = allAddresses.without(address, name));
                    nodePorts(before).forEach(port -> allNodePorts = allNodePorts.without(port, name));
                    touchedAddresses.addAll(addresses(before));
                    touchedPorts.addAll(nodePorts(before));
                }
                if (after != null) {
                    addresses(after).forEach(address -> allAddresses = allAddresses.with(address, name));
                    nodePorts(after).forEach(port -> allNodePorts = allNodePorts.with(port, name));
                    touchedAddresses.addAll(addresses(after));
                    touchedPorts.addAll(nodePorts(after));
                }
            });
            touchedAddresses.stream()
                    .flatMap(address -> allAddresses.of(address).stream())
                    .forEach(name -> {
                        affected.add(name);
                        // Its node ports depend on whether it keeps an address.
                        touchedPorts.addAll(nodePorts(services.get(name).orElseThrow()));
                    });
            touchedPorts.forEach(port -> affected.addAll(allNodePorts.of(port)));
            return grant();
        }

        private ServiceClaims grant() {
            PersistentMap<NamespacedName, Service> allCut = cut;
            PersistentMap<String, List<Complaint>> complaining = complaints;
            for (NamespacedName name : affected) {
                List<Complaint> about = new ArrayList<>();
                Optional<Service> now = services.get(name).map(service -> granted(service, about));
                allCut = about.isEmpty() ? allCut.without(name) : allCut.with(name, now.orElseThrow());
                complaining = about.isEmpty()
                        ? complaining.without("Service " + name)
                        : complaining.with("Service " + name, List.copyOf(about));
            }
            return new ServiceClaims(
                    services, allAddresses, allNodePorts, allCut, Overlay.of(services, allCut), complaining);
        }

        private Service granted(Service service, List<Complaint> about) {
            List<IpAddress> own = new ArrayList<>(addresses(service));
            own.removeIf(address -> {
                Optional<String> special = SpecialAddresses.kind(address);
                special.ifPresent(kind -> about.add(new Complaint(
                        "Service",
                        service.name().toString(),
                        "spec.clusterIPs",
                        address + " is a special address (" + kind + "); nothing is served there")));
                NamespacedName owner = oldest(allAddresses.of(address));
                return special.isPresent() || lost(service, owner, "spec.clusterIPs", address.toString(), about);
            });
            List<Service.Port> ports = new ArrayList<>();
            for (int i = 0; i < service.ports().size(); i++) {
                Service.Port port = service.ports().get(i);
                boolean lost = port.nodePort() != 0
                        && !own.isEmpty()
                        && lost(
                                service,
                                oldest(serving(nodePort(port))),
                                "spec.ports[" + i + "].nodePort",
                                "node port " + port.nodePort() + "/" + port.protocol(),
                                about);
                ports.add(lost ? new Service.Port(port.name(), port.protocol(), port.port(), 0) : port);
            }
            return about.isEmpty()
                    ? service
                    : new Service(
                            service.name(),
                            service.created(),
                            service.type(),
                            own,
                            service.externalName(),
                            service.publishNotReadyAddresses(),
                            service.otherProxy(),
                            ports,
                            service.traffic());
        }

        /** The services that claim a node port and keep an address: without an address, nothing is served at their node ports either. */
        private List<NamespacedName> serving(NodePort port) {
            return allNodePorts.of(port).stream()
                    .filter(name -> addresses(services.get(name).orElseThrow()).stream()
                            .anyMatch(address -> SpecialAddresses.kind(address).isEmpty()
                                    && oldest(allAddresses.of(address)).equals(name)))
                    .toList();
        }

        private boolean lost(
                Service service, NamespacedName owner, String field, String what, List<Complaint> complaints) {
            if (owner.equals(service.name())) {
                return false;
            }
            complaints.add(new Complaint(
                    "Service",
                    service.name().toString(),
                    field,
                    what + " belongs to Service " + owner + ", which is older or comes first by name; it leads there"));
            return true;
        }

        private NamespacedName oldest(List<NamespacedName> claimants) {
            return claimants.size() == 1
                    ? claimants.getFirst()
                    : claimants.stream()
                            .min(Comparator.comparingLong((NamespacedName name) ->
                                            services.get(name).orElseThrow().created())
                                    .thenComparing(Comparator.naturalOrder()))
                            .orElseThrow();
        }
    }
}
