package fyr.compiler.claim;

import fyr.compiler.feature.NodeIdentity;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.SpecialAddresses;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which pod of this node has a host port. A Service has a node port whatever pods claim it, as with kube-proxy, whose rules come before those
 * of the portmap plugin. Of two attachments the first by key has it: CNI ADD refuses the younger one, so that there are two only if their
 * files were copied or damaged.
 *
 * @param identity of this node
 * @param heard attachments, each address once
 * @param services with the node ports that they have
 * @param places who claims which address and port
 * @param numbers who claims a port, at whatever address
 * @param nodePorts which Services have a port as a node port
 * @param cut the attachments that lost a host port, without it
 * @param granted all attachments, including these
 * @param complaints about the pods that lost a host port, by attachment
 */
public record HostPortClaims(
        NodeIdentity identity,
        PersistentMap<String, Attachment> heard,
        PersistentMap<NamespacedName, Service> services,
        Claims<HostPort.Place, String> places,
        Claims<Number, String> numbers,
        Claims<Number, NamespacedName> nodePorts,
        PersistentMap<String, Attachment> cut,
        PersistentMap<String, Attachment> granted,
        PersistentMap<String, List<Complaint>> complaints) {

    /** A port of the node in one family, at whatever address. */
    public record Number(Family family, Protocol protocol, int port) {}

    static HostPortClaims none(NodeIdentity identity) {
        return new HostPortClaims(
                identity,
                PersistentMap.empty(),
                PersistentMap.empty(),
                Claims.none(),
                Claims.none(),
                Claims.none(),
                PersistentMap.empty(),
                PersistentMap.empty(),
                PersistentMap.empty());
    }

    HostPortClaims next(PersistentMap<String, Attachment> attachments, PersistentMap<NamespacedName, Service> all) {
        return attachments == heard && all == services ? this : new Step(attachments, all).run();
    }

    /** The places where a pod can be reached if it gets them. */
    private static List<HostPort.Place> places(Attachment attachment) {
        return attachment.hostPorts().stream()
                .flatMap(port -> port.places().stream())
                .filter(place -> hasAddress(attachment, place.family()))
                .toList();
    }

    private static boolean hasAddress(Attachment attachment, Family family) {
        return attachment.addresses().stream().anyMatch(address -> address.family() == family);
    }

    private static Number number(HostPort.Place place) {
        return new Number(place.family(), place.protocol(), place.port());
    }

    /** Nothing is served at the node ports of a Service without virtual addresses, or of another proxy's. */
    private static List<Number> nodePorts(Service service) {
        if (service.otherProxy()) {
            return List.of();
        }
        return service.ports().stream()
                .filter(port -> port.nodePort() != 0)
                .flatMap(port -> service.clusterIps().stream()
                        .map(address -> new Number(address.family(), port.protocol(), port.nodePort())))
                .distinct()
                .toList();
    }

    /** Moves from one state to another; lives within one call. */
    private final class Step {
        private final PersistentMap<String, Attachment> attachments;
        private final PersistentMap<NamespacedName, Service> allServices;
        private Claims<HostPort.Place, String> allPlaces = places;
        private Claims<Number, String> allNumbers = numbers;
        private Claims<Number, NamespacedName> allNodePorts = nodePorts;

        Step(PersistentMap<String, Attachment> attachments, PersistentMap<NamespacedName, Service> allServices) {
            this.attachments = attachments;
            this.allServices = allServices;
        }

        HostPortClaims run() {
            Set<String> affected = new HashSet<>();
            Set<HostPort.Place> touched = new HashSet<>();
            ClaimsEditor<HostPort.Place, String> placesNow = places.edit();
            ClaimsEditor<Number, String> numbersNow = numbers.edit();
            attachments.differences(heard, (key, before, after) -> {
                affected.add(key);
                Optional.ofNullable(before).map(HostPortClaims::places).stream()
                        .flatMap(List::stream)
                        .forEach(place -> {
                            placesNow.remove(place, key);
                            numbersNow.remove(number(place), key);
                            touched.add(place);
                        });
                Optional.ofNullable(after).map(HostPortClaims::places).stream()
                        .flatMap(List::stream)
                        .forEach(place -> {
                            placesNow.add(place, key);
                            numbersNow.add(number(place), key);
                            touched.add(place);
                        });
            });
            allPlaces = placesNow.claims();
            allNumbers = numbersNow.claims();
            touched.forEach(place -> affected.addAll(allPlaces.of(place)));
            changedNodePorts().forEach(number -> affected.addAll(allNumbers.of(number)));
            return grant(affected);
        }

        private Set<Number> changedNodePorts() {
            Set<Number> changed = new HashSet<>();
            ClaimsEditor<Number, NamespacedName> nodePortsNow = nodePorts.edit();
            allServices.differences(services, (name, before, after) -> {
                Optional.ofNullable(before).map(HostPortClaims::nodePorts).stream()
                        .flatMap(List::stream)
                        .forEach(number -> {
                            nodePortsNow.remove(number, name);
                            changed.add(number);
                        });
                Optional.ofNullable(after).map(HostPortClaims::nodePorts).stream()
                        .flatMap(List::stream)
                        .forEach(number -> {
                            nodePortsNow.add(number, name);
                            changed.add(number);
                        });
            });
            allNodePorts = nodePortsNow.claims();
            return changed;
        }

        private HostPortClaims grant(Set<String> affected) {
            PersistentMap<String, Attachment> allCut = cut;
            PersistentMap<String, List<Complaint>> complaining = complaints;
            for (String key : affected) {
                List<Complaint> about = new ArrayList<>();
                Optional<Attachment> now = attachments.get(key).map(attachment -> granted(key, attachment, about));
                allCut = about.isEmpty() ? allCut.without(key) : allCut.with(key, now.orElseThrow());
                complaining = about.isEmpty() ? complaining.without(key) : complaining.with(key, List.copyOf(about));
            }
            return new HostPortClaims(
                    identity,
                    attachments,
                    allServices,
                    allPlaces,
                    allNumbers,
                    allNodePorts,
                    allCut,
                    Overlay.of(attachments, allCut),
                    complaining);
        }

        private Attachment granted(String key, Attachment attachment, List<Complaint> about) {
            List<HostPort> own = new ArrayList<>();
            for (HostPort port : attachment.hostPorts()) {
                Set<String> faults = new LinkedHashSet<>();
                List<HostPort> kept = new ArrayList<>();
                for (HostPort.Place place : port.places()) {
                    Optional<String> fault = fault(key, attachment, port, place);
                    fault.ifPresentOrElse(faults::add, () -> kept.add(port.in(place.family())));
                }
                faults.remove(""); // a family that the mapping does not ask for by name
                if (faults.isEmpty()) {
                    own.add(port);
                } else {
                    own.addAll(kept);
                    about.add(new Complaint(
                            "Pod",
                            attachment.pod().toString(),
                            "hostPort " + port.nodeEnd(),
                            String.join("; ", faults) + "; it does not lead to this pod there"));
                }
            }
            return about.isEmpty() ? attachment : attachment.withHostPorts(own);
        }

        /** Why a pod cannot have a place; empty text if that needs no word. */
        private Optional<String> fault(String key, Attachment attachment, HostPort port, HostPort.Place place) {
            if (!hasAddress(attachment, place.family())) {
                return Optional.of(
                        port.address().isEmpty() ? "" : "the pod has no address of the family " + place.family());
            }
            return place.address()
                    .flatMap(address -> SpecialAddresses.kind(address)
                            .filter(kind -> !kind.equals("link-local"))
                            .map(kind -> address + " is a special address (" + kind + ")"))
                    .or(() -> tunnel(place))
                    .or(() -> allNodePorts.of(number(place)).stream()
                            .findFirst()
                            .map(name -> place + " is a node port of Service " + name + ", which keeps it"))
                    .or(() -> Stream.of(allPlaces.of(place).getFirst())
                            .filter(owner -> !owner.equals(key))
                            .findFirst()
                            .map(owner -> place + " belongs to Pod "
                                    + attachments.get(owner).orElseThrow().pod() + " (attachment " + owner + ")"));
        }

        private Optional<String> tunnel(HostPort.Place place) {
            return place.protocol() == Protocol.UDP
                            && place.port() == fyr.compiler.routing.Overlay.PORT
                            && identity.overlay() != NodeIdentity.Overlay.DIRECT
                    ? Optional.of(place + " is the port of the tunnel between the nodes")
                    : Optional.empty();
        }
    }
}
