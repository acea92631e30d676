package fyr.model;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * Some of the endpoints of a service, all of one family and with the same ports.
 *
 * @param otherProxy whether its labels tell proxies to ignore it; DNS serves it all the same
 * @param service the service it belongs to (label {@code kubernetes.io/service-name}), in the slice's own namespace
 * @param trigger when its last change was caused, in hundredths of a second since 1970 modulo 2^32, which needs no memory beyond the
 *     object's padding; 0 if unknown
 */
public record EndpointSlice(
        NamespacedName name,
        NamespacedName service,
        boolean otherProxy,
        Family family,
        List<Port> ports,
        List<Endpoint> endpoints,
        int trigger) {

    /** A slice of which nothing is said about the cause of its last change. */
    public EndpointSlice(
            NamespacedName name,
            NamespacedName service,
            boolean otherProxy,
            Family family,
            List<Port> ports,
            List<Endpoint> endpoints) {
        this(name, service, otherProxy, family, ports, endpoints, 0);
    }

    /** A slice that proxies serve. */
    public EndpointSlice(
            NamespacedName name, NamespacedName service, Family family, List<Port> ports, List<Endpoint> endpoints) {
        this(name, service, false, family, ports, endpoints);
    }

    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /** A port of all endpoints of the slice: {@code name} is that of the service's port, the number is the endpoint's own. */
    public record Port(String name, Protocol protocol, int port) {}

    /**
     * One endpoint. What it has in common with others is an object of its own, so that a cluster with many endpoints needs little memory for
     * each.
     *
     * @param addresses of the slice's family; the first one counts (KEP-752 leaves others without meaning)
     */
    public record Endpoint(List<IpAddress> addresses, Traits traits) {

        public Endpoint {
            addresses = List.copyOf(addresses);
        }

        /** An endpoint of an unknown node. */
        public Endpoint(
                List<IpAddress> addresses,
                boolean ready,
                boolean serving,
                boolean terminating,
                Optional<String> hostname) {
            this(addresses, new Traits(ready, serving, terminating, hostname, Locality.unknown()));
        }

        /** Whether it takes new connections. */
        public boolean ready() {
            return traits.ready;
        }

        /** Whether it is terminating but still serving: it keeps its connections, and takes new ones only if no endpoint is ready. */
        public boolean draining() {
            return traits.serving && traits.terminating;
        }

        /** The name that cluster DNS gives it within a headless service. */
        public Optional<String> hostname() {
            return traits.hostname;
        }

        /** Where it runs. */
        public Locality locality() {
            return traits.locality;
        }
    }

    /**
     * All that is said of an endpoint but its addresses. Most endpoints of a node share it.
     *
     * @param ready whether it takes new connections; an absent condition means yes
     * @param serving ready or terminating and still answering
     * @param terminating whether it is being deleted
     * @param hostname the name that cluster DNS gives it within a headless service
     */
    public record Traits(
            boolean ready, boolean serving, boolean terminating, Optional<String> hostname, Locality locality) {}
}
