package fyr.compiler.service;

import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;

/** Where clients find a port of a service. */
public sealed interface Frontend {

    /** The protocol of its connections. */
    Protocol protocol();

    /** 1 to 65535. */
    int port();

    /** The family of its connections. */
    Family family();

    /** A frontend at an address that is not this node's own, or not only. */
    sealed interface AtAddress extends Frontend {

        /** The destination of its connections. */
        IpAddress address();

        @Override
        default Family family() {
            return address().family();
        }
    }

    /** A port of a virtual address, which belongs to the service as a whole. */
    record ClusterIp(IpAddress address, Protocol protocol, int port) implements AtAddress {}

    /** A port of an address that others route to the nodes; its other ports are not the service's. */
    record ExternalIp(IpAddress address, Protocol protocol, int port) implements AtAddress {}

    /** A port of a load balancer's address; its other ports are not the service's. */
    record LoadBalancerIp(IpAddress address, Protocol protocol, int port) implements AtAddress {}

    /** A port of every address of the node in one family, except loopback. */
    record NodePort(Family family, Protocol protocol, int port) implements Frontend {}
}
