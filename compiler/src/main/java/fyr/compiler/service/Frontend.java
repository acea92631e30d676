package fyr.compiler.service;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;

/** Where clients find a port of a service; the protocol is known from elsewhere. */
sealed interface Frontend {

    /** A port of a virtual address. */
    record ClusterIp(IpAddress address, int port) implements Frontend {}

    /** A port of every address of the node, in one family. */
    record NodePort(Family family, int port) implements Frontend {}
}
