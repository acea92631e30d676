package fyr.compiler.service.cases;

import fyr.model.Protocol;
import java.util.EnumSet;
import java.util.Set;

/**
 * One case: who connects where in which cluster, and what may become of the connection. It holds for both families and these protocols.
 *
 * @param name distinguishes it from the others of its scene
 * @param from whoever connects, with this address of its own
 * @param sticky whether all connections have one and the same outcome, any of the expected ones
 * @param expected everything that may become of a connection, and each does sooner or later
 */
record ServiceCase(
        String name,
        Scene scene,
        Place from,
        Place to,
        int port,
        Set<Protocol> protocols,
        boolean sticky,
        Set<Outcome> expected) {

    /** A case of all protocols. */
    static ServiceCase of(String name, Scene scene, Place from, Place to, int port, Set<Outcome> expected) {
        return new ServiceCase(name, scene, from, to, port, EnumSet.allOf(Protocol.class), false, expected);
    }

    ServiceCase only(Protocol... some) {
        return new ServiceCase(name, scene, from, to, port, Set.of(some), sticky, expected);
    }

    /** The same, in which a client keeps its endpoint. */
    ServiceCase withAffinity() {
        return new ServiceCase(name, scene, from, to, port, protocols, true, expected);
    }

    @Override
    public String toString() {
        return name;
    }
}
