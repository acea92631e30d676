package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which service has a virtual address or a node port: the oldest that claims it, then the first by name. A service without an address
 * serves nothing, so it has no node port either. The API server gives each to one service only, but its repair loops may find two services
 * with the same one, and then both objects stay.
 *
 * @param heard services as they were received
 * @param nodesOwn what no service can have
 * @param cut the services that lost something, without it
 * @param granted all services, including these
 * @param complaints about the services that lost something, by object
 */
public record ServiceClaims(
        PersistentMap<NamespacedName, Service> heard,
        NodesOwn nodesOwn,
        Claims<IpAddress, NamespacedName> addresses,
        Claims<NodePort, NamespacedName> nodePorts,
        PersistentMap<NamespacedName, Service> cut,
        PersistentMap<NamespacedName, Service> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    /** A port on every address of the node. */
    public record NodePort(Protocol protocol, int number) {}

    static ServiceClaims none(NodeIdentity identity) {
        return new ServiceClaims(
                PersistentMap.empty(),
                new NodesOwn(identity, NodeClaims.none(identity)),
                Claims.none(),
                Claims.none(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    ServiceClaims next(PersistentMap<NamespacedName, Service> services, NodeClaims nodes) {
        return services == heard && nodes == nodesOwn.nodes()
                ? this
                : new Step(services, new NodesOwn(nodesOwn.identity(), nodes)).run();
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
        private final NodesOwn taken;
        private Claims<IpAddress, NamespacedName> allAddresses = addresses;
        private Claims<NodePort, NamespacedName> allNodePorts = nodePorts;
        private final Set<NamespacedName> affected = new HashSet<>();

        Step(PersistentMap<NamespacedName, Service> services, NodesOwn taken) {
            this.services = services;
            this.taken = taken;
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
            touchedAddresses.addAll(ofNodesThatChanged());
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

        /** Virtual addresses that a node got or lost, or that lie in a block that it got or lost. */
        private List<IpAddress> ofNodesThatChanged() {
            PrefixMap<Boolean> changed = taken.changed(nodesOwn);
            List<IpAddress> inside = new ArrayList<>();
            if (!changed.isEmpty()) {
                Consumer<IpAddress> look = address -> {
                    if (changed.firstOverlapping(Prefix.single(address)).isPresent()) {
                        inside.add(address);
                    }
                };
                allAddresses.sole().forEach((address, _) -> look.accept(address));
                allAddresses.rivals().forEach((address, _) -> look.accept(address));
            }
            return inside;
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
                    services, taken, allAddresses, allNodePorts, allCut, Overlay.of(services, allCut), complaining);
        }

        private Service granted(Service service, List<Complaint> about) {
            List<IpAddress> own = new ArrayList<>(addresses(service));
            own.removeIf(address -> {
                Optional<String> fault = taken.fault(service, address);
                fault.ifPresent(why -> refuse(service, "spec.clusterIPs", address + " " + why, about));
                return fault.isPresent()
                        || lost(service, having(address), "spec.clusterIPs", address.toString(), about);
            });
            List<Service.Port> ports = new ArrayList<>();
            for (int i = 0; i < service.ports().size(); i++) {
                Service.Port port = service.ports().get(i);
                String field = "spec.ports[" + i + "]";
                boolean lost = port.nodePort() != 0 && !own.isEmpty() && lost(service, port, field, about);
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

        private boolean lost(Service service, Service.Port port, String field, List<Complaint> about) {
            String what = "node port " + port.nodePort() + "/" + port.protocol();
            Optional<String> fault = taken.fault(nodePort(port));
            fault.ifPresent(why -> refuse(service, field + ".nodePort", what + " " + why, about));
            return fault.isPresent()
                    || lost(service, oldest(serving(nodePort(port))), field + ".nodePort", what, about);
        }

        private static void refuse(Service service, String field, String what, List<Complaint> about) {
            about.add(new Complaint("Service", service.name().toString(), field, what + "; nothing is served there"));
        }

        /** The service that has an address that at least one can have. */
        private NamespacedName having(IpAddress address) {
            List<NamespacedName> claimants = allAddresses.of(address);
            return claimants.size() == 1
                    ? claimants.getFirst()
                    : oldest(claimants.stream()
                            .filter(name -> canHave(name, address))
                            .toList());
        }

        private boolean canHave(NamespacedName name, IpAddress address) {
            return taken.fault(services.get(name).orElseThrow(), address).isEmpty();
        }

        /** The services that claim a node port and keep an address: without an address, nothing is served at their node ports either. */
        private List<NamespacedName> serving(NodePort port) {
            return allNodePorts.of(port).stream()
                    .filter(name -> addresses(services.get(name).orElseThrow()).stream()
                            .anyMatch(address ->
                                    canHave(name, address) && having(address).equals(name)))
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
