package fyr.compiler.service;

import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Where flows of one protocol to some services of a table may begin, and where they may end. Whatever kind of frontend an address and port
 * is, its flows look alike.
 */
final class FlowPlaces {

    /** A node port; the protocol is known from elsewhere. */
    private record AtNode(Family family, int port) {}

    private final Set<IpAddress> virtual = new HashSet<>();
    private final Map<Backend, Set<Backend>> atAddresses = new HashMap<>();
    private final Map<AtNode, Set<Backend>> atNode = new HashMap<>();

    private FlowPlaces() {}

    /** With the endpoints that keep their flows. */
    static FlowPlaces of(ServiceTable table, Set<NamespacedName> names, Protocol protocol) {
        return of(table, names, name -> table.serving(name, protocol));
    }

    /** With all endpoints that the services have. */
    static FlowPlaces present(ServiceTable table, Set<NamespacedName> names, Protocol protocol) {
        return of(table, names, name -> table.present(name, protocol));
    }

    private static FlowPlaces of(
            ServiceTable table, Set<NamespacedName> names, Function<NamespacedName, Map<Frontend, Set<Backend>>> ends) {
        FlowPlaces places = new FlowPlaces();
        for (NamespacedName name : names) {
            table.services().get(name).ifPresent(service -> places.virtual.addAll(table.addresses(service)));
            ends.apply(name).forEach(places::add);
        }
        return places;
    }

    private void add(Frontend frontend, Set<Backend> ends) {
        switch (frontend) {
            case Frontend.AtAddress at -> add(atAddresses, new Backend(at.address(), at.port()), ends);
            case Frontend.NodePort at -> add(atNode, new AtNode(at.family(), at.port()), ends);
        }
    }

    private static <P> void add(Map<P, Set<Backend>> places, P place, Set<Backend> ends) {
        places.computeIfAbsent(place, _ -> new HashSet<>()).addAll(ends);
    }

    /** Whether an address and port belongs to these services: every port of a virtual address does. */
    boolean owns(Backend wanted) {
        return virtual.contains(wanted.address()) || atAddresses.containsKey(wanted);
    }

    boolean leads(Backend wanted, Backend end) {
        return atAddresses.getOrDefault(wanted, Set.of()).contains(end);
    }

    boolean hasNodePort(Backend wanted) {
        return atNode.containsKey(atNode(wanted));
    }

    boolean nodePortLeads(Backend wanted, Backend end) {
        return atNode.getOrDefault(atNode(wanted), Set.of()).contains(end);
    }

    private static AtNode atNode(Backend wanted) {
        return new AtNode(wanted.address().family(), wanted.port());
    }

    /** Whether there are any. */
    boolean exist() {
        return !atAddresses.isEmpty() || !atNode.isEmpty();
    }

    /** Whether something led to an endpoint that it does not lead to in the other. */
    boolean leadsBeyond(FlowPlaces other) {
        return leadsBeyond(atAddresses, other.atAddresses) || leadsBeyond(atNode, other.atNode);
    }

    private static <P> boolean leadsBeyond(Map<P, Set<Backend>> places, Map<P, Set<Backend>> others) {
        return places.entrySet().stream()
                .anyMatch(
                        place -> !others.getOrDefault(place.getKey(), Set.of()).containsAll(place.getValue()));
    }

    /** Whether something leads to endpoints but led to none in the other, or did not exist there. */
    boolean beginsAfter(FlowPlaces other) {
        return beginsAfter(atAddresses, other.atAddresses) || beginsAfter(atNode, other.atNode);
    }

    private static <P> boolean beginsAfter(Map<P, Set<Backend>> places, Map<P, Set<Backend>> others) {
        return places.entrySet().stream()
                .anyMatch(place -> !place.getValue().isEmpty()
                        && others.getOrDefault(place.getKey(), Set.of()).isEmpty());
    }
}
