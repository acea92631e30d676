package fyr.compiler.service.ipvs;

import fyr.compiler.service.Frontend;

/** The maps that a connection to a frontend is looked up in before IPVS sees it: by kind of frontend, and by where the connection begins. */
enum ServerMaps {
    /** Frontends at an address, for all connections or, if some begin on this node and go elsewhere, for the others. */
    ADDRESS("services", false),
    /** The same for connections that begin on this node, of services that lead them elsewhere than others. */
    ADDRESS_HERE("services-here", true),
    /** Node ports. */
    NODE_PORT("node-ports", false),
    /** Node ports for connections that begin on this node, of services that lead them elsewhere than others. */
    NODE_PORT_HERE("node-ports-here", true);

    private final String name;
    private final boolean here;

    ServerMaps(String name, boolean here) {
        this.name = name;
        this.here = here;
    }

    /** Those for connections to a frontend that begin anywhere, or not on this node. */
    static ServerMaps of(Frontend frontend) {
        return switch (frontend) {
            case Frontend.NodePort _ -> NODE_PORT;
            case Frontend.AtAddress _ -> ADDRESS;
        };
    }

    /** Those for connections that begin on this node, if they go elsewhere. */
    static ServerMaps ofHere(Frontend frontend) {
        return switch (frontend) {
            case Frontend.NodePort _ -> NODE_PORT_HERE;
            case Frontend.AtAddress _ -> ADDRESS_HERE;
        };
    }

    /** Whether they are for connections that begin on this node. */
    boolean isHere() {
        return here;
    }

    /** Whether a key has no address. */
    boolean isNodePort() {
        return this == NODE_PORT || this == NODE_PORT_HERE;
    }

    /** What is dropped, because only endpoints of other nodes could take it. There is no such map for connections that begin on this node. */
    String dropped() {
        return name + "-dropped";
    }

    /** What connections to it are called in rules. */
    String words() {
        return name;
    }

    /** Address and port of the virtual server. */
    String servers() {
        return name + "-servers";
    }

    /** The chain of the lookups in both. */
    String chain() {
        return "lookup-" + name;
    }
}
