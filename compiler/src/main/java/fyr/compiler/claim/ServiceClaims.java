package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.MapEditor;
import fyr.model.persistent.PersistentMap;
import fyr.model.persistent.PrefixMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which service has a virtual address, an external address or a node port: the oldest that claims it, then the first by name. A service without an address
 * serves nothing, so it has no node port either. The API server gives each to one service only, but its repair loops may find two services
 * with the same one, and then both objects stay.
 *
 * @param heard services as they were received
 * @param nodesOwn what no service can have
 * @param externals who claims an address that others route to the nodes
 * @param cut the services that lost something, without it
 * @param granted all services, including these
 * @param complaints about the services that lost something, by object
 */
public record ServiceClaims(
        PersistentMap<NamespacedName, Service> heard,
        NodesOwn nodesOwn,
        Claims<IpAddress, NamespacedName> addresses,
        Claims<NodePort, NamespacedName> nodePorts,
        Claims<IpAddress, NamespacedName> externals,
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
        if (addresses(service).isEmpty()) {
            return List.of();
        }
        List<NodePort> ports = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            if (port.nodePort() != 0) {
                ports.add(nodePort(port));
            }
        }
        return ports;
    }

    /** A service without virtual addresses is not served at others either. */
    private static List<IpAddress> externals(Service service) {
        if (addresses(service).isEmpty()) {
            return List.of();
        }
        if (service.traffic().externalIps().isEmpty()
                && service.traffic().loadBalancerIps().isEmpty()) {
            return List.of();
        }
        Set<IpAddress> all = new LinkedHashSet<>(service.traffic().externalIps());
        all.addAll(service.traffic().loadBalancerIps());
        return List.copyOf(all);
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
        private Claims<IpAddress, NamespacedName> allExternals = externals;
        private final Set<NamespacedName> affected = new HashSet<>();
        private final Map<IpAddress, Map<NamespacedName, NamespacedName>> rivals = new HashMap<>();

        Step(PersistentMap<NamespacedName, Service> services, NodesOwn taken) {
            this.services = services;
            this.taken = taken;
        }

        ServiceClaims run() {
            Set<IpAddress> touchedAddresses = new HashSet<>();
            Set<NodePort> touchedPorts = new HashSet<>();
            Set<IpAddress> touchedExternals = new HashSet<>();
            ClaimsEditor<IpAddress, NamespacedName> addressesNow = addresses.edit();
            ClaimsEditor<NodePort, NamespacedName> nodePortsNow = nodePorts.edit();
            ClaimsEditor<IpAddress, NamespacedName> externalsNow = externals.edit();
            services.differences(heard, (name, before, after) -> {
                affected.add(name);
                if (before != null) {
                    addresses(before).forEach(address -> addressesNow.remove(address, name));
                    nodePorts(before).forEach(port -> nodePortsNow.remove(port, name));
                    externals(before).forEach(address -> externalsNow.remove(address, name));
                    touchedExternals.addAll(externals(before));
                    touchedAddresses.addAll(addresses(before));
                    touchedPorts.addAll(nodePorts(before));
                }
                if (after != null) {
                    addresses(after).forEach(address -> addressesNow.add(address, name));
                    nodePorts(after).forEach(port -> nodePortsNow.add(port, name));
                    externals(after).forEach(address -> externalsNow.add(address, name));
                    touchedExternals.addAll(externals(after));
                    touchedAddresses.addAll(addresses(after));
                    touchedPorts.addAll(nodePorts(after));
                }
            });
            allAddresses = addressesNow.claims();
            allNodePorts = nodePortsNow.claims();
            allExternals = externalsNow.claims();
            touchedAddresses.addAll(ofNodesThatChanged());
            for (IpAddress address : touchedAddresses) {
                for (NamespacedName name : allAddresses.of(address)) {
                    // Its node ports and external addresses depend on whether it keeps a virtual address.
                    if (affected.add(name)) {
                        touchedPorts.addAll(nodePorts(services.get(name).orElseThrow()));
                        touchedExternals.addAll(externals(services.get(name).orElseThrow()));
                    }
                }
            }
            touchedPorts.forEach(port -> affected.addAll(allNodePorts.of(port)));
            // Nobody has the virtual address of a service as an external one.
            touchedExternals.addAll(touchedAddresses);
            touchedExternals.forEach(address -> affected.addAll(allExternals.of(address)));
            return grant();
        }

        /** Addresses of services that a node got or lost, or that lie in a block that it got or lost. */
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
                allExternals.sole().forEach((address, _) -> look.accept(address));
                allExternals.rivals().forEach((address, _) -> look.accept(address));
            }
            return inside;
        }

        private ServiceClaims grant() {
            MapEditor<NamespacedName, Service> allCut = cut.edit();
            MapEditor<String, List<Complaint>> complaining = complaints.edit();
            for (NamespacedName name : affected) {
                List<Complaint> about = new ArrayList<>();
                Optional<Service> now = services.get(name).map(service -> granted(service, about));
                allCut.set(name, now.filter(_ -> !about.isEmpty()));
                complaining.set(
                        "Service " + name, Optional.of(List.copyOf(about)).filter(list -> !list.isEmpty()));
            }
            PersistentMap<NamespacedName, Service> withLess = allCut.map();
            return new ServiceClaims(
                    services,
                    taken,
                    allAddresses,
                    allNodePorts,
                    allExternals,
                    withLess,
                    Overlay.of(services, withLess),
                    complaining.map());
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
            ServiceTraffic traffic = own.isEmpty() ? service.traffic() : traffic(service, about);
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
                            traffic);
        }

        /** Without the external addresses that it cannot have. */
        private ServiceTraffic traffic(Service service, List<Complaint> about) {
            Set<IpAddress> lost = new HashSet<>();
            for (IpAddress address : externals(service)) {
                String field = service.traffic().externalIps().contains(address)
                        ? "spec.externalIPs"
                        : "status.loadBalancer.ingress";
                external(service, address).ifPresent(why -> {
                    refuse(service, field, address + " " + why, about);
                    lost.add(address);
                });
            }
            return lost.isEmpty() ? service.traffic() : service.traffic().without(lost);
        }

        private Optional<String> external(Service service, IpAddress address) {
            return taken.externalFault(service, address)
                    .or(() -> allAddresses.of(address).stream()
                            .findFirst()
                            .map(owner -> "is the virtual address of Service " + owner))
                    .or(() -> rival(service, address)
                            .map(claimant -> "belongs to Service " + claimant
                                    + ", which has the same port there and is older or comes first by name"));
        }

        private Optional<NamespacedName> rival(Service service, IpAddress address) {
            return Optional.ofNullable(
                    rivals.computeIfAbsent(address, this::rivals).get(service.name()));
        }

        /**
         * Which services lose an external address, and to whom. They may share it if they have different ports there: in the order of their
         * age, each gets the address if all of its ports are still free.
         */
        private Map<NamespacedName, NamespacedName> rivals(IpAddress address) {
            List<NamespacedName> claimants = allExternals.of(address);
            if (claimants.size() == 1) {
                return Map.of();
            }
            Map<NodePort, NamespacedName> owners = new HashMap<>();
            Map<NamespacedName, NamespacedName> losers = new HashMap<>();
            for (NamespacedName name : byAge(claimants)) {
                Service claimant = services.get(name).orElseThrow();
                if (keepsAnAddress(name)
                        && taken.externalFault(claimant, address).isEmpty()) {
                    List<NodePort> ports = claimant.ports().stream()
                            .map(port -> new NodePort(port.protocol(), port.port()))
                            .toList();
                    ports.stream()
                            .filter(owners::containsKey)
                            .findFirst()
                            .ifPresentOrElse(
                                    port -> losers.put(name, owners.get(port)),
                                    () -> ports.forEach(port -> owners.put(port, name)));
                }
            }
            return losers;
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
            return allNodePorts.of(port).stream().filter(this::keepsAnAddress).toList();
        }

        private boolean keepsAnAddress(NamespacedName name) {
            return addresses(services.get(name).orElseThrow()).stream()
                    .anyMatch(
                            address -> canHave(name, address) && having(address).equals(name));
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
                    : byAge(claimants).getFirst();
        }

        private List<NamespacedName> byAge(List<NamespacedName> claimants) {
            return claimants.stream()
                    .sorted(Comparator.comparingLong((NamespacedName name) ->
                                    services.get(name).orElseThrow().created())
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }
}
